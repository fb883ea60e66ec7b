"""Reads the text of one PDF or Word file in a process with limits of memory and time:

    python -m knowledge_hub.search.files.read_file pdf < file

The file may be malicious. The output is one line of JSON. Settings and database are not loaded.
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
# Maximum unpacked size of a Word file.
MAX_UNPACKED = 120 * 1024 * 1024
MAX_PAGES = 400
MAX_CHARACTERS = 150_000
PAGE_BREAK = "\f"


class UnreadableError(Exception):
    """The file cannot be read; the text is one of PROBLEMS."""


PROBLEMS = ("password", "too_large", "damaged")


def limit() -> None:
    """Limit memory and CPU time of this process, and forbid writing files and starting processes."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def pdf_pages(data: bytes) -> Iterator[str]:
    """Text of each page.

    Raises:
        UnreadableError: the file needs a password.
    """
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError("password")
    for page in reader.pages:
        yield page.extract_text()


def docx_pages(data: bytes) -> Iterator[str]:
    """Text as a single page, because Word files do not contain page breaks.

    Raises:
        UnreadableError: the unpacked file is too large.
    """
    from docx import Document

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
            raise UnreadableError("too_large")
    yield "\n".join(_texts(Document(io.BytesIO(data))))


def _texts(container: Any) -> Iterator[str]:
    """Paragraphs and cells in document order, including tables in cells."""
    for item in container.iter_inner_content():
        if hasattr(item, "rows"):
            for row in item.rows:
                for cell in row.cells:
                    yield from _texts(cell)
        else:
            yield item.text


READERS = {"pdf": pdf_pages, "docx": docx_pages}


def read(kind: str, data: bytes) -> dict:
    """Text of a file.

    Args:
        kind: a key of READERS.
        data: the file.

    Returns:
        ``text``, with form feeds between pages, and ``pages``, the number of pages read; or ``problem``, one of PROBLEMS.
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
    """Read a file from standard input; the kind is the only argument."""
    limit()
    answer = json.dumps(read(sys.argv[1], sys.stdin.buffer.read(MAX_BYTES + 1)))
    sys.stdout.write(answer)


if __name__ == "__main__":
    main()
