"""Sessions as staff see them when they choose a date: all sessions, with the rule that prevents each."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.domain import availability, resource_conflicts, resources
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.enums import ExceptionEffect
from visits.models import Programme, Visit, VisitSlot
from visits.queries.dates import month_after


@dataclass(frozen=True)
class SessionChoice:
    """A session. ``note`` names the rule that it breaks; ``is_possible`` is false if staff cannot override it."""

    slot: VisitSlot
    note: str = ""
    is_possible: bool = True


@dataclass
class DayChoice:
    """A day with its sessions; ``closed`` is the reason of a closure."""

    date: dt.date
    sessions: list[SessionChoice] = field(default_factory=list)
    closed: str = ""


@dataclass(frozen=True)
class MonthOfSessions:
    """A month of a programme, the months before and after it with sessions ahead (None at the ends), and the next free sessions."""

    first: dt.date
    days: list[DayChoice]
    nearest: list[VisitSlot]
    previous: dt.date | None
    following: dt.date | None


def month_of_sessions(
    programme: Programme, *, persons: int, now: dt.datetime, month: dt.date | None = None, visit: Visit | None = None
) -> MonthOfSessions:
    """The future sessions of a month, each with the rule that it breaks for a group of ``persons``.

    By default the month of the first free session. Each stage of availability is evaluated separately, so that the note can name the
    rule. The number of queries does not depend on the number of sessions or visits.

    Args:
        programme: the programme.
        persons: size of the group.
        now: earlier sessions are left out.
        month: any day of the month.
        visit: the visit that needs another date; its own session is left out and its seats do not count.
    """
    free = availability.bookable_slots(programme, persons=persons, now=now, visit=visit)
    free = [slot for slot in free if visit is None or slot.pk != visit.slot_id]
    this_month = local_date(now).replace(day=1)
    # Distinct months, so at most a year's worth of rows.
    ahead = programme.slots.filter(starts_at__gt=now).datetimes("starts_at", "month", tzinfo=VENUE_ZONE)
    months = [start.date() for start in ahead] or [this_month]
    month = month or (local_date(free[0].starts_at) if free else this_month)
    first = min(max(month.replace(day=1), this_month), max(months))
    following = month_after(first)
    slots = list(
        programme.slots.filter(starts_at__gt=now, starts_at__gte=_midnight(first), starts_at__lt=_midnight(following)).order_by("starts_at")
    )
    notes = _Notes(programme, persons, now, visit, first, following, slots)
    days: dict[dt.date, DayChoice] = {}
    for slot in slots:
        if visit is None or slot.pk != visit.slot_id:
            date = local_date(slot.starts_at)
            days.setdefault(date, DayChoice(date)).sessions.append(notes.choice(slot))
    for date, reason in notes.closed.items():
        if date >= local_date(now):
            days.setdefault(date, DayChoice(date)).closed = reason
    return MonthOfSessions(
        first,
        [days[date] for date in sorted(days)],
        free[:3],
        max((other for other in months if other < first), default=None),
        min((other for other in months if other > first), default=None),
    )


def _midnight(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time.min, VENUE_ZONE)


class _Notes:
    """Evaluates every stage of availability once for all sessions of a month."""

    def __init__(
        self,
        programme: Programme,
        persons: int,
        now: dt.datetime,
        visit: Visit | None,
        first: dt.date,
        following: dt.date,
        slots: list[VisitSlot],
    ):
        self.persons = persons
        self.period = availability.bookable_period(programme, now)
        self.closed = {
            exception.date: exception.reason
            for exception in availability.exceptions_for(programme, first, following - dt.timedelta(days=1))
            if exception.effect == ExceptionEffect.CLOSED
        }
        by_day, by_week = availability.visit_counts(programme, first, following, except_visit=visit)
        self.by_day = {date: count >= programme.max_per_day for date, count in by_day.items()}
        self.by_week = {week: count >= programme.max_per_week for week, count in by_week.items()}
        needs = resources.needs_of(programme)
        taken = resource_conflicts.taken_resources(slots, resources.buffers_of(needs), ignoring=[visit] if visit else [])
        free_for_all = availability.without_reserved(slots, availability.waiting_guests(programme, except_visit=visit), needs, taken)
        self.reserved = {slot.pk for slot in slots} - {slot.pk for slot in free_for_all}
        self.short = {slot.pk for slot in slots if resources.kinds_short_of(needs, slot, persons, taken)}

    def choice(self, slot: VisitSlot) -> SessionChoice:
        """The session with the first rule that it breaks."""
        date = local_date(slot.starts_at)
        if slot.free_persons < self.persons:
            free = slot.free_persons
            words = ngettext("only %(count)d seat free", "only %(count)d seats free", free) % {"count": free} if free else _("full")
            return SessionChoice(slot, words, is_possible=False)
        if not slot.is_open:
            return SessionChoice(slot, self.closed.get(date) or _("session closed"))
        return SessionChoice(slot, self._note(slot, date))

    def _note(self, slot: VisitSlot, date: dt.date) -> str:
        first, last = self.period
        if date in self.closed:
            return self.closed[date]
        if date < first:
            return _("short notice")
        if date > last:
            return _("far ahead")
        if self.by_day.get(date):
            return _("the day has all its visits")
        if self.by_week.get(date.isocalendar()[:2]):
            return _("the week has all its visits")
        if slot.pk in self.reserved:
            return _("promised to the waiting list")
        if slot.pk in self.short:
            return _("a room or person that is needed is taken")
        return ""
