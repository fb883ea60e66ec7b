"""Processes that use the test's own database and search index, like the other workers of a server.

They are forked from one process that has everything imported (tests/warm.py), so that starting one takes milliseconds.
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
class Environment:
    """The database and search index of a test, to be used by another process."""

    database: str
    search_backends: dict

    @classmethod
    def current(cls) -> "Environment":
        """The environment of this process."""
        return cls(connection.settings_dict["NAME"], settings.WAGTAILSEARCH_BACKENDS)

    def apply(self) -> None:
        """Use this environment in the current process."""
        connections.settings["default"]["NAME"] = self.database
        override_settings(WAGTAILSEARCH_BACKENDS=self.search_backends).enable()
        translation.activate(settings.LANGUAGE_CODE)


class Worker:
    """A process that runs one function, and the pipe to it. The function gets its end of the pipe first, then ``args``."""

    def __init__(self, function: Callable, *args):
        self.pipe, other = _CONTEXT.Pipe()
        self._received: list = []
        self._process = _CONTEXT.Process(target=_run, args=(Environment.current(), other, function, args), daemon=True)
        with mock.patch.dict(os.environ, TEST_DIR=str(settings.TEST_DIR), PYTHONPATH=str(settings.BASE_DIR), OPENBLAS_NUM_THREADS="1"):
            self._process.start()
        other.close()

    def kill(self) -> None:
        """Kill it at once, without any clean-up (SIGKILL)."""
        self._process.kill()
        self._process.join()

    def join(self, timeout: float = 60) -> int | None:
        """Wait until it ends; returns its exit status, None if it still runs."""
        self._process.join(timeout)
        return self._process.exitcode

    def received(self) -> list:
        """All messages sent so far; works also if the process was killed in the middle of one."""
        try:
            while self.pipe.poll():
                self._received.append(self.pipe.recv())
        except (EOFError, ConnectionResetError):
            pass
        return self._received

    def first_received(self, *beginning) -> tuple | None:
        """The first message received so far that begins with these values, or None."""
        return next((message for message in self.received() if message[: len(beginning)] == beginning), None)

    def close(self) -> None:
        """Kill it if it still runs, and release its resources."""
        if self._process.is_alive():
            self.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


@contextmanager
def worker(function: Callable, *args):
    """A Worker as a context manager; closed at the end."""
    started = Worker(function, *args)
    try:
        yield started
    finally:
        started.close()


def _run(environment: Environment, pipe, function: Callable, args: tuple) -> None:
    environment.apply()
    try:
        function(pipe, *args)
    finally:
        connections.close_all()
        pipe.close()
