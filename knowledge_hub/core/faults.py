"""Faults of what is below the site: a full or read-only disk, a database that is away.

They are answered with 503 and a page that keeps what was typed (error_pages.py); everything else that fails is an error of the program.
"""

import errno

from django.db import InterfaceError, InternalError, OperationalError

DISK_ERRORS = {errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO}
OF_THE_PROGRAM = ("no such table", "no such column", "does not exist")
"""Texts of database errors that waiting does not heal."""


def is_disk_fault(error: BaseException | None) -> bool:
    """Whether the disk cannot be written: it is full, read-only or broken."""
    return isinstance(error, OSError) and error.errno in DISK_ERRORS


def is_database_fault(error: BaseException | None) -> bool:
    """Whether the database is away or cannot write; that it is only busy counts as well."""
    if isinstance(error, InternalError):
        return "read-only" in str(error)
    return isinstance(error, OperationalError | InterfaceError) and not any(text in str(error) for text in OF_THE_PROGRAM)


def fault_behind(error: BaseException | None) -> BaseException | None:
    """The fault that an exception is, or that led to it; None if it is an error of the program."""
    for _step in range(10):
        if error is None or is_disk_fault(error) or is_database_fault(error):
            return error
        error = error.__cause__ or error.__context__
    return None
