"""The initial content for many classes of tests: loaded once in each process, then copied row by row, in a twentieth of the time."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from knowledge_hub.content import loader
from tests import database

Rows = dict[str, list[tuple]]
FRESH_FOR = dt.timedelta(minutes=30)
"""Sessions of the initial content lie some days after the day on which it is loaded."""


@dataclass(frozen=True)
class Kept:
    """What loading made of a database, and under which conditions."""

    before: Rows
    changed: Rows
    loaded_at: dt.datetime
    host: str

    def holds(self, before: Rows) -> bool:
        """Whether loading into a database with these rows would make the same of it now."""
        now = timezone.now()
        same_day = timezone.localdate(now) == timezone.localdate(self.loaded_at)
        return same_day and self.loaded_at <= now < self.loaded_at + FRESH_FOR and self.host == settings.SITE_HOST and before == self.before


_kept: list[Kept] = []


def load() -> None:
    """Load the initial content into the test's database, like ``loader.load``; also within a transaction."""
    if connection.vendor != "sqlite":
        loader.load()
        return
    before = _rows()
    for kept in _kept:
        if kept.holds(before):
            _replace(kept.changed)
            database.forget_cached()
            return
    now = timezone.now()
    loader.load()
    changed = {table: rows for table, rows in _rows().items() if rows != before.get(table)}
    _kept[:] = [Kept(before, changed, now, settings.SITE_HOST)]


def _rows() -> Rows:
    """All rows of all tables, as SQLite keeps them: the plus sign takes the declared type from a column, so that nothing is converted."""
    found = {}
    with connection.cursor() as cursor:
        tables = [*connection.introspection.django_table_names(only_existing=True), "sqlite_sequence"]
        for table in tables:
            cursor.execute(f"SELECT name FROM pragma_table_info('{table}')")  # noqa: S608 -- our own tables
            columns = ", ".join(f'+"{name}"' for (name,) in cursor.fetchall())
            cursor.execute(f'SELECT {columns} FROM "{table}"')  # noqa: S608 -- our own tables
            found[table] = cursor.fetchall()
    return found


def _replace(changed: Rows) -> None:
    """Replace the rows of tables. References are checked at the end of the transaction, so that any order will do."""
    with connection.cursor() as cursor:
        for table, rows in changed.items():
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 -- our own tables
            if rows:
                places = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)  # noqa: S608 -- our own tables
