"""Periodic signals: other modules connect to them, the ``tick`` command sends them.

Receivers get ``now`` (aware, UTC). They must be safe to run twice and fast or enqueue a task: the clock has one thread. A receiver
that fails is logged (Django's send_robust) and called again at the next interval; it never stops the others.
"""

import datetime as dt
import os
import time
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.db import close_old_connections
from django.dispatch import Signal
from django.utils import timezone

every_minute = Signal()
every_hour = Signal()
every_day = Signal()

INTERVALS = {
    "minute": (every_minute, dt.timedelta(minutes=1)),
    "hour": (every_hour, dt.timedelta(hours=1)),
    "day": (every_day, dt.timedelta(days=1)),
}


def _last(name: str) -> Path:
    return settings.VAR_DIR / "clock" / name


def last_beat(name: str) -> dt.datetime | None:
    """When a signal was last sent; None if never."""
    try:
        return dt.datetime.fromtimestamp(_last(name).stat().st_mtime, dt.UTC)
    except FileNotFoundError:
        return None


def is_due(name: str, now: dt.datetime) -> bool:
    """Whether a signal was never sent or its interval has passed; up to five seconds early, so that cron's jitter skips none.

    If the system clock was set back (last time in the future), the signal is due at once.
    """
    last = last_beat(name)
    return last is None or now < last or now - last >= INTERVALS[name][1] - dt.timedelta(seconds=5)


def send_due(now: dt.datetime | None = None) -> list[str]:
    """Send every signal that is due.

    The last time is the modification time of a file in VAR_DIR/clock, so cron and a running clock agree.

    Returns:
        The names of the receivers that failed.
    """
    now = now or timezone.now()
    failed = []
    for name, (signal, _interval) in INTERVALS.items():
        if not is_due(name, now):
            continue
        for receiver, answer in signal.send_robust(sender=send_due, now=now):
            if isinstance(answer, Exception):
                failed.append(f"{receiver.__module__}.{receiver.__qualname__}")
        path = _last(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (now.timestamp(), now.timestamp()))
    close_old_connections()
    return failed


def run() -> NoReturn:
    """Send due signals until the process is stopped; checks every five seconds, so that a machine that slept catches up soon."""
    while True:
        send_due()
        time.sleep(5)
