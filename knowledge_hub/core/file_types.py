"""Checks that the content of a file matches its name."""

import zipfile
from typing import IO

from django.core.files import File

# A part that an office file must contain to match its extension.
PACKAGES = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "odp": "content.xml",
    "odt": "content.xml",
}
TEXTS = ("csv", "txt")
LOOKED_AT = 4096


def ending_of(name: str) -> str:
    """File extension in lower case, without its dot."""
    return name.rpartition(".")[2].lower()


def is_pdf(file: IO[bytes]) -> bool:
    """Whether an open file begins as a PDF; readers take up to a kilobyte before that (PDF Reference 1.7, appendix H)."""
    file.seek(0)
    found = b"%PDF-" in file.read(1024)
    file.seek(0)
    return found


def is_what_it_says(file: File) -> bool:
    """Whether the content of an open file matches its extension; unknown extensions match anything."""
    ending = ending_of(file.name or "")
    if ending == "pdf":
        return is_pdf(file)
    if ending in PACKAGES:
        return PACKAGES[ending] in parts_of(file)
    if ending in TEXTS:
        file.seek(0)
        found = b"\0" not in file.read(LOOKED_AT)
        file.seek(0)
        return found
    return True


def parts_of(file: IO[bytes]) -> list[str]:
    """Names of the parts of an office file; empty if it is no ZIP file or damaged."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            return package.namelist()
    except zipfile.BadZipFile:
        return []
    finally:
        file.seek(0)
