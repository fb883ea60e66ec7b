"""Django's SQLite backend, with a fair line before the write lock.

SQLite has one writer. Who finds it busy asks again after pauses that grow to a tenth of a second, so newcomers overtake, and under
load somebody asks in vain until the time is up ("database is locked"). Here transactions that write from their beginning
(``transaction_mode`` IMMEDIATE or EXCLUSIVE) wait in the order in which they came. Single statements outside a transaction ask
SQLite as ever: they are short.
"""

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from knowledge_hub.sqlite import line

DEFAULT_TIMEOUT = 5.0
"""Seconds; Python's own default for SQLite."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose writing transactions stand in line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._turn: line.Line | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode in {"IMMEDIATE", "EXCLUSIVE"} and not self.is_in_memory_db():
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
        before = line.before(str(self.settings_dict["NAME"]))
        if not before.enter(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT)):
            raise OperationalError("database is locked")
        self._turn = before

    def _end_turn(self) -> None:
        if self._turn is not None:
            turn, self._turn = self._turn, None
            turn.leave()
