"""A fair queue of threads in any number of processes: first come, first served."""

import fcntl
import os
import threading
import time
from collections import deque
from contextlib import suppress

POLL_SECONDS = 0.0005
"""Pause between attempts; of each process only the first thread of its own queue polls."""


class WriterQueue:
    """A lock for all processes that use the same path, given in the order of arrival.

    Threads of one process queue in its memory. The first thread of each process then takes two file locks: the holder of
    ``next`` is the only one who polls for ``turn``, so a process that has just released the lock queues again like all others.
    The kernel releases both locks when a process dies.
    """

    def __init__(self, path: str):
        self._path = path
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False
        self._files: dict[str, int] = {}

    def acquire(self, timeout: float) -> bool:
        """Wait at most ``timeout`` seconds for the lock; returns whether it was acquired. Any thread may call release()."""
        until = time.monotonic() + timeout
        if not self._first_in_process(timeout):
            return False
        acquired = False
        try:
            if self._lock("next", until):
                try:
                    acquired = self._lock("turn", until)
                finally:
                    self._unlock("next")
        finally:
            if not acquired:
                self._next_in_process()
        return acquired

    def release(self) -> None:
        """Give the lock to the next in the queue."""
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
        # Released at the very moment of the timeout.
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
            time.sleep(POLL_SECONDS)

    def _unlock(self, name: str) -> None:
        fcntl.flock(self._files[name], fcntl.LOCK_UN)


_queues: dict[str, WriterQueue] = {}
# A file lock belongs to the open file, which a forked child would share with its parent.
os.register_at_fork(after_in_child=_queues.clear)


def queue_for(path: str) -> WriterQueue:
    """This process's queue for the database file at a path."""
    return _queues.setdefault(path, WriterQueue(path))
