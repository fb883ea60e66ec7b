"""Copies of the test database, to restore the data of migrations after a test that emptied the tables."""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from wagtail.models import Site

FRESH = settings.TEST_DIR / "fresh.sqlite3"
_fresh_databases: set[str] = set()


def keep_fresh() -> Path | None:
    """Save a copy of the current test database; returns its file, None if the database is not SQLite."""
    if connection.vendor == "sqlite":
        return save_copy(FRESH)
    name = connection.settings_dict["NAME"]
    _administer(f'CREATE DATABASE "{name}_fresh" TEMPLATE "{name}"')
    _fresh_databases.add(name)
    return None


def restore_fresh() -> None:
    """Replace the test database by that copy, if there is one, and clear caches of its rows."""
    if connection.vendor == "sqlite":
        if FRESH.exists():
            restore_copy(FRESH)
        return
    name = connection.settings_dict["NAME"]
    if name in _fresh_databases:
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{name}_fresh"')
        forget_cached()


def forget_fresh() -> None:
    """Delete the copy made by keep_fresh()."""
    if connection.vendor == "sqlite":
        FRESH.unlink(missing_ok=True)
        return
    while _fresh_databases:
        _administer(f'DROP DATABASE "{_fresh_databases.pop()}_fresh" WITH (FORCE)')


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
    """Replace the whole test database by a file, and clear caches of its rows (SQLite only)."""
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    try:
        copy.backup(connection.connection)
    finally:
        copy.close()
    forget_cached()


def forget_cached() -> None:
    """Clear the caches that Django and Wagtail keep of rows."""
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()


def _administer(*statements: str) -> None:
    """Run statements on the maintenance database, after closing all connections (PostgreSQL only)."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
