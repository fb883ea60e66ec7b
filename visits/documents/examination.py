"""Examines a stranger's file in a process of its own: a PDF can be made to unpack without end, and the web process stays small.

The one who asks loads nothing; the other process loads pyHanko, with limits on its memory and time.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings

MOST_SECONDS = 20


@dataclass(frozen=True)
class Examination:
    """What was found in a file.

    Attributes:
        is_pdf: whether it can be read as one.
        signatures: how many.
        intact: every signature fits the bytes that it covers.
        whole: the last signature covers the entire file, so that nothing was appended after it.
        stamped_at: when a time-stamp authority saw the last signature, as ISO 8601; empty where none did.
    """

    is_pdf: bool
    signatures: int = 0
    intact: bool = False
    whole: bool = False
    stamped_at: str = ""

    @property
    def is_sealed(self) -> bool:
        """Nothing was changed, nothing appended. Whose seal it is, the register tells by the file's hash."""
        return self.signatures > 0 and self.intact and self.whole


def examine_apart(pdf: bytes) -> Examination:
    """As :func:`visits.documents.signing.reading.examine`; a file that needs more than a certificate does is no certificate."""
    command = [sys.executable, "-W", "ignore", "-m", "visits.documents.signing.reading"]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=MOST_SECONDS, cwd=settings.BASE_DIR)  # noqa: S603 -- our own module; the file comes by its input
    except subprocess.SubprocessError:
        return Examination(is_pdf=False)
    return Examination(**json.loads(done.stdout))
