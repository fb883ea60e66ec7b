"""Limits on input that could overflow the database or fill the disk."""

import logging
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db.models import QuerySet

logger = logging.getLogger(__name__)

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


UPLOAD_FAULT = "upload_fault"
"""Attribute of a request whose files could not be written to the disk: the error."""


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Counts the whole upload but writes only its first bytes: the form can report the size and keep everything else that was typed.

    If the disk cannot be written, the file is left out, the request gets the attribute UPLOAD_FAULT, and the form is read on.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a temporary file."""
        self._is_lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._give_up(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a chunk, unless LARGEST_UPLOAD is reached."""
        if start < LARGEST_UPLOAD and not self._is_lost:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._give_up(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The file; None if it could not be written."""
        try:
            return None if self._is_lost else super().file_complete(file_size)
        except OSError as error:
            self._give_up(error)
            return None

    def _give_up(self, error: OSError) -> None:
        logger.error("An upload cannot be written to the disk: %s", error)
        self._is_lost = True
        setattr(self.request, UPLOAD_FAULT, error)
