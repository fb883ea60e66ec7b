"""Log lines without secrets and personal data. Imports nothing of the project: logging is set up before any app is loaded."""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, DataError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that this thread answers; the proxy logs the same."""

# Tokens of secret links are 64 hexadecimal digits or 24 characters of base32, those of certificates 20; password resets have a dash.
_TOKEN = re.compile(r"(?<=/)(?:[0-9a-f]{32,}|[a-z2-7]{20,24}|[0-9a-z]{1,13}-[0-9a-f]{32,64})(?=$|[/?.\s\"'])", re.IGNORECASE)
# What is searched and filtered for: names of people, among others.
_QUERY = re.compile(r"(/[^\s\"'?]*)\?[^\s\"']+")

TEXTS_OF_PROGRAMS = (AttributeError, TypeError, NameError, ImportError, ImproperlyConfigured, TemplateDoesNotExist, TemplateSyntaxError)
"""Errors whose text tells of the program and not of what somebody has entered."""


def without_secrets(text: str) -> str:
    """The text with every token and query in an address replaced by an ellipsis."""
    return _QUERY.sub(r"\1?…", _TOKEN.sub("…", text))


class HideSecrets(logging.Filter):
    """Hides the tokens of secret links and queries: Django logs the path of each refused request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message; every record passes."""
        message = record.getMessage()
        hidden = without_secrets(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True


class SafeFormatter(logging.Formatter):
    """Lines with the number of the request. Errors are told without their text, which often repeats what somebody has entered."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback below it."""
        number = request_id.get()
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {message_of(record)}" + (f" [{number}]" if number else "")
        return "\n".join([line, *trace_of(record)])


class JsonFormatter(SafeFormatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The object."""
        values = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "request_id": request_id.get(),
            "traceback": trace_of(record),
        }
        return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)


def message_of(record: logging.LogRecord) -> str:
    """The message; where it repeats the text of the logged error, that is told as by :func:`text_of`."""
    message, error = record.getMessage(), record.exc_info and record.exc_info[1]
    if error and str(error):
        message = message.replace(str(error), text_of(error))
    return without_secrets(message)


def trace_of(record: logging.LogRecord) -> list[str]:
    """Lines of the traceback of a record, with those of the errors that led to it."""
    error = record.exc_info and record.exc_info[1]
    return list(_lines(error)) if error else []


def text_of(error: BaseException) -> str:
    """Type and text of an error; the text is left out if it may repeat what somebody has entered."""
    text = ""
    if settings.DEBUG or isinstance(error, TEXTS_OF_PROGRAMS):
        text = str(error)
    elif isinstance(error, OSError):
        text = error.strerror or ""
    elif isinstance(error, DatabaseError) and not isinstance(error, DataError):
        # PostgreSQL tells the values of the row on the next lines.
        text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {without_secrets(text) or '(its text is not logged)'}"


def _lines(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier:
        yield from _lines(earlier)
        yield "It led to:"
    for part in traceback.format_tb(error.__traceback__):
        yield from part.splitlines()
    yield text_of(error)
