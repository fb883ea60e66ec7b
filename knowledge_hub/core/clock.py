"""What happens by itself: other modules connect to these signals, the ``tick`` command sends them.

Receivers get ``now`` (aware, UTC). They must be safe to run twice and fast or enqueue a task: the clock has one thread. A receiver
that fails is logged (Django's send_robust) and tried again at the next beat; it never stops the others.
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

BEATS = {
    "minute": (every_minute, dt.timedelta(minutes=1)),
    "hour": (every_hour, dt.timedelta(hours=1)),
    "day": (every_day, dt.timedelta(days=1)),
}


def _last(name: str) -> Path:
    return settings.VAR_DIR / "clock" / name


def is_due(name: str, now: dt.datetime) -> bool:
    """Whether a beat was never sent or its interval has passed; five seconds early counts, so that cron's jitter loses no beat.

    A clock that was set back (last beat in the future) does not wait until it catches up.
    """
    try:
        last = dt.datetime.fromtimestamp(_last(name).stat().st_mtime, dt.UTC)
    except FileNotFoundError:
        return True
    return now < last or now - last >= BEATS[name][1] - dt.timedelta(seconds=5)


def beat(now: dt.datetime | None = None) -> list[str]:
    """Send every signal that is due.

    When it last happened is the time of a file in VAR_DIR/clock, so cron, a restarted clock and a running one agree.

    Returns:
        The names of the receivers that failed.
    """
    now = now or timezone.now()
    failed = []
    for name, (signal, _interval) in BEATS.items():
        if not is_due(name, now):
            continue
        for receiver, answer in signal.send_robust(sender=beat, now=now):
            if isinstance(answer, Exception):
                failed.append(f"{receiver.__module__}.{receiver.__qualname__}")
        path = _last(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (now.timestamp(), now.timestamp()))
    close_old_connections()
    return failed


def run() -> NoReturn:
    """Beat until the process is stopped; looks every five seconds, so that a sleeping machine catches up soon."""
    while True:
        beat()
        time.sleep(5)
