"""The date page of guests: free sessions day by day, or why there are none."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.domain import availability
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.enums import ExceptionEffect
from visits.models import Programme, Visit, VisitSlot, WeeklyHours


@dataclass
class DayChoice:
    """A day as guests see it. ``slots`` can be requested; if there are none, ``reason`` says why."""

    date: dt.date
    slots: list[VisitSlot] = field(default_factory=list)
    reason: str = ""
    is_offered: bool = True

    @property
    def summary(self) -> str:
        """What is free, for example “2 sessions, 40 seats free”; or the reason why nothing is."""
        if not self.slots:
            return self.reason
        sessions = ngettext("%(count)d session", "%(count)d sessions", len(self.slots)) % {"count": len(self.slots)}
        seats = sum(slot.free_persons for slot in self.slots)
        free = ngettext("%(count)d seat free", "%(count)d seats free", seats) % {"count": seats}
        return f"{sessions}, {free}"

    @property
    def weekday_column(self) -> int:
        """ISO weekday, used as the column of the calendar."""
        return self.date.isoweekday()


@dataclass
class MonthChoice:
    """A month with all its days."""

    first: dt.date
    days: list[DayChoice]

    @property
    def has_free(self) -> bool:
        """Whether anything can be requested in it."""
        return any(day.slots for day in self.days)


@dataclass
class DateChoice:
    """Data of the date page.

    Attributes:
        after_notice: the first date after the programme's notice, whether or not guests are received on it.
        first_possible: the first date with a free session for the group; None if there is none.
        previous: the month to which the link to earlier dates leads; None if no earlier date can be requested.
        following: the same for later dates.
        weekdays: names of the weekdays on which the programme receives guests.
    """

    months: list[MonthChoice]
    nearest: list[VisitSlot]
    after_notice: dt.date
    first_possible: dt.date | None
    last_possible: dt.date
    previous: dt.date | None
    following: dt.date | None
    free: list[VisitSlot]
    weekdays: list[str] = field(default_factory=list)

    def slots_on(self, date: dt.date) -> list[VisitSlot]:
        """Sessions of one day that can be requested."""
        return [slot for slot in self.free if local_date(slot.starts_at) == date]


def month_after(first: dt.date, months: int = 1) -> dt.date:
    """The first day of the month ``months`` after ``first``; before it if negative."""
    number = first.year * 12 + first.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def date_choice(
    programme: Programme, *, persons: int, now: dt.datetime, month: dt.date | None = None, span: int = 2, visit: Visit | None = None
) -> DateChoice:
    """Days and sessions for a group, ``span`` months from ``month`` on (by default the first month with a free session).

    If ``visit`` needs another date, its own session is left out and its seats do not count. The number of queries does not depend on
    the number of sessions or visits.
    """
    first, last = availability.bookable_period(programme, now)
    free = availability.bookable_slots(programme, persons=persons, now=now, visit=visit)
    if visit is not None:
        free = [slot for slot in free if slot.pk != visit.slot_id]
    earliest, latest = local_date(now).replace(day=1), max(first, last).replace(day=1)
    month = month or local_date(free[0].starts_at if free else now)
    month = min(max(month.replace(day=1), earliest), latest)
    end = month_after(month, span) - dt.timedelta(days=1)
    return DateChoice(
        months=_months(programme, month, end, free, first, last, visit),
        nearest=free[:3],
        after_notice=first,
        first_possible=local_date(free[0].starts_at) if free else None,
        last_possible=last,
        previous=_month_before(month, span, free),
        following=_month_of_first(slot for slot in free if local_date(slot.starts_at) > end),
        free=free,
        weekdays=[str(WeeklyHours.Weekday(number).label) for number in _weekdays(programme)],
    )


def _month_of_first(slots: Iterable[VisitSlot]) -> dt.date | None:
    first = next(iter(slots), None)
    return local_date(first.starts_at).replace(day=1) if first else None


def _month_before(month: dt.date, span: int, free: list[VisitSlot]) -> dt.date | None:
    """The first of ``span`` months before ``month``, moved so that the page has a free session; None if there is none before."""
    earlier = [slot for slot in free if local_date(slot.starts_at) < month]
    first, last = _month_of_first(earlier), _month_of_first(reversed(earlier))
    return min(max(month_after(month, -span), first), last) if first and last else None


def _weekdays(programme: Programme) -> list[int]:
    return sorted(set(programme.weekly_hours.values_list("weekday", flat=True)))


def _months(
    programme: Programme, start: dt.date, end: dt.date, free: list[VisitSlot], first: dt.date, last: dt.date, visit: Visit | None
) -> list[MonthChoice]:
    own = local_date(visit.slot.starts_at) if visit and visit.slot else None
    free_by_day: dict[dt.date, list[VisitSlot]] = defaultdict(list)
    for slot in free:
        free_by_day[local_date(slot.starts_at)].append(slot)
    offered = {
        local_date(moment)
        for moment in programme.slots.filter(
            starts_at__gte=dt.datetime.combine(start, dt.time.min, VENUE_ZONE),
            starts_at__lt=dt.datetime.combine(end + dt.timedelta(days=1), dt.time.min, VENUE_ZONE),
            is_open=True,
        ).values_list("starts_at", flat=True)
    }
    closed = {
        exception.date: exception.reason
        for exception in availability.exceptions_for(programme, start, end)
        if exception.effect == ExceptionEffect.CLOSED
    }
    months: list[MonthChoice] = []
    for offset in range((end - start).days + 1):
        date = start + dt.timedelta(days=offset)
        if date.day == 1:
            months.append(MonthChoice(date, []))
        day = DayChoice(date, free_by_day.get(date, []))
        if not day.slots:
            day.reason, day.is_offered = (_("Your present date"), True) if date == own else _why_not(date, first, last, closed, offered)
        months[-1].days.append(day)
    return months


def _why_not(date: dt.date, first: dt.date, last: dt.date, closed: dict[dt.date, str], offered: set[dt.date]) -> tuple[str, bool]:
    """Why a day cannot be chosen, and whether it is listed."""
    if date in closed:
        return _("Closed: %(reason)s") % {"reason": closed[date]}, True
    if date < first:
        return _("Too soon"), False
    if date > last:
        return _("Not open for requests yet"), False
    if date in offered:
        return _("Full"), True
    return _("No visits on this day"), False


def nearest_to(slot: VisitSlot, *, persons: int, now: dt.datetime, count: int = 3) -> list[VisitSlot]:
    """The ``count`` free sessions of the same programme that are closest to a session, in order of time."""
    free = availability.bookable_slots(slot.programme, persons=persons, now=now)
    closest = sorted((other for other in free if other.pk != slot.pk), key=lambda other: abs(other.starts_at - slot.starts_at))[:count]
    return sorted(closest, key=lambda other: other.starts_at)
