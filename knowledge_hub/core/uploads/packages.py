"""Looks into office files (DOCX, XLSX, PPTX, ODT, ODP): macros, references to other files, embedded programs, and sizes."""

import io
import re
import zipfile
from typing import IO
from urllib.parse import urlsplit
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_PARTS = 10_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_XML = 64 * 1024 * 1024
"""Bytes of one XML part; the longest that offices send need a tenth."""
MAX_SMALL_PART = 4 * 1024 * 1024
"""Bytes of a part that lists types or relationships."""

MACROS = re.compile(r"vbaproject|vbadata|(^|/)(macrosheets|dialogsheets)/|^(basic|scripts|dialogs)/", re.IGNORECASE)
PROGRAMS = re.compile(r"(^|/)(activex|controls)/|oleobject|(^|/)embeddings/.*\.(bin|exe|ole)$", re.IGNORECASE)
OTHER_FILES = re.compile(r"^xl/(externallinks/|connections\.xml|querytables/)", re.IGNORECASE)
EMBEDDED_PACKAGE = re.compile(r"(^|/)embeddings/.*\.(docx|xlsx|pptx)$", re.IGNORECASE)
HARMLESS_SCHEMES = ("http", "https", "mailto")
FIELD_CODE = re.compile(rb"<\w+:instrText[^>]*>([^<]*)<|\bw:instr=\"([^\"]*)\"")
FIELDS_WITH_FILES = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT)\b", re.IGNORECASE)


class _Unsafe(Exception):
    """The package holds something that is not taken; ``str()`` is the sentence."""


def check_package(file: IO[bytes]) -> None:
    """Refuse an office file that holds more than text, pictures and links to web pages.

    Charts of slides contain their data as small spreadsheets; these are looked into as well.

    Raises:
        ValidationError: it has macros, embedded programs or references to other files, is locked, damaged, or unpacks to a giant;
            the sentence says which, and what to do.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            _check(package, depth=0)
    except _Unsafe as reason:
        raise ValidationError(str(reason), code="unsafe") from None
    # What zipfile and expat raise for damaged files; NotImplementedError is a way of packing that no office uses.
    except (zipfile.BadZipFile, expat.ExpatError, OSError, EOFError, ValueError, KeyError, NotImplementedError, RuntimeError) as error:
        raise ValidationError(_("This file is damaged. Save it again, for example as PDF."), code="damaged") from error
    finally:
        file.seek(0)


def _check(package: zipfile.ZipFile, *, depth: int) -> None:
    parts = package.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise _Unsafe(_("This file is locked with a password. Save it without one."))
    xml = max((part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels"))), default=0)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED or xml > MAX_XML:
        raise _Unsafe(_("This file unpacks to far more than such files need. Save it as PDF."))
    if len(set(names)) < len(names):
        raise zipfile.BadZipFile("two parts have one name")
    for forbidden, sentence in ((MACROS, _macros), (PROGRAMS, _programs), (OTHER_FILES, _other_files)):
        if any(forbidden.search(name) for name in names):
            raise _Unsafe(sentence())
    for name in names:
        _check_part(package, name, depth)


def _check_part(package: zipfile.ZipFile, name: str, depth: int) -> None:
    low = name.lower()
    if low.endswith(".rels"):
        _check_relationships(_read(package, name))
    elif low in ("[content_types].xml", "meta-inf/manifest.xml"):
        _check_types(_read(package, name))
    elif low.startswith("word/") and low.endswith(".xml"):
        _check_fields(package.read(name))
    elif low == "content.xml":
        _check_open_document(package.read(name))
    elif EMBEDDED_PACKAGE.search(name):
        if depth:
            raise _Unsafe(_programs())
        with zipfile.ZipFile(io.BytesIO(package.read(name))) as inner:
            _check(inner, depth=depth + 1)


def _macros() -> str:
    return _("This file holds macros. Save it again without macros, for example as PDF.")


def _programs() -> str:
    return _("This file holds other files or programs (OLE). Insert them as pictures, or save it as PDF.")


def _other_files() -> str:
    return _("This file refers to other files: a template, a linked picture or the cells of another workbook. Save it as PDF.")


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > MAX_SMALL_PART:
        raise _Unsafe(_("This file unpacks to far more than such files need. Save it as PDF."))
    return package.read(name)


def _elements(xml: bytes) -> list[dict[str, str]]:
    """The attributes of all elements. A document type is refused: no office writes one, and entities can expand to gigabytes."""
    found: list[dict[str, str]] = []

    def refuse(*args: object) -> None:
        raise zipfile.BadZipFile("a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append(attributes)
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(xml, True)
    return found


def _check_relationships(xml: bytes) -> None:
    for one in _elements(xml):
        kind = one.get("Type", "").rpartition("/")[2].lower()
        if kind in ("oleobject", "control", "activexcontrolbinary", "vbaproject"):
            raise _Unsafe(_programs())
        if one.get("TargetMode", "").lower() != "external":
            continue
        if kind != "hyperlink" or not _is_harmless(one.get("Target", "")):
            raise _Unsafe(_other_files())


def _is_harmless(address: str) -> bool:
    try:
        return urlsplit(address.strip()).scheme.lower() in HARMLESS_SCHEMES or address.startswith("#")
    except ValueError:
        return False


def _check_types(xml: bytes) -> None:
    for one in _elements(xml):
        kind = " ".join(one.values()).lower()
        if "macroenabled" in kind or "vbaproject" in kind:
            raise _Unsafe(_macros())
        if "oleobject" in kind:
            raise _Unsafe(_programs())


def _check_fields(xml: bytes) -> None:
    """Refuse fields of a Word file that fetch other files. A field's code may be cut into several pieces, so they are joined first."""
    code = b"".join(first or b" " + second for first, second in FIELD_CODE.findall(xml))
    if FIELDS_WITH_FILES.search(code):
        raise _Unsafe(_other_files())


def _check_open_document(xml: bytes) -> None:
    for one in _elements(xml):
        if "script:event-name" in one or "script:language" in one:
            raise _Unsafe(_macros())
        address = one.get("xlink:href", "")
        if urlsplit(address).scheme and not _is_harmless(address):
            raise _Unsafe(_other_files())
