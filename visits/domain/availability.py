"""Which sessions can be booked, computed in stages: opening hours → ranges → slots → limits → seats → resources → waiting list.

All intervals are half-open. Ranges are local times of the venue for each day; they are converted to aware datetimes afterwards, so
that no UTC offset is added by hand.
"""

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import resource_conflicts, resources
from visits.domain.bulk_reads import slots_between
from visits.domain.calendar_days import VENUE_ZONE, closed_dates, closures_needed_for_notice, first_date_after_notice, local_date
from visits.domain.resource_conflicts import TakenResources
from visits.enums import ExceptionEffect, VisitStatus
from visits.models import CalendarException, Programme, Proposal, Visit, VisitSlot, WaitlistEntry, WeeklyHours
from visits.models.scheduling import MAX_NOTICES


@dataclass(frozen=True)
class OpenRange:
    """A period of local time on one day in which guests are received."""

    date: dt.date
    start: dt.time
    end: dt.time


def opening_ranges(
    dates: Iterable[dt.date],
    weekly_hours: Iterable[WeeklyHours],
    exceptions: Iterable[CalendarException],
) -> list[OpenRange]:
    """First stage: weekly hours; an exception replaces the whole day. A closure has priority over special hours."""
    hours_by_weekday: dict[int, list[tuple[dt.time, dt.time]]] = {}
    for hours in weekly_hours:
        hours_by_weekday.setdefault(hours.weekday, []).append((hours.start, hours.end))
    special: dict[dt.date, list[tuple[dt.time, dt.time]]] = {}
    closed: set[dt.date] = set()
    for exception in exceptions:
        if exception.effect == ExceptionEffect.CLOSED:
            closed.add(exception.date)
        elif exception.start and exception.end:
            special.setdefault(exception.date, []).append((exception.start, exception.end))
    return [
        OpenRange(date, start, end)
        for date in dates
        if date not in closed
        for start, end in sorted(special.get(date, hours_by_weekday.get(date.isoweekday(), [])))
    ]


def slot_times(
    ranges: Iterable[OpenRange], *, duration: dt.timedelta, buffer: dt.timedelta, zone: dt.tzinfo = VENUE_ZONE
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Second stage: as many visits as fit into each range, with the pause between them; aware datetimes in the venue's zone.

    Durations are added in UTC, so that a visit has its full length also when the clocks change.
    """
    times = []
    for opening in ranges:
        start = dt.datetime.combine(opening.date, opening.start, zone).astimezone(dt.UTC)
        end_of_range = dt.datetime.combine(opening.date, opening.end, zone).astimezone(dt.UTC)
        while start + duration <= end_of_range:
            times.append((start.astimezone(zone), (start + duration).astimezone(zone)))
            start += duration + buffer
    return times


def within_limits(
    slots: Iterable[VisitSlot],
    *,
    visits_per_day: Mapping[dt.date, int],
    visits_per_week: Mapping[tuple[int, int], int],
    max_per_day: int,
    max_per_week: int,
) -> list[VisitSlot]:
    """Third stage: leave out slots on days and in ISO weeks that have reached their limit of visits."""
    if max_per_day < 1 or max_per_week < 1:
        return []
    full_days = {date for date, visits in visits_per_day.items() if visits >= max_per_day}
    full_weeks = {week for week, visits in visits_per_week.items() if visits >= max_per_week}
    if not full_days and not full_weeks:
        return list(slots)
    return [
        slot
        for slot in slots
        if (date := local_date(slot.starts_at)) not in full_days and not (full_weeks and date.isocalendar()[:2] in full_weeks)
    ]


def with_free_seats(slots: Iterable[VisitSlot], *, persons: int) -> list[VisitSlot]:
    """Fourth stage: slots that are open and have seats for the whole group."""
    return [slot for slot in slots if slot.is_open and slot.free_persons >= persons]


@dataclass(frozen=True)
class WaitingGuest:
    """A guest on the waiting list. Sessions that were ``offered`` before are not offered again."""

    persons: int
    from_date: dt.date
    until_date: dt.date
    offered: frozenset[int] = frozenset()

    def is_served_by(self, slot: VisitSlot, needs: Sequence[resources.Need] = (), taken: TakenResources = MappingProxyType({})) -> bool:
        """Whether the free seats of a session would be offered to this guest: seats, day, and rooms that are large enough."""
        return (
            self.persons <= slot.free_persons
            and self.from_date <= local_date(slot.starts_at) <= self.until_date
            and slot.pk not in self.offered
            and not resources.kinds_short_of(needs, slot, self.persons, taken)
        )


def waiting_entries(programme: Programme, *, except_visit: Visit | None = None) -> QuerySet[WaitlistEntry]:
    """Entries of guests who wait for a place in the programme and may still be offered one, in order."""
    return (
        WaitlistEntry.objects.filter(is_open=True, visit__programme=programme, visit__status=VisitStatus.SUBMITTED)
        .filter(notices_sent__lt=MAX_NOTICES)
        .exclude(visit=except_visit)
        .order_by("joined_at", "pk")
    )


def waiting_guests(programme: Programme, *, except_visit: Visit | None = None) -> list[WaitingGuest]:
    """Guests who wait for a place in the programme and may still be offered one, in order; one query."""
    return waiting_from(waiting_entries(programme, except_visit=except_visit).values_list(*WAITING_COLUMNS))


WAITING_COLUMNS = ("pk", "visit__group_size", "from_date", "until_date", "visit__proposals__slot")
"""Columns of WaitlistEntry that waiting_from() reads."""


def waiting_from(rows: Iterable[Sequence[Any]]) -> list[WaitingGuest]:
    """Waiting guests from rows with WAITING_COLUMNS, in their order."""
    offered: dict[tuple[int, int, dt.date, dt.date], set[int]] = {}
    for pk, persons, from_date, until_date, slot in rows:
        offered.setdefault((pk, persons or 0, from_date, until_date), set()).update({slot} - {None})
    return [WaitingGuest(persons, start, end, frozenset(slots)) for (_pk, persons, start, end), slots in offered.items()]


def without_reserved(
    slots: Iterable[VisitSlot],
    entries: Sequence[WaitingGuest],
    needs: Sequence[resources.Need] = (),
    taken: TakenResources = MappingProxyType({}),
) -> list[VisitSlot]:
    """Last stage: leave out slots whose free seats are offered to a guest on the waiting list first.

    Guests for whom resources are missing reserve no seats.
    """
    return [slot for slot in slots if not any(entry.is_served_by(slot, needs, taken) for entry in entries)]


def bookable_period(programme: Programme, now: dt.datetime, *, closed: Container[dt.date] | None = None) -> tuple[dt.date, dt.date]:
    """First and last date on which a visit requested now may take place.

    One query, unless the caller knows on which dates the office is ``closed`` (up to closures_needed_for_notice()).
    """
    today = local_date(now)
    if closed is None:
        closed = closed_dates(today, closures_needed_for_notice(programme, today))
    return first_date_after_notice(programme, today, closed), today + dt.timedelta(days=programme.horizon_days)


def weeks_around(start: dt.date, end: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From the Monday before (or on) one date up to, not including, the Monday after another."""
    first = start - dt.timedelta(days=start.isoweekday() - 1)
    last = end + dt.timedelta(days=8 - end.isoweekday())
    return dt.datetime.combine(first, dt.time.min, VENUE_ZONE), dt.datetime.combine(last, dt.time.min, VENUE_ZONE)


def _sessions_of(visit: Visit | None) -> list[int]:
    """Primary keys of the sessions in which a visit and its open proposal hold seats; no query for an unsaved visit."""
    if visit is None or visit.pk is None:
        return []
    own = Visit.objects.filter(pk=visit.pk, seats_held__gt=0, slot__isnull=False).order_by().values_list("slot")
    proposed = Proposal.objects.filter(visit=visit, seats_held__gt=0).order_by().values_list("slot")
    return [slot for (slot,) in own.union(proposed, all=True)]


def count_visits(slots: Iterable[tuple[int, dt.datetime, int]], own_sessions: Iterable[int]) -> tuple[Counter, Counter]:
    """Count visits by local date and by ISO week, without those of a visit that holds seats in ``own_sessions``.

    Sessions are given as primary key, start and number of visits.
    """
    own = Counter(own_sessions)
    by_day: Counter = Counter()
    by_week: Counter = Counter()
    for pk, starts_at, visits in slots:
        if visits:
            by_day[local_date(starts_at)] += visits - own[pk]
    for date, visits in by_day.items():
        by_week[date.isocalendar()[:2]] += visits
    return by_day, by_week


def visit_counts(programme: Programme, start: dt.date, end: dt.date, *, except_visit: Visit | None = None) -> tuple[Counter, Counter]:
    """Number of visits and open proposals with seats, by local date and by ISO week (year, week), for the whole weeks of the period.

    One query; two with ``except_visit``.
    """
    first, last = weeks_around(start, end)
    rows = VisitSlot.objects.filter(programme=programme, starts_at__gte=first, starts_at__lt=last, used_visits__gt=0).order_by()
    return count_visits(rows.values_list("pk", "starts_at", "used_visits"), _sessions_of(except_visit))


def bookable_slots(
    programme: Programme,
    *,
    persons: int,
    now: dt.datetime,
    start: dt.date | None = None,
    end: dt.date | None = None,
    visit: Visit | None = None,
    for_waiting_list: bool = False,
) -> list[VisitSlot]:
    """Slots that a group of ``persons`` may request now, in order of time.

    Makes five queries (closures, slots, needs, allocations, waiting list), whatever the number of slots and visits; six with ``visit``.

    Args:
        programme: the requested programme.
        persons: size of the group.
        now: the moment of the request.
        start: narrows the period; local date, included.
        end: narrows the period; local date, included.
        visit: the visit that needs another date; it does not conflict with itself.
        for_waiting_list: whether to include seats that are reserved for the waiting list.
    """
    first, last = bookable_period(programme, now)
    first, last = max(first, start or first), min(last, end or last)
    if first > last or not programme.min_persons <= persons <= programme.max_persons:
        return []
    monday, monday_after = weeks_around(first, last)
    # Closed sessions too: their visits count for the day and the week.
    around = list(slots_between(programme, monday, monday_after))
    by_day, by_week = count_visits(((slot.pk, slot.starts_at, slot.used_visits) for slot in around), _sessions_of(visit))
    begin, end_of_period = (dt.datetime.combine(day, dt.time.min, VENUE_ZONE) for day in (first, last + dt.timedelta(days=1)))
    allowed = within_limits(
        (slot for slot in around if begin <= slot.starts_at < end_of_period),
        visits_per_day=by_day,
        visits_per_week=by_week,
        max_per_day=programme.max_per_day,
        max_per_week=programme.max_per_week,
    )
    free = with_free_seats(allowed, persons=persons)
    needs = resources.needs_of(programme)
    taken = resource_conflicts.taken_resources(free, resources.buffers_of(needs), ignoring=[visit] if visit else [])
    free = resources.with_resources(free, persons=persons, needs=needs, taken=taken)
    if not for_waiting_list:
        free = without_reserved(free, waiting_guests(programme, except_visit=visit), needs, taken)
    return free


def exceptions_for(programme: Programme, start: dt.date, end: dt.date) -> QuerySet[CalendarException]:
    """Exceptions of all programmes and of this one, from ``start`` to ``end`` (both included)."""
    return CalendarException.objects.filter(date__range=(start, end)).filter(programme__isnull=True) | CalendarException.objects.filter(
        date__range=(start, end), programme=programme
    )


@transaction.atomic
def materialise_slots(programme: Programme, *, now: dt.datetime) -> int:
    """Create the programme's slots up to its horizon; returns how many are new. Idempotent.

    Slots outside the current opening hours are closed if they have visits, and deleted otherwise. If the hours include them again,
    they are opened again, unless staff closed them.
    """
    today = local_date(now)
    dates = [today + dt.timedelta(days=offset) for offset in range(programme.horizon_days + 1)]
    ranges = opening_ranges(dates, WeeklyHours.objects.filter(programme=programme), exceptions_for(programme, dates[0], dates[-1]))
    wanted = slot_times(
        ranges,
        duration=dt.timedelta(minutes=programme.duration_minutes),
        buffer=dt.timedelta(minutes=programme.buffer_minutes),
    )
    if not programme.active:
        wanted = []
    existing = {slot.starts_at: slot for slot in programme.slots.filter(starts_at__gte=now).select_for_update()}
    wanted_starts = {start for start, _ in wanted}
    stale = [slot.pk for start, slot in existing.items() if start not in wanted_starts]
    VisitSlot.objects.filter(pk__in=stale, visits__isnull=True, proposals__isnull=True).delete()
    VisitSlot.objects.filter(pk__in=stale, is_open=True).update(is_open=False, closed_by_hours=True)
    wanted_again = [slot.pk for start, slot in existing.items() if start in wanted_starts and slot.closed_by_hours]
    VisitSlot.objects.filter(pk__in=wanted_again).update(is_open=True, closed_by_hours=False)
    new = [
        VisitSlot(programme=programme, starts_at=start, ends_at=end, capacity_persons=programme.capacity_persons)
        for start, end in wanted
        if start > now and start not in existing
    ]
    VisitSlot.objects.bulk_create(new)
    return len(new)


def refresh_slots(*, now: dt.datetime) -> int:
    """Create the slots of all programmes, for example after a change of hours or holidays; returns how many are new."""
    return sum(materialise_slots(programme, now=now) for programme in Programme.objects.all())


@transaction.atomic
def set_open(slot: VisitSlot, *, is_open: bool, user: User | None) -> None:
    """Open or close a session manually; its visits stay. Logged."""
    if VisitSlot.objects.filter(pk=slot.pk).exclude(is_open=is_open).update(is_open=is_open, closed_by_hours=False):
        log(instance=slot, action="visits.session_switched", user=user, data={"is_open": is_open})
