"""The day of a visit as a picture: who has which room and speaker when, on one axis of time; readable as a list without the picture."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from visits.domain.calendar_days import VENUE_ZONE
from visits.models import Visit
from visits.queries.planner import Entry

WIDTH = 1000
"""Length of the axis in units of the picture."""

OPENS, CLOSES = 8, 16
"""Hours that the axis shows at least."""


@dataclass(frozen=True)
class Bar:
    """A stretch of the axis with its words.

    Attributes:
        kind: see planner.Entry.
        is_own: it belongs to the visit whose page shows the day.
        visit: whose it is; None for blocked times.
    """

    x: int
    width: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    kind: str
    words: str
    is_own: bool
    visit: Visit | None = None


@dataclass
class Lane:
    """A line of the picture: the visits, or one room, speaker or vehicle."""

    title: str | Promise
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    """The day. ``hours`` are places on the axis with their hour."""

    date: dt.date
    hours: list[tuple[int, str]]
    lanes: list[Lane]


def picture(date: dt.date, entries: Iterable[Entry], own: Visit) -> Picture:
    """Draw the entries of a date; makes no query.

    Args:
        date: at the venue.
        entries: of the planner; those of other dates are left out.
        own: the visit whose page shows the day.
    """
    midnight = dt.datetime.combine(date, dt.time.min, VENUE_ZONE)
    following = midnight + dt.timedelta(days=1)
    shown = [entry for entry in entries if entry.starts_at < following and entry.ends_at > midnight]
    first = min([OPENS, *(_hour(entry.starts_at, midnight) for entry in shown)])
    last = max([CLOSES, *(_hour(entry.ends_at, midnight, up=True) for entry in shown)])
    visits: list[Lane] = []
    others: dict[str, Lane] = {}
    for entry in shown:
        bar = _bar(entry, own, midnight + dt.timedelta(hours=first), midnight + dt.timedelta(hours=last))
        if entry.visit:
            visits.append(Lane(entry.visit.organisation, [bar]))
        for resource in entry.resources:
            others.setdefault(resource.name, Lane(resource.name)).bars.append(bar)
    hours = [(round((hour - first) * WIDTH / (last - first)), f"{hour:02d}") for hour in range(first, last + 1)]
    return Picture(date, hours, [*visits, *others.values()])


def _hour(moment: dt.datetime, midnight: dt.datetime, *, up: bool = False) -> int:
    """Full hours since midnight, of that day only."""
    hours = (moment - midnight).total_seconds() / 3600
    return min(24, max(0, int(-(-hours // 1)) if up else int(hours)))


def _bar(entry: Entry, own: Visit, begin: dt.datetime, end: dt.datetime) -> Bar:
    length = (end - begin).total_seconds()
    start, stop = max(entry.starts_at, begin), min(entry.ends_at, end)
    x = round((start - begin).total_seconds() * WIDTH / length)
    width = max(8, round((stop - start).total_seconds() * WIDTH / length))
    return Bar(x, width, entry.starts_at, entry.ends_at, entry.kind, _words(entry), entry.visit == own, entry.visit)


def _words(entry: Entry) -> str:
    if entry.visit is None:
        return _("Blocked: %(why)s") % {"why": entry.note}
    name = entry.visit.reference or entry.visit.organisation
    status = _("Proposed date") if entry.kind == "proposed" else entry.visit.get_status_display()
    people = f" ({entry.visit.group_size})" if entry.visit.group_size else ""
    return f"{name}{people} · {status}"
