"""Prints mail of the development server, which is written to files: its links are needed to continue."""

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

SEPARATOR = re.compile(r"^-{79}\n", re.MULTILINE)
LINK = re.compile(r"https?://[^\s<>\"]+")


class MailWatch:
    """Reads new messages of Django's file-based e-mail backend.

    Args:
        directory: EMAIL_FILE_PATH; need not exist yet. Existing messages are skipped.
    """

    def __init__(self, directory: Path):
        self.directory = Path(directory)
        self._read = {path: path.stat().st_size for path in self._files()}

    def _files(self) -> list[Path]:
        return sorted(self.directory.glob("*.log"))

    def news(self) -> Iterator[str]:
        """One line for each new message: recipient, subject and first link."""
        for path in self._files():
            position = self._read.get(path, 0)
            with path.open("rb") as file:
                file.seek(position)
                # A message is complete when its separator is written.
                text, separator, _rest = file.read().decode("utf-8", "replace").rpartition("-" * 79 + "\n")
            self._read[path] = position + len((text + separator).encode())
            for raw in SEPARATOR.split(text):
                if raw.strip():
                    yield describe(raw)


def describe(raw: str) -> str:
    """Recipient, subject and first link of a message.

    Args:
        raw: the message in RFC 5322 format.
    """
    message = email.message_from_string(raw, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    link = LINK.search(body.get_content()) if body else None
    return f"✉ {message['To']}: {message['Subject']}" + (f"\n    {link.group()}" if link else "")
