"""Limits on input that could overflow the database or fill the disk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db.models import QuerySet

LONGEST_KEY = 18
"""Digits; SQLite raises OverflowError for longer numbers instead of finding nothing."""


class ManyObjectsField(forms.ModelMultipleChoiceField):
    """A ModelMultipleChoiceField that accepts any input safely: a number that is too long for a key is an invalid choice."""

    def clean(self, value: Any) -> QuerySet:
        """The chosen objects. Raises ValidationError if a key is too long."""
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > LONGEST_KEY:
                wrong = {"pk": str(key)[:LONGEST_KEY]}
                raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value", params=wrong)
        return super().clean(value)


class KeyConverter:
    """A primary key of at most nine digits; longer numbers would overflow the database column."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        """The key as an integer."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The key as text."""
        return str(value)


LARGEST_UPLOAD = 30 * 1024 * 1024
"""Bytes written per upload. Every form has a lower limit and reports the true size of the file."""


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Counts the whole upload but writes only its first bytes: the form can report the size and keep everything else that was typed."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a chunk, unless LARGEST_UPLOAD is reached."""
        if start < LARGEST_UPLOAD:
            super().receive_data_chunk(raw_data, start)
