"""Makes an uploaded file safe to store; every place where files come in calls it (tests/operations/test_uploads.py lists them)."""

import subprocess
import sys
import threading

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

from knowledge_hub.core import file_types
from knowledge_hub.core.uploads import packages, pictures, virus_scanner
from knowledge_hub.core.uploads.passive_pdf import MAX_PAGES, Answer

MOST_SECONDS = 30
AT_ONCE = threading.BoundedSemaphore(2)
"""PDFs that one web server reads at the same time; each may take a gigabyte."""


def make_safe(upload: File, *, kind: str = "") -> None:
    """Scan an upload and replace its content by a harmless one, in place, so that whoever stores it later stores that.

    PDFs are rewritten without anything that acts, pictures without metadata; office files are looked into. Others stay as they are.

    Args:
        upload: an open file.
        kind: its file type as an extension; by default the one of its name.

    Raises:
        ValidationError: the file is refused; the sentence says why, and what to do.
    """
    virus_scanner.scan(upload)
    kind = kind or file_types.ending_of(upload.name or "")
    if kind == "pdf":
        _make_pdf_passive(upload)
    elif kind in pictures.FORMATS:
        upload.seek(0)
        replace_content(upload, pictures.reencoded(upload.read(), kind))
    elif kind in file_types.PACKAGES:
        packages.check_package(upload)


def replace_content(upload: File, content: bytes) -> None:
    """Write other content into an upload, in memory or in its temporary file."""
    upload.seek(0)
    upload.truncate()
    upload.write(content)
    upload.flush()
    upload.seek(0)
    upload.size = len(content)


def _make_pdf_passive(upload: File) -> None:
    if not file_types.is_pdf(upload):
        raise ValidationError(_("This file is not a PDF. Save or scan it as a PDF and attach that."), code="not_a_pdf")
    upload.seek(0)
    if not AT_ONCE.acquire(timeout=MOST_SECONDS):
        raise ValidationError(_("Many files are being checked just now. Please attach the PDF again in a few minutes."), code="busy")
    try:
        answer, written = _rewritten(upload.read())
    finally:
        AT_ONCE.release()
    upload.seek(0)
    if answer == Answer.REWRITTEN:
        replace_content(upload, written)
    elif answer != Answer.SIGNED:
        raise ValidationError(_sentence(answer), code=answer.name.lower())


def _rewritten(content: bytes) -> tuple[Answer, bytes]:
    command = [sys.executable, "-W", "ignore", "-m", "knowledge_hub.core.uploads.passive_pdf"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=True, timeout=MOST_SECONDS, cwd=settings.BASE_DIR)  # noqa: S603 -- our own module; the file comes by its input
    except subprocess.SubprocessError:
        # Stopped by one of its limits.
        return Answer.TOO_LARGE, b""
    word, _newline, written = done.stdout.partition(b"\n")
    return Answer(word.decode()), written


def _sentence(answer: Answer) -> str:
    return {
        Answer.LOCKED: _("This PDF is locked by a password or against changes. Print it to a new PDF and attach that."),
        Answer.DAMAGED: _("This PDF is damaged and cannot be read. Save or scan it again."),
        Answer.NO_PAGES: _("This PDF has no pages. Save or scan it again."),
        Answer.TOO_MANY_PAGES: _("This PDF has more than %(count)d pages. Attach only those that are needed.") % {"count": MAX_PAGES},
        Answer.TOO_LARGE: _("Reading this PDF needs too much memory or time. Print it to a new PDF and attach that."),
        Answer.ONE_PROGRAM_ONLY: _("The pages of this PDF are drawn by a script that only one program runs. Print it to a new PDF."),
        Answer.SIGNED_AND_ACTIVE: _(
            "This PDF is sealed and holds scripts, actions or other files, which cannot be removed without breaking the seal. "
            "Attach it without them, or print it to a new PDF."
        ),
    }[answer]
