"""Limits the disk space that one upload can use."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

LARGEST = 30 * 1024 * 1024
"""Bytes written per upload. Every form has a lower limit and reports the true size of the file."""


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Counts the whole upload but writes only its first bytes: the form can report the size and keep everything else that was typed."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a chunk, unless LARGEST is reached."""
        if start < LARGEST:
            super().receive_data_chunk(raw_data, start)
