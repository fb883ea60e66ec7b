"""Rewrites a PDF without anything that acts, in a process with limits of memory and time:

    python -m knowledge_hub.core.uploads.passive_pdf < file > answer

The file may be malicious. The answer is a line with one of the words of Answer, and after REWRITTEN the new file. Settings and database
are not loaded.
"""

import io
import re
import resource
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, StreamDecodeLevel

MEMORY = 1024 * 1024 * 1024
MAX_UNPACKED_STREAM = 128 * 1024 * 1024
"""Bytes of a stream that must be unpacked to read the file; those of pages and pictures stay packed."""
CPU_SECONDS = 20
MAX_PAGES = 1000
MAX_OBJECTS = 100_000

Container: TypeAlias = Dictionary | Stream

TRAILER = ("/Root", "/Info", "/ID", "/Size")
"""Entries of the trailer that are kept."""

FORBIDDEN_KEYS = (
    # Scripts and actions.
    *("/AA", "/JavaScript", "/JS", "/XFA", "/URLS", "/PA"),
    # Embedded files, and what refers to files outside.
    *("/EmbeddedFiles", "/EF", "/AF", "/Collection", "/OPI", "/Ref", "/SpiderInfo"),
    # Programs and media inside of pages.
    *("/RichMediaContent", "/RichMediaSettings", "/Renditions", "/3DD", "/3DV", "/Movie", "/Sound"),
)
RESOURCE_TYPES = ("/Font", "/XObject", "/ExtGState", "/Pattern")
"""Names in a page's resources are free: a font may be named /AF. It is kept; an action in its place is emptied by its own type."""
FORBIDDEN_ACTIONS = {
    *("/JavaScript", "/Launch", "/GoToR", "/GoToE", "/GoToDp", "/SubmitForm", "/ImportData", "/ResetForm", "/Thread"),
    *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView", "/Hide", "/SetOCGState"),
}
ACTION_KEYS = ("/A", "/Next", "/OpenAction")
WATCHED_KEYS = {*FORBIDDEN_KEYS, *ACTION_KEYS, "/S", "/F", "/FFilter", "/FDecodeParms", "/Annots", "/ByteRange"}
HARMLESS_ACTIONS = {"/GoTo", "/Named", "/URI"}
ACTIVE_ANNOTATIONS = {"/FileAttachment", "/Movie", "/Sound", "/Screen", "/RichMedia", "/3D", "/Projection"}
HARMLESS_ADDRESS = re.compile(rb"\s*(https?://|mailto:)", re.IGNORECASE)


class Answer(StrEnum):
    """What was done, or why the file is refused."""

    REWRITTEN = "rewritten"
    SIGNED = "signed"
    """It is signed and nothing in it acts: it stays as it is, because a rewritten file has no valid signature."""
    SIGNED_AND_ACTIVE = "signed and active"
    LOCKED = "locked"
    DAMAGED = "damaged"
    NO_PAGES = "no pages"
    TOO_MANY_PAGES = "too many pages"
    TOO_LARGE = "too large"
    ONE_PROGRAM_ONLY = "one program only"
    """Its pages are drawn by a script (XFA); without it, they only say “please wait”."""


def rewrite(content: bytes) -> tuple[Answer, bytes]:
    """The answer, and the passive PDF if it was rewritten. Raises no exception for any content."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _rewrite(pdf, content)
    except pikepdf.PasswordError:
        return Answer.LOCKED, b""
    except MemoryError:
        return Answer.TOO_LARGE, b""
    # What pikepdf raises for damaged structures.
    except (pikepdf.PdfError, pikepdf.PikepdfError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return Answer.DAMAGED, b""


def _rewrite(pdf: Pdf, content: bytes) -> tuple[Answer, bytes]:
    if pdf.is_encrypted:
        return Answer.LOCKED, b""
    if not len(pdf.pages):
        return Answer.NO_PAGES, b""
    if len(pdf.pages) > MAX_PAGES:
        return Answer.TOO_MANY_PAGES, b""
    if len(pdf.objects) > MAX_OBJECTS:
        return Answer.TOO_LARGE, b""
    if pdf.Root.get("/NeedsRendering", False):
        return Answer.ONE_PROGRAM_ONLY, b""
    watched = list(_containers(pdf))
    is_signed = any("/ByteRange" in one and "/Contents" in one for one in watched)
    removed = _make_passive(pdf, watched)
    if is_signed and removed:
        return Answer.SIGNED_AND_ACTIVE, b""
    if is_signed and content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF"):
        return Answer.SIGNED, b""
    for key in set(pdf.trailer.keys()) - set(TRAILER):
        del pdf.trailer[key]
    written = io.BytesIO()
    # Streams are not decoded, so one that unpacks to gigabytes does no harm.
    pdf.save(written, stream_decode_level=StreamDecodeLevel.none, object_stream_mode=ObjectStreamMode.generate)
    return Answer.REWRITTEN, written.getvalue()


def _make_passive(pdf: Pdf, watched: list[Container]) -> int:
    """Remove everything that acts: scripts, actions, embedded files and media, references to other files.

    Every object of the file is looked at, not only the places where readers expect an action. Links within the file and to web and
    mail addresses are kept.

    Returns:
        How many entries were removed.
    """
    removed = sum(_clean(one) for one in watched)
    if "/URI" in pdf.Root:
        # The address that relative links are completed with.
        del pdf.Root["/URI"]
        removed += 1
    return removed


def _containers(pdf: Pdf) -> Iterator[Container]:
    """All dictionaries and streams of the file that have one of WATCHED_KEYS, also those inside of others."""
    for indirect in pdf.objects:
        waiting: list[Object] = [indirect]
        while waiting:
            one = waiting.pop()
            if isinstance(one, Dictionary | Stream):
                keys = set(one.keys())
                # Every look into the file costs; most dictionaries have nothing of interest.
                if not keys.isdisjoint(WATCHED_KEYS):
                    yield one
                waiting += _direct(one.get(key) for key in keys)
            elif isinstance(one, Array):
                waiting += _direct(one)


def _direct(values: Iterable[Object | None]) -> list[Object]:
    """Those dictionaries and arrays that have no number of their own, so that they are not in the list of the file's objects."""
    return [value for value in values if isinstance(value, Dictionary | Array) and not value.is_indirect]


def _clean(one: Container) -> int:
    """Remove what acts from one dictionary or stream; returns how many entries were removed."""
    if isinstance(one, Dictionary) and _is_forbidden_action(one):
        keys = list(one.keys())
    else:
        keys = [key for key in FORBIDDEN_KEYS if key in one and not _is_resource(one.get(key))]
        keys += [key for key in ACTION_KEYS if key in one and not _is_harmless(one.get(key))]
    if isinstance(one, Stream):
        # A stream whose content is another file.
        keys += [key for key in ("/F", "/FFilter", "/FDecodeParms") if key in one]
    for key in keys:
        del one[key]
    return len(keys) + _clean_annotations(one)


def _clean_annotations(one: Container) -> int:
    annotations = one.get("/Annots")
    if not isinstance(annotations, Array):
        return 0
    kept = [each for each in annotations if not (isinstance(each, Dictionary) and str(each.get("/Subtype")) in ACTIVE_ANNOTATIONS)]
    removed = len(annotations) - len(kept)
    if removed:
        one["/Annots"] = Array(kept)
    return removed


def _is_forbidden_action(one: Dictionary) -> bool:
    kind = one.get("/S")
    if not isinstance(kind, Name):
        return False
    return str(kind) in FORBIDDEN_ACTIONS or (str(kind) == "/URI" and not _is_harmless_address(one.get("/URI")))


def _is_harmless(action: object) -> bool:
    """Whether the value of a key for actions is none, or only moves to a page or a web address."""
    if isinstance(action, Array):
        return all(_is_harmless(one) for one in action)
    if not isinstance(action, Dictionary) or "/S" not in action:
        return not isinstance(action, Stream)
    return str(action.get("/S")) in HARMLESS_ACTIONS


def _is_harmless_address(address: object) -> bool:
    return isinstance(address, pikepdf.String) and bool(HARMLESS_ADDRESS.match(bytes(address)))


def _is_resource(value: object) -> bool:
    return isinstance(value, Dictionary | Stream) and str(value.get("/Type")) in RESOURCE_TYPES


def main() -> None:
    """Rewrite standard input with limits of memory and time; the answer goes to standard output."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    pikepdf.settings.set_qpdf_limits(flate_max_memory=MAX_UNPACKED_STREAM, run_length_max_memory=MAX_UNPACKED_STREAM)
    answer, written = rewrite(sys.stdin.buffer.read())
    sys.stdout.buffer.write(answer.encode() + b"\n" + written)


if __name__ == "__main__":
    main()
