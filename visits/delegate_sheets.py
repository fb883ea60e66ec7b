"""Reads lists of delegates: XLSX or CSV, with varying headers and all usual encodings. Nothing is saved here.

The only module of visits that imports openpyxl.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from knowledge_hub.core.uploads import virus_scanner
from knowledge_hub.core.uploads.packages import check_package
from visits.domain.delegates import FIELDS, DelegateRow, RowError

MAX_ROWS = 1000
"""Many more than the largest group; further rows are not read."""

EXACT_NUMBERS = 10**15
"""Spreadsheets keep fifteen digits of a number; a NIP has eighteen."""

HEADER_WITHIN = 15
MAX_COLUMNS = 40
MAX_LINES = 5000
"""Limit of filled and empty lines. Lists with formatted lines far below the names are common; a million of them is not."""

MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_XML_BYTES = 6 * 1024 * 1024
"""Limit of a part of the file that is read at once; a thousand people need less than one megabyte."""

_HEADERS = {
    "name": ("nama", "namalengkap", "namalengkapdangelar", "namadangelar", "namagelar", "namadelegasi", "namapeserta", "name", "fullname"),
    "position": ("jabatan", "posisi", "position", "title", "jobtitle"),
    "unit": ("unit", "unitkerja", "instansi", "unitinstansi", "organisasi", "opd", "skpd", "dinas", "asal", "organisation", "organization"),
    "rank": ("pangkat", "golongan", "pangkatgolongan", "pangkatgol", "gol", "golruang", "pangkatgolruang", "rank", "grade", "rankandgrade"),
    "nip": ("nip", "nomorindukpegawai", "nipnrp", "nrpnip"),
    "needs": ("kebutuhankhusus", "disabilitas", "difabel", "aksesibilitas", "alergi", "specialneeds", "accessibility"),
}
_FIELD_OF = {header: field for field, headers in _HEADERS.items() for header in headers}
_BEGINNINGS = (
    ("namalengkap", "name"),
    ("namadan", "name"),
    ("fullname", "name"),
    ("jabatan", "position"),
    ("pangkat", "rank"),
    ("instansi", "unit"),
    ("unitkerja", "unit"),
    ("keb", "needs"),
    ("needs", "needs"),
    ("disab", "needs"),
    ("penyandang", "needs"),
    ("pantangan", "needs"),
    ("nip", "nip"),
)
"""First letters of longer headings, for example “Nama lengkap (sesuai KTP)”."""
TEMPLATE_FIELDS = ("name", "position", "unit", "rank", "nip", "needs")
TEMPLATE_HEADERS = {
    "id": ("Nama lengkap dan gelar", "Jabatan", "Instansi", "Pangkat/golongan", "NIP (jika ada)", "Kebutuhan khusus"),
    "en": ("Full name", "Position", "Organisation", "Rank and grade", "NIP (if any)", "Special needs"),
}


class SpreadsheetRefused(Exception):
    """The file as a whole cannot be read; ``str()`` is a sentence that says what to do."""


@dataclass(frozen=True)
class DelegateSheet:
    """The rows of a list, numbered as in the file, errors of cells, and the headings of ignored columns."""

    rows: list[DelegateRow]
    errors: list[RowError]
    ignored_columns: list[str]


@dataclass(frozen=True)
class _Formula:
    """A cell with a formula; its stored value may be outdated, missing or an error."""

    cell: str


def _computed(column: int, row: int) -> _Formula:
    return _Formula(f"{get_column_letter(column)}{row}")


def read_delegates(upload: UploadedFile) -> DelegateSheet:
    """Read a list of delegates.

    Raises:
        SpreadsheetRefused: too large, infected, not a spreadsheet, with macros or links to other files, too many rows, or without
            a column for names.
    """
    if upload.size > settings.VISIT_DELEGATES_MAX_BYTES:
        limit = settings.VISIT_DELEGATES_MAX_BYTES // 1024 // 1024
        raise SpreadsheetRefused(_("The file is larger than %(limit)d MB. Send only the list of names.") % {"limit": limit})
    try:
        virus_scanner.scan(upload)
    except ValidationError as error:
        raise SpreadsheetRefused(error.messages[0]) from error
    upload.seek(0)
    content = upload.read()
    if not content.strip():
        raise SpreadsheetRefused(_("The file is empty. Fill in our template and attach it."))
    if content.startswith(b"PK"):
        return _delegates(_xlsx_rows(content))
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\xff\xd8", b"\x89PNG")):
        raise SpreadsheetRefused(
            _("This is not an XLSX or CSV file (old Excel files, locked files, PDF and pictures cannot be read). Save the list as XLSX.")
        )
    return _delegates(_csv_rows(content))


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if any("vbaproject" in part.filename.lower() for part in parts):
                raise SpreadsheetRefused(_("This file holds macros. Save it as XLSX without macros and attach that."))
            largest = max((part.file_size for part in parts if part.filename.lower().endswith(".xml")), default=0)
            if largest > MAX_XML_BYTES or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise SpreadsheetRefused(_("This file is far larger than a list of names. Copy the names into our template."))
        check_package(io.BytesIO(content))
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = next((sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"), None)
        if sheet is None:
            raise SpreadsheetRefused(_("This file has no sheet. Copy the names into our template."))
        for number, cells in enumerate(sheet.iter_rows(max_row=MAX_LINES + 1, max_col=MAX_COLUMNS), start=1):
            yield (
                number,
                [_computed(i, number) if c.data_type in ("f", "e") else c.value for i, c in enumerate(cells, start=1)],
            )
    except ValidationError as error:
        raise SpreadsheetRefused(
            _("This file holds more than a list: programs or links to other files. Copy the names into our template.")
        ) from error
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError, SyntaxError, OSError) as error:
        # SyntaxError is what XML parsers raise for XML that is not well formed.
        raise SpreadsheetRefused(_("This file is damaged or not a spreadsheet. Copy the names into our template.")) from error


def _csv_rows(content: bytes) -> Iterator[tuple[int, list]]:
    text = _decoded(content)
    if "\0" in text:
        raise SpreadsheetRefused(_("This file is not a list of names. Save the list as XLSX or CSV."))
    head = "\n".join(text.splitlines()[:HEADER_WITHIN])
    delimiter = max((";", ",", "\t", "|"), key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            number = reader.line_num
            yield number, [_computed(i, number) if cell.startswith(("=", "@")) else cell for i, cell in enumerate(row[:MAX_COLUMNS], 1)]
    except csv.Error as error:
        raise SpreadsheetRefused(_("This CSV file cannot be read. Save the list as XLSX.")) from error


def _decoded(content: bytes) -> str:
    """Decode a CSV file: the encodings of Excel and others; Windows-1252 if it is not valid UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _folded(header: object) -> str:
    return "".join(letter for letter in str(header or "").casefold() if letter.isalnum())


def _field_of(header: str) -> str | None:
    return _FIELD_OF.get(header) or next((field for beginning, field in _BEGINNINGS if header.startswith(beginning)), None)


def _columns(cells: list) -> dict[int, str]:
    """The field of each column if this row is a row of headers; otherwise empty."""
    columns: dict[int, str] = {}
    for position, cell in enumerate(cells):
        field = _field_of(_folded(cell))
        if field and field not in columns.values():
            columns[position] = field
    return columns if "name" in columns.values() else {}


def _text(value: object) -> str:
    """A cell as text on one line; 7.0 becomes "7"."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(value)).split())


def _problem(cell: object, field: str) -> str:
    """A sentence that says why a cell cannot be used and what to do; empty if it can."""
    if isinstance(cell, _Formula):
        return _("Cell %(cell)s holds a formula. Type the text itself.") % {"cell": cell.cell}
    if field == "nip" and isinstance(cell, int | float) and abs(cell) >= EXACT_NUMBERS:
        return _("The spreadsheet has cut the last digits of this NIP. Format the column as text and type it again.")
    return ""


def _not_endless(rows: Iterable[tuple[int, list]]) -> Iterator[tuple[int, list]]:
    for number, cells in rows:
        if number > MAX_LINES:
            raise SpreadsheetRefused(_("The file has more than %(count)d lines. Copy the names into our template.") % {"count": MAX_LINES})
        yield number, cells


def _delegates(rows: Iterable[tuple[int, list]]) -> DelegateSheet:
    columns: dict[int, str] = {}
    ignored: list[str] = []
    found: list[DelegateRow] = []
    errors: list[RowError] = []
    for number, cells in _not_endless(rows):
        if not columns:
            columns = _columns(cells)
            ignored = [_text(cell) for i, cell in enumerate(cells) if columns and i not in columns and _text(cell)]
            if not columns and number >= HEADER_WITHIN:
                break
            continue
        values = dict.fromkeys(FIELDS, "")
        for position, field in columns.items():
            cell = cells[position] if position < len(cells) else None
            if problem := _problem(cell, field):
                errors.append(RowError(number, field, problem))
            else:
                values[field] = _text(cell)
        if not any(values.values()) and not any(error.row == number for error in errors):
            continue
        if len(found) == MAX_ROWS:
            raise SpreadsheetRefused(_("The list has more than %(count)d rows. Send only your delegation.") % {"count": MAX_ROWS})
        found.append(DelegateRow(number, **values))
    if not columns:
        raise SpreadsheetRefused(_("No column “Nama” was found in the first rows. Use our template, or name the column so."))
    if not found:
        raise SpreadsheetRefused(_("The list has a heading but no names. Fill in our template and attach it."))
    return DelegateSheet(found, errors, ignored)


def template(language: str) -> bytes:
    """The empty spreadsheet for guests, with headings in a language (``id`` or ``en``)."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Delegasi" if language == "id" else "Delegates"
    sheet.append(TEMPLATE_HEADERS.get(language, TEMPLATE_HEADERS["id"]))
    for position, width in enumerate((38, 32, 34, 20, 24, 34), start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
        cell = sheet.cell(1, position)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    nip = get_column_letter(TEMPLATE_FIELDS.index("nip") + 1)
    for row in range(2, MAX_ROWS + 2):
        # As text, so that no digit is lost.
        sheet[f"{nip}{row}"].number_format = "@"
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
