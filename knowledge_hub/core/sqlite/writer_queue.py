"""A line in which threads of any number of processes wait for their turn: who comes first goes first, nobody is passed over for long."""

import fcntl
import os
import threading
import time
from collections import deque
from contextlib import suppress

ASK_AGAIN_AFTER = 0.0005
"""Seconds; of each process only the first in its own line asks."""


class Line:
    """One at a time, of all processes that use the same path.

    Threads of one process stand in a line in its memory. The first of each process goes through two locks on files: who has
    “next” is the only one who asks for “turn”, so a process whose turn has just ended queues again like everybody else. The
    kernel gives both back when a process dies.
    """

    def __init__(self, path: str):
        self._path = path
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False
        self._files: dict[str, int] = {}

    def enter(self, timeout: float) -> bool:
        """Wait for the turn, at most so many seconds; says whether it came. Then leave() must follow, in any thread."""
        until = time.monotonic() + timeout
        if not self._first_in_process(timeout):
            return False
        has_turn = False
        try:
            if self._lock("next", until):
                try:
                    has_turn = self._lock("turn", until)
                finally:
                    self._unlock("next")
        finally:
            if not has_turn:
                self._next_in_process()
        return has_turn

    def leave(self) -> None:
        """The turn is over."""
        self._unlock("turn")
        self._next_in_process()

    def _first_in_process(self, timeout: float) -> bool:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            place = threading.Lock()
            place.acquire()
            self._waiting.append(place)
        if place.acquire(timeout=timeout):
            return True
        with self._guard:
            if place in self._waiting:
                self._waiting.remove(place)
                return False
        # Called at the very moment in which the time was up.
        return True

    def _next_in_process(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _lock(self, name: str, until: float) -> bool:
        if name not in self._files:
            self._files[name] = os.open(f"{self._path}-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(self._files[name], fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            if time.monotonic() > until:
                return False
            time.sleep(ASK_AGAIN_AFTER)

    def _unlock(self, name: str) -> None:
        fcntl.flock(self._files[name], fcntl.LOCK_UN)


_lines: dict[str, Line] = {}
# A lock on a file belongs to the opened file, which a forked child would share with its parent.
os.register_at_fork(after_in_child=_lines.clear)


def before(path: str) -> Line:
    """The line of this process before what stands at a path."""
    return _lines.setdefault(path, Line(path))
