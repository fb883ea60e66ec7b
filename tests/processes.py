"""Other processes that work on the test's own database and search index, as other workers of a server do.

They are forked from one process that has everything loaded (tests/warm.py), so that starting one takes milliseconds.
"""

import multiprocessing
import os
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

from django.conf import settings
from django.db import connection, connections
from django.test import override_settings
from django.utils import translation

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.warm"])


@dataclass(frozen=True)
class Surroundings:
    """What another process must know to work where the test works."""

    database: str
    search_backends: dict

    @classmethod
    def here(cls) -> "Surroundings":
        """Those of this process."""
        return cls(connection.settings_dict["NAME"], settings.WAGTAILSEARCH_BACKENDS)

    def take_over(self) -> None:
        """Work there from now on."""
        connections.settings["default"]["NAME"] = self.database
        override_settings(WAGTAILSEARCH_BACKENDS=self.search_backends).enable()
        translation.activate(settings.LANGUAGE_CODE)


class Worker:
    """Another process that runs one function, and the pipe to it. The function gets its end of the pipe first, then ``args``."""

    def __init__(self, function: Callable, *args):
        self.pipe, other = _CONTEXT.Pipe()
        self._received: list = []
        self._process = _CONTEXT.Process(target=_run, args=(Surroundings.here(), other, function, args), daemon=True)
        with mock.patch.dict(os.environ, TEST_DIR=str(settings.TEST_DIR), PYTHONPATH=str(settings.BASE_DIR), OPENBLAS_NUM_THREADS="1"):
            self._process.start()
        other.close()

    def kill(self) -> None:
        """End it as a power switch would: no clean-up, no farewell (SIGKILL)."""
        self._process.kill()
        self._process.join()

    def join(self, timeout: float = 60) -> int | None:
        """Wait until it has ended; returns its exit status, None if it still runs."""
        self._process.join(timeout)
        return self._process.exitcode

    def received(self) -> list:
        """Everything it has sent so far, also when it was killed in the middle of a message."""
        try:
            while self.pipe.poll():
                self._received.append(self.pipe.recv())
        except (EOFError, ConnectionResetError):
            pass
        return self._received

    def heard_of(self, *beginning) -> tuple | None:
        """The first message received so far that begins like this."""
        return next((message for message in self.received() if message[: len(beginning)] == beginning), None)

    def close(self) -> None:
        """Give back what it took, ending it if it still runs."""
        if self._process.is_alive():
            self.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


@contextmanager
def worker(function: Callable, *args):
    """A Worker for the length of a block."""
    started = Worker(function, *args)
    try:
        yield started
    finally:
        started.close()


def _run(surroundings: Surroundings, pipe, function: Callable, args: tuple) -> None:
    surroundings.take_over()
    try:
        function(pipe, *args)
    finally:
        connections.close_all()
        pipe.close()
