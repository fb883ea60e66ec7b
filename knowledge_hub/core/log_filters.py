"""Removes secrets from log records. Imports nothing of the project: logging is set up before any app is loaded."""

import logging
import re

# Tokens of secret links are 64 hexadecimal digits, those of certificates 20 characters of base32; the pattern is wider on purpose.
_TOKEN = re.compile(r"(?<=/)(?:[0-9a-f]{32,}|[a-z2-7]{20})(?=$|[/?.\s\"'])", re.IGNORECASE)


def without_tokens(text: str) -> str:
    """The text with every token in an address replaced by an ellipsis."""
    return _TOKEN.sub("…", text)


class HideTokens(logging.Filter):
    """Hides the tokens of secret links: Django logs the path of each refused request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message; every record passes."""
        message = record.getMessage()
        hidden = without_tokens(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
