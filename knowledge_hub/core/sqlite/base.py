"""Django's SQLite backend, with a fair queue before the write lock.

SQLite has one writer. A connection that finds it busy polls with pauses that grow to a tenth of a second, so newcomers overtake,
and under load some connections time out ("database is locked"). Here transactions that write from their beginning
(``transaction_mode`` IMMEDIATE or EXCLUSIVE) wait in the order of their arrival. Single statements that write outside a
transaction also wait, because they need the same lock.

The backend overrides private methods of Django's (``_start_transaction_under_autocommit``, ``_set_autocommit``, ``_close``);
tests/concurrency/test_writer_queue.py fails if a later Django no longer calls them.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from knowledge_hub.core.sqlite.writer_queue import WriterQueue, queue_for

DEFAULT_TIMEOUT = 5.0
"""Seconds; Python's own default for SQLite."""


WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
"""First words of statements that need the write lock; others (PRAGMA, SAVEPOINT) need none or belong to a transaction."""


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that queues before single statements that write."""

    def __init__(self, connection: sqlite3.Connection, *, writing: Callable[[str], AbstractContextManager[None]]):
        super().__init__(connection)
        self._writing = writing

    def execute(self, query: str, params: Any = None) -> Any:
        """Execute a statement, after waiting in the queue if it writes."""
        with self._writing(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Execute a statement with many parameter sets, after waiting in the queue if it writes."""
        with self._writing(query):
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that waits in the queue before it writes."""

    transaction_mode: str | None

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._held_queue: WriterQueue | None = None

    def create_cursor(self, name: str | None = None) -> Cursor:
        """Create a cursor that uses this connection's queue."""
        return self.connection.cursor(factory=partial(Cursor, writing=self._writing))

    @contextmanager
    def _writing(self, query: str) -> Iterator[None]:
        """Hold the queue for one statement, if it writes and no transaction holds it already."""
        if self._held_queue is not None or not self.autocommit or not self._uses_queue() or not query.lstrip().startswith(WRITES):
            yield
            return
        self._acquire_queue()
        try:
            yield
        finally:
            self._release_queue()

    def _uses_queue(self) -> bool:
        return self.transaction_mode in {"IMMEDIATE", "EXCLUSIVE"} and not self.is_in_memory_db()

    def _start_transaction_under_autocommit(self) -> None:
        if self._uses_queue():
            self._acquire_queue()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # private, so django-stubs leaves it out
        except BaseException:
            self._release_queue()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        try:
            super()._set_autocommit(autocommit)  # type: ignore[misc]  # private, so django-stubs leaves it out
        finally:
            # After COMMIT or ROLLBACK, and before the on_commit callbacks run.
            if autocommit:
                self._release_queue()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # private, so django-stubs leaves it out
        finally:
            self._release_queue()

    def _acquire_queue(self) -> None:
        queue = queue_for(str(self.settings_dict["NAME"]))
        if not queue.acquire(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT)):
            raise OperationalError("database is locked")
        self._held_queue = queue

    def _release_queue(self) -> None:
        if self._held_queue is not None:
            queue, self._held_queue = self._held_queue, None
            queue.release()
