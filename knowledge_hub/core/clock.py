"""Periodic signals: other modules connect to them, the ``tick`` command sends them.

Receivers get ``now`` (aware, UTC). They must be safe to run twice and fast or enqueue a task: the clock has one thread. A receiver
that fails is logged (Django's send_robust) and called again at the next interval; it never stops the others.

Receivers expire requests, mail guests and delete personal data by the time of day. A system clock that jumps by months would have all
of that done at once, so nothing is sent after an implausible jump until the clock is right again or somebody confirms the time.
"""

import datetime as dt
import logging
import os
import time
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.db import close_old_connections
from django.db.models import Max
from django.dispatch import Signal
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, PageLogEntry

logger = logging.getLogger(__name__)

every_minute = Signal()
every_hour = Signal()
every_day = Signal()

INTERVALS = {
    "minute": (every_minute, dt.timedelta(minutes=1)),
    "hour": (every_hour, dt.timedelta(hours=1)),
    "day": (every_day, dt.timedelta(days=1)),
}

MOST_BACKWARDS = dt.timedelta(days=1)
COMPLAIN_EVERY = 3600


class ImplausibleTime(Exception):
    """The system clock has jumped too far; ``str()`` says from where to where, and what to do."""


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


def _last_seen() -> dt.datetime | None:
    """When this machine's clock last ran; without such a time, the time of the newest entry in the logs of staff's work."""
    if beat := last_beat("minute"):
        return beat
    newest = (entries.objects.aggregate(at=Max("timestamp"))["at"] for entries in (PageLogEntry, ModelLogEntry))
    return max((time for time in newest if time), default=None)


def implausible(now: dt.datetime) -> str:
    """Why the time can hardly be right, and what to do; empty if it can."""
    most = settings.CLOCK_MOST_DAYS_FORWARD
    last = _last_seen()
    if last is None or not most or -MOST_BACKWARDS <= now - last <= dt.timedelta(days=most):
        return ""
    sentence = (
        _("The system clock says %(now)s, %(days)d days after the last run (%(last)s).")
        if now > last
        else _("The system clock says %(now)s, %(days)d days before the last run (%(last)s).")
    )
    todo = _(
        "Nothing is expired, mailed or deleted until this is settled. If the clock is wrong, correct it. "
        "If it is right, and the site was off for so long, run: manage.py tick --confirm-time"
    )
    times = {"now": f"{now:%Y-%m-%d %H:%M} UTC", "days": abs(now - last).days, "last": f"{last:%Y-%m-%d %H:%M} UTC"}
    return f"{sentence % times} {todo}"


def confirm(now: dt.datetime | None = None) -> None:
    """Accept the time as right, whatever the last run says; all signals are due at once."""
    _note("minute", (now or timezone.now()) - INTERVALS["minute"][1])


def _note(name: str, now: dt.datetime) -> None:
    path = _last(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (now.timestamp(), now.timestamp()))


def send_due(now: dt.datetime | None = None) -> list[str]:
    """Send every signal that is due.

    The last time is the modification time of a file in VAR_DIR/clock, so cron and a running clock agree.

    Returns:
        The names of the receivers that failed.

    Raises:
        ImplausibleTime: the clock has jumped too far; nothing was sent.
    """
    now = now or timezone.now()
    with translation.override("en"):
        if reason := implausible(now):
            raise ImplausibleTime(reason)
    failed = []
    for name, (signal, _interval) in INTERVALS.items():
        if not is_due(name, now):
            continue
        for receiver, answer in signal.send_robust(sender=send_due, now=now):
            if isinstance(answer, Exception):
                failed.append(f"{receiver.__module__}.{receiver.__qualname__}")
        _note(name, now)
    close_old_connections()
    return failed


def run() -> NoReturn:
    """Send due signals until the process is stopped; checks every five seconds, so that a machine that slept catches up soon.

    While the time is implausible, it says so in the log once an hour and goes on by itself when the clock is right again.
    """
    complain_at = 0.0
    while True:
        try:
            send_due()
        except ImplausibleTime as reason:
            if time.monotonic() >= complain_at:
                logger.critical("%s", reason)
                complain_at = time.monotonic() + COMPLAIN_EVERY
        time.sleep(5)
