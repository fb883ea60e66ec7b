"""Keeps the site's processes running side by side: one dies, it is started again; the supervisor is stopped, all stop."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

STOP_WITHIN = 20
FIRST_PAUSE = 1
LONGEST_PAUSE = 60
# A process that ran this long was well: its next start waits no longer than its first.
SETTLED_AFTER = 60


@dataclass
class Child:
    """One process of the site.

    Attributes:
        name: what people call it.
        command: program and arguments.
        environment: all of its environment variables, None for ours.
    """

    name: str
    command: list[str]
    environment: dict[str, str] | None = None
    process: subprocess.Popen | None = field(default=None, init=False)
    started_at: float = field(default=0, init=False)
    start_at: float = field(default=0, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone, and tie its life to the supervisor's."""
        tie = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        self.process = subprocess.Popen([*tie, *self.command], env=self.environment, start_new_session=True)  # noqa: S603 -- our own commands
        self.started_at = time.monotonic()

    def exit_code(self) -> int | None:
        """How it ended, None while it runs or waits for its start."""
        return self.process.poll() if self.process else None

    def plan_restart(self) -> float:
        """Put off the next start, longer each time that it dies young; returns the seconds."""
        # What it had started would go on without it, on the same port.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        now = time.monotonic()
        self.pause = FIRST_PAUSE if now - self.started_at > SETTLED_AFTER else min(self.pause * 2, LONGEST_PAUSE)
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
        say: told in a sentence what happens.
        each_second: called about once a second, for whoever wants to watch something.
    """

    def __init__(self, children: list[Child], *, say: Callable[[str], None], each_second: Callable[[], None] = lambda: None):
        self.children = children
        self.say = say
        self.each_second = each_second
        self.stopping = False

    def run(self) -> None:
        """Start everything, restart what dies, stop everything when told to."""
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

    def _stop(self, number, frame) -> None:
        self.stopping = True

    def _look_after_children(self) -> None:
        for child in self.children:
            code = child.exit_code()
            if code is not None:
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
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
