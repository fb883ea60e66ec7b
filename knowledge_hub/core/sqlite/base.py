"""Django's SQLite backend, with a fair line before the write lock.

SQLite has one writer. Who finds it busy asks again after pauses that grow to a tenth of a second, so newcomers overtake, and under
load somebody asks in vain until the time is up ("database is locked"). Here transactions that write from their beginning
(``transaction_mode`` IMMEDIATE or EXCLUSIVE) wait in the order in which they came, and so does a single statement that writes
outside a transaction: what it needs is the same lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from knowledge_hub.core.sqlite import writer_queue

DEFAULT_TIMEOUT = 5.0
"""Seconds; Python's own default for SQLite."""


WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
"""How statements begin that need the write lock; all others (PRAGMA, SAVEPOINT) either need none or are part of a transaction."""


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose single statements stand in line when they write."""

    def __init__(self, connection, *, writing):
        super().__init__(connection)
        self._writing = writing

    def execute(self, query, params=None):
        """Run a statement, in its turn."""
        with self._writing(query):
            return super().execute(query, params)

    def executemany(self, query, param_list):
        """Run a statement many times, in its turn."""
        with self._writing(query):
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose writers stand in line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._turn: writer_queue.Line | None = None

    def create_cursor(self, name=None):
        """A cursor that knows whose turn it is."""
        return self.connection.cursor(factory=partial(Cursor, writing=self._writing))

    @contextmanager
    def _writing(self, query: str) -> Iterator[None]:
        """The turn for one statement, where it writes and no transaction has the turn already."""
        if self._turn is not None or not self.autocommit or not self._stands_in_line() or not query.lstrip().startswith(WRITES):
            yield
            return
        self._wait_for_turn()
        try:
            yield
        finally:
            self._end_turn()

    def _stands_in_line(self) -> bool:
        return self.transaction_mode in {"IMMEDIATE", "EXCLUSIVE"} and not self.is_in_memory_db()

    def _start_transaction_under_autocommit(self) -> None:
        if self._stands_in_line():
            self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        try:
            super()._set_autocommit(autocommit)
        finally:
            # After COMMIT or ROLLBACK, and before what was to happen on commit.
            if autocommit:
                self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._end_turn()

    def _wait_for_turn(self) -> None:
        before = writer_queue.before(str(self.settings_dict["NAME"]))
        if not before.enter(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT)):
            raise OperationalError("database is locked")
        self._turn = before

    def _end_turn(self) -> None:
        if self._turn is not None:
            turn, self._turn = self._turn, None
            turn.leave()
