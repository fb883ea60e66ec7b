"""Reads the text of one PDF or Word file. Runs in a process of its own, whose memory and time are limited before anything is read:

    python -m knowledge_hub.search.files.read_file pdf < file

What comes in may be hostile; what goes out is one line of JSON. Nothing of the site is loaded here: no settings, no database.
"""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 40
MAX_BYTES = 25 * 1024 * 1024
# What a Word file may become when it is unpacked.
MAX_UNPACKED = 120 * 1024 * 1024
MAX_PAGES = 400
MAX_CHARACTERS = 150_000
PAGE_BREAK = "\f"


class UnreadableError(Exception):
    """The file can't be read; says why in one of the words of PROBLEMS."""


PROBLEMS = ("password", "too_large", "damaged")


def limit() -> None:
    """Bound this process: its memory, its computing time; it can neither write a file nor start another process."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def pdf_pages(data: bytes) -> Iterator[str]:
    """The text of each page.

    Raises:
        UnreadableError: it is locked with a password.
    """
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError("password")
    for page in reader.pages:
        yield page.extract_text()


def docx_pages(data: bytes) -> Iterator[str]:
    """The text as one page: a Word file does not know where its pages end.

    Raises:
        UnreadableError: it would be too large unpacked.
    """
    from docx import Document

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
            raise UnreadableError("too_large")
    yield "\n".join(_texts(Document(io.BytesIO(data))))


def _texts(container: Any) -> Iterator[str]:
    """Paragraphs and cells in the order of the document; tables in cells are read too."""
    for item in container.iter_inner_content():
        if hasattr(item, "rows"):
            for row in item.rows:
                for cell in row.cells:
                    yield from _texts(cell)
        else:
            yield item.text


READERS = {"pdf": pdf_pages, "docx": docx_pages}


def read(kind: str, data: bytes) -> dict:
    """The text of a file.

    Args:
        kind: a key of READERS.
        data: the file.

    Returns:
        ``text``, with a form feed after each page but the last, and ``pages``, how many were read; or ``problem``, one of PROBLEMS.
    """
    if len(data) > MAX_BYTES:
        return {"problem": "too_large"}
    pages, room = [], MAX_CHARACTERS
    try:
        for page in READERS[kind](data):
            pages.append(page.replace(PAGE_BREAK, " ").replace("\x00", " ")[:room])
            room -= len(pages[-1])
            if room <= 0 or len(pages) >= MAX_PAGES:
                break
    except UnreadableError as error:
        return {"problem": str(error)}
    except MemoryError:
        return {"problem": "too_large"}
    except Exception:  # noqa: BLE001 -- a damaged file fails anywhere in the libraries that read it, with any error; here it ends
        return {"problem": "damaged"}
    return {"text": PAGE_BREAK.join(pages), "pages": len(pages)}


def main() -> None:
    """Read standard input as the kind that the only argument names."""
    limit()
    answer = json.dumps(read(sys.argv[1], sys.stdin.buffer.read(MAX_BYTES + 1)))
    sys.stdout.write(answer)


if __name__ == "__main__":
    main()
