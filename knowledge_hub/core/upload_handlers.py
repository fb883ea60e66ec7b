"""Uploads of any size cost no more disk than the largest that somebody may want."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

LARGEST = 30 * 1024 * 1024
"""Bytes that are kept; every form that takes a file refuses smaller ones already, and says so by the true size."""


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Counts all of a file and keeps its beginning: the form sees how large it was, and what else was typed is there as well."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, unless there is too much already."""
        if start < LARGEST:
            super().receive_data_chunk(raw_data, start)
