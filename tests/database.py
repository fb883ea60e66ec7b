"""The test database between tests: what migrations put there comes back after a test that emptied the tables."""

import sqlite3
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Site


def save_copy(path: Path) -> Path:
    """Copy the whole test database to a file (SQLite only).

    Args:
        path: the file; replaced if it exists.
    """
    path.unlink(missing_ok=True)
    connection.ensure_connection()
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    return path


def restore_copy(path: Path) -> None:
    """Replace all of the test database by a copy, and forget what is cached of the old one."""
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    try:
        copy.backup(connection.connection)
    finally:
        copy.close()
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()
