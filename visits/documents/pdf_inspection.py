"""Inspects uploaded files in a separate process, because a malicious PDF can decompress to any size.

The web process loads nothing; the separate process loads pyHanko, with limits on memory and time.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings

MOST_SECONDS = 20


@dataclass(frozen=True)
class PdfInspection:
    """The result of an inspection.

    Attributes:
        is_pdf: whether the file can be read as a PDF.
        signatures: number of signatures.
        intact: whether every signature matches the bytes that it covers.
        whole: whether the last signature covers the entire file, so that nothing was appended after it.
        stamped_at: time of the last signature by a time-stamp authority, as ISO 8601; empty without a time stamp.
    """

    is_pdf: bool
    signatures: int = 0
    intact: bool = False
    whole: bool = False
    stamped_at: str = ""

    @property
    def is_sealed(self) -> bool:
        """Whether nothing was changed or appended. The register of certificates knows by the file's hash whose seal it is."""
        return self.signatures > 0 and self.intact and self.whole


def inspect_in_subprocess(pdf: bytes) -> PdfInspection:
    """Like :func:`visits.documents.signing.reading.inspect`; a file that exceeds the limits is reported as no PDF."""
    command = [sys.executable, "-W", "ignore", "-m", "visits.documents.signing.reading"]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=MOST_SECONDS, cwd=settings.BASE_DIR)  # noqa: S603 -- our own module; the file comes by its input
    except subprocess.SubprocessError:
        return PdfInspection(is_pdf=False)
    return PdfInspection(**json.loads(done.stdout))
