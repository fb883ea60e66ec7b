"""Files of papers in the private storage, written completely or not at all. Files of certificates are named by their hash."""

import errno
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from visits.models import Certificate

logger = logging.getLogger(__name__)

FULL = {errno.ENOSPC, errno.EDQUOT}


class DiskRefused(Exception):
    """A file could not be written; the text says what to do. No incomplete file is left."""

    @classmethod
    def because(cls, error: OSError) -> "DiskRefused":
        """The exception for an error of the operating system."""
        reason = _("The disk is full.") if error.errno in FULL else str(error.strerror or error)
        return cls(
            _("The file could not be stored: %(reason)s Free some space, then try again; what is done stays done.") % {"reason": reason}
        )


@dataclass
class KeptFile:
    """A stored file; the caller sets ``is_used`` when a row refers to it."""

    name: str
    sha256: str
    is_used: bool = False


def write(name: str, content: File) -> str:
    """Write a file, replacing an earlier one of that name; returns its name.

    Raises:
        DiskRefused: the disk is full or refuses.
    """
    storage = storages["private"]
    try:
        if storage.exists(name):
            # The name depends on the content, so an existing file is the same paper or an incomplete one of a killed process.
            storage.delete(name)
        return storage.save(name, content)
    except OSError as error:
        drop(name)
        raise DiskRefused.because(error) from error


@contextmanager
def kept(paper: bytes) -> Iterator[KeptFile]:
    """Write a paper as a context manager; the file is deleted at the end unless it is marked as used.

    Raises:
        DiskRefused: the disk is full or refuses.
    """
    sha256 = hashlib.sha256(paper).hexdigest()
    file = KeptFile(write(f"certificates/{sha256[:2]}/{sha256}.pdf", ContentFile(paper)), sha256)
    try:
        yield file
    finally:
        if not file.is_used and not Certificate.objects.filter(file=file.name).exists():
            drop(file.name)


def read(certificate: Certificate) -> bytes | None:
    """The content of a certificate's file, or None if it is missing."""
    try:
        with certificate.file.open("rb") as file:
            return file.read()
    except (OSError, ValueError):
        return None


def drop(name: str) -> None:
    """Delete a file that no row refers to; a failure is harmless and only logged."""
    try:
        storages["private"].delete(name)
    except OSError as error:
        logger.warning("A file of a paper could not be removed: %s", error.strerror)
