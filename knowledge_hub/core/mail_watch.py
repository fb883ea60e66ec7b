"""Shows what development's mail says: it is written to files instead of being sent, and its links are needed to go on."""

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

SEPARATOR = re.compile(r"^-{79}\n", re.MULTILINE)
LINK = re.compile(r"https?://[^\s<>\"]+")


class MailWatch:
    """Reads what Django's file-based backend adds to a directory.

    Args:
        directory: EMAIL_FILE_PATH; may not exist yet. What is there already is not news.
    """

    def __init__(self, directory: Path):
        self.directory = Path(directory)
        self._read = {path: path.stat().st_size for path in self._files()}

    def _files(self) -> list[Path]:
        return sorted(self.directory.glob("*.log"))

    def news(self) -> Iterator[str]:
        """One line for each new message: to whom, about what, and its first link."""
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
    """One line about a message.

    Args:
        raw: the message as it would be sent.
    """
    message = email.message_from_string(raw, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    link = LINK.search(body.get_content()) if body else None
    return f"✉ {message['To']}: {message['Subject']}" + (f"\n    {link.group()}" if link else "")
