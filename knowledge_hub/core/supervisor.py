"""Runs the processes of the site: restarts one that dies, and stops all when the supervisor is stopped."""

import contextlib
import ctypes
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

STOP_WITHIN = 20
FIRST_PAUSE = 1
LONGEST_PAUSE = 60
# After this many seconds of running, the restart delay is reset.
SETTLED_AFTER = 60
CODE_CHANGED = 3
"""Exit code of Django's autoreloader (``django.utils.autoreload.trigger_reload``)."""
PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent dies."""


class Fork:
    """A process forked from this one, which has loaded Django already; has the methods of Popen that the supervisor uses.

    Args:
        run: what it runs; its exit code is 0 when this returns.
        environment: variables that are set for it.
    """

    def __init__(self, run: Callable[[], None], environment: dict[str, str]):
        self._process = multiprocessing.get_context("fork").Process(target=self._run, args=(run, environment))
        self._process.start()
        self.pid: int = self._process.pid  # type: ignore[assignment]  # start() has set it

    @staticmethod
    def _run(run: Callable[[], None], environment: dict[str, str]) -> None:
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.update(environment)
        run()

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; returns its exit code.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("fork", timeout or 0)
        return self._process.exitcode


@dataclass
class Child:
    """One process of the site.

    Attributes:
        name: shown to the operator.
        command: program and arguments.
        environment: its environment variables; None inherits ours.
        first_run: what is forked instead of the command the first time, which saves loading Django again.
        longest_pause: how many seconds it stays down at most before it is started again.
    """

    name: str
    command: list[str]
    environment: dict[str, str] | None = None
    first_run: Callable[[], None] | None = None
    longest_pause: float = LONGEST_PAUSE
    process: subprocess.Popen | Fork | None = field(default=None, init=False)
    started_at: float = field(default=0, init=False)
    start_at: float = field(default=0, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that only the supervisor gets Ctrl-C; it is terminated if the supervisor dies."""
        self.started_at = time.monotonic()
        if self.first_run:
            self.process, self.first_run = Fork(self.first_run, self.environment or {}), None
            return
        tie = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        self.process = subprocess.Popen([*tie, *self.command], env=self.environment, start_new_session=True)  # noqa: S603 -- our own commands

    def exit_code(self) -> int | None:
        """Its exit code; None while it runs or waits for its start."""
        return self.process.poll() if self.process else None

    def plan_restart(self) -> float:
        """Schedule the next start, with a longer delay each time it dies early; returns the delay in seconds."""
        # Its own children would otherwise keep the port.
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        now = time.monotonic()
        self.pause = FIRST_PAUSE if now - self.started_at > SETTLED_AFTER else min(self.pause * 2, self.longest_pause)
        self.process, self.start_at = None, now + self.pause
        return self.pause

    def signal(self, number: int) -> None:
        """Send a signal to the process and everything it started."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)


class Supervisor:
    """Runs children until SIGTERM or SIGINT.

    Args:
        children: what to run.
        say: called with a sentence about what happens.
        each_second: called about once a second.
    """

    def __init__(self, children: list[Child], *, say: Callable[[str], None], each_second: Callable[[], None] = lambda: None):
        self.children = children
        self.say = say
        self.each_second = each_second
        self.stopping = False

    def run(self) -> None:
        """Start all children, restart those that die, stop all on a signal."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self.stopping:
                self._look_after_children()
                self.each_second()
                time.sleep(0.5)
        finally:
            self._stop_children()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _look_after_children(self) -> None:
        for child in self.children:
            code = child.exit_code()
            if code == CODE_CHANGED:
                child.process = None
                child.start()
            elif code is not None:
                child_pause = child.plan_restart()
                self.say(f"The {child.name} ended (code {code}); it starts again in {child_pause:.0f} s.")
            elif child.process is None and time.monotonic() >= child.start_at:
                child.start()

    def _stop_children(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        for child in self.children:
            if child.process:
                try:
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self.say(f"The {child.name} did not stop within {STOP_WITHIN} s and is killed.")
                    child.signal(signal.SIGKILL)
                    child.process.wait()


def is_port_free(host: str, port: int) -> bool:
    """Whether a server can listen on this address now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
