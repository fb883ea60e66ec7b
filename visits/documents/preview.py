"""Previews of certificates while staff edit a template, and of office papers before they are made; drawn by a separate process.

Drawing needs 100 MiB, which the web process should not load. The process starts with the first preview and then needs less than a
tenth of a second for each. It ends after ten minutes without a request, or when its parent ends.
"""

import base64
import datetime as dt
import json
import select
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict

from django.conf import settings
from django.utils.translation import gettext as _

from knowledge_hub.papers import Paper, PaperRefused, Sheet

IDLE_SECONDS = 600
MOST_SECONDS = 30
# The first preview of a process loads its libraries, which takes three seconds, and much longer on a busy machine.
MOST_SECONDS_AT_FIRST = 180
MOST_MEMORY = 1024 * 1024 * 1024
ADDRESS = "https://contoh.invalid/v/CONTOHCONTOHCONTOHCO"


class WarmProcess:
    """A drawing process, started when needed and restarted if it has ended; threads use it one after the other."""

    def __init__(self):
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._has_answered = False

    def draw(self, snapshot: dict) -> bytes:
        """The certificate of a snapshot as PDF, with an example address in its code.

        Raises:
            PaperRefused: it cannot be drawn; the text says why.
        """
        return self._drawn({"snapshot": snapshot})

    def draw_paper(self, paper: Paper, sheet: Sheet) -> bytes:
        """A paper without marks or attachment as PDF.

        Raises:
            PaperRefused: it cannot be drawn; the text says why.
        """
        values = {name: getattr(paper, name) for name in ("body", "title", "language", "author", "subject")}
        created = paper.created.isoformat() if paper.created else None
        return self._drawn({"paper": {**values, "created": created}, "sheet": asdict(sheet)})

    def _drawn(self, wish: dict) -> bytes:
        with self._lock:
            try:
                answer = self._ask(wish)
            except OSError:
                # It ended between two previews.
                self._end()
                answer = self._ask(wish)
        if "refused" in answer:
            raise PaperRefused(answer["refused"])
        return base64.b64decode(answer["pdf"])

    def _ask(self, wish: dict) -> dict:
        process = self._running()
        process.stdin.write(json.dumps(wish).encode() + b"\n")
        process.stdin.flush()
        patience = MOST_SECONDS if self._has_answered else MOST_SECONDS_AT_FIRST
        ready, _writable, _broken = select.select([process.stdout], [], [], patience)
        line = process.stdout.readline() if ready else b""
        if not ready:
            self._end()
            return {"refused": _("The preview took too long. Try again.")}
        if not line:
            raise BrokenPipeError
        self._has_answered = True
        return json.loads(line)

    def _running(self) -> subprocess.Popen:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._has_answered = False
            command = [sys.executable, "-W", "ignore", "-m", "visits.documents.preview"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR)  # noqa: S603 -- our own module
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            # Reads what is left and closes the pipes.
            with suppress(BrokenPipeError):
                self._process.communicate()
            self._process = None

    def close(self) -> None:
        """Stop the process if it runs."""
        with self._lock:
            self._end()


warm = WarmProcess()


def main() -> None:
    """Draw requests from standard input, one per line, until it is closed or no request comes for ten minutes."""
    import resource

    import django

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    django.setup()
    while select.select([sys.stdin.buffer], [], [], IDLE_SECONDS)[0] and (line := sys.stdin.buffer.readline()):
        try:
            answer = {"pdf": base64.b64encode(_draw(json.loads(line))).decode()}
        except PaperRefused as refusal:
            answer = {"refused": str(refusal)}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def _draw(wish: dict) -> bytes:
    """Draw a request: a certificate from its snapshot, or a paper with its style sheet."""
    # Imported here, so that the web process, which imports this module, does not load it.
    from knowledge_hub.papers import renderer
    from visits.documents.certificate import CertificateContent, draw_alone

    if "snapshot" in wish:
        return draw_alone(CertificateContent.from_snapshot(wish["snapshot"], verify_url=ADDRESS))
    created = wish["paper"]["created"]
    paper = Paper(**{**wish["paper"], "created": dt.date.fromisoformat(created) if created else None})
    return renderer().draw(paper, Sheet(**{**wish["sheet"], "size": tuple(wish["sheet"]["size"])}))


if __name__ == "__main__":
    main()
