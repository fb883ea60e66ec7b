"""Reads for the staff's calendar of visits, as a table and for FullCalendar."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import DateField, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from knowledge_hub.core.language import active_language
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.enums import AWAITS_DECISION, ExceptionEffect, VisitStatus
from visits.models import Allocation, CalendarException, Programme, ProgrammeNeed, Resource, Visit, VisitSlot
from visits.models.scheduling import open_proposal_condition

ACCEPTED = frozenset({VisitStatus.APPROVED, VisitStatus.COMPLETED})
"""Visits with a fixed date. Open requests, and visits to which nobody came, are drawn differently."""


@dataclass(frozen=True)
class Entry:
    """An entry of the calendar. ``kind`` is ``accepted``, ``pending``, ``proposed``, ``absent`` (nobody came) or ``blocked``."""

    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    visit: Visit | None = None
    resources: tuple[Resource, ...] = ()
    note: str = ""


@dataclass
class Day:
    """A date at the venue with its entries, in order of time."""

    date: dt.date
    entries: list[Entry] = field(default_factory=list)
    sessions: list[VisitSlot] = field(default_factory=list)
    closed: str = ""


def midnight(date: dt.date) -> dt.datetime:
    """The start of a date at the venue."""
    return dt.datetime.combine(date, dt.time.min, VENUE_ZONE)


def entries(start: dt.datetime, end: dt.datetime, *, programme: int | None = None, resource: int | None = None) -> list[Entry]:
    """Visits, requests, proposed dates and blocked times in a period, in order of time; two queries.

    With ``resource`` (a primary key): entries that have it, and requests whose programme needs one of its kind.
    """
    visits = visits_between(start, end, programme=programme, resource=resource)
    return entries_of(visits, allocations_between(start, end), resource=resource)


def allocations_between(start: dt.datetime, end: dt.datetime) -> QuerySet[Allocation]:
    """Active allocations and blocked times in a period, with their resources."""
    allocations = Allocation.objects.select_related("resource").filter(active=True, starts_at__lt=end, ends_at__gt=start)
    return allocations.order_by("resource__kind", "resource__name")


COMPUTED = ("proposed_start", "proposed_end", "is_there", "is_proposed")
"""Annotations of visits_between() that entries_of() reads."""


def visits_between(start: dt.datetime, end: dt.datetime, *, programme: int | None = None, resource: int | None = None) -> QuerySet[Visit]:
    """Visits and requests whose session (``is_there``) or open proposal (``is_proposed``) is in a period."""
    in_its_session = Q(status__in=ACCEPTED | AWAITS_DECISION | {VisitStatus.NO_SHOW}, slot__starts_at__lt=end, slot__ends_at__gt=start)
    in_a_proposed_one = Q(proposed_start__lt=end, proposed_end__gt=start)
    visits = (
        Visit.objects.select_related("programme", "slot")
        .annotate(current_proposal=FilteredRelation("proposals", condition=open_proposal_condition("proposals__")))
        .annotate(proposed_start=F("current_proposal__slot__starts_at"), proposed_end=F("current_proposal__slot__ends_at"))
    )
    if programme:
        visits = visits.filter(programme=programme)
    if resource:
        has_it = Exists(Allocation.objects.filter(visit=OuterRef("pk"), resource=resource, active=True))
        may_take = Exists(ProgrammeNeed.objects.filter(programme=OuterRef("programme"), kind__resources=resource))
        in_its_session &= Q(has_it) | Q(may_take, status__in=AWAITS_DECISION)
        in_a_proposed_one &= Q(may_take)
    return visits.annotate(is_there=Q(in_its_session), is_proposed=Q(in_a_proposed_one)).filter(in_its_session | in_a_proposed_one)


def entries_of(visits: Iterable[Visit], allocations: Iterable[Allocation], *, resource: int | None = None) -> list[Entry]:
    """Entries of the rows of visits_between() and allocations_between(), in order of time."""
    blocked, taken = [], defaultdict(list)
    for allocation in allocations:
        if allocation.visit_id:
            taken[allocation.visit_id].append(allocation.resource)
        elif resource is None or allocation.resource_id == resource:
            blocked.append(
                Entry("blocked", allocation.starts_at, allocation.ends_at, resources=(allocation.resource,), note=allocation.note)
            )
    found = []
    for visit in visits:
        if visit.is_there:
            found.append(Entry(_kind(visit), visit.slot.starts_at, visit.slot.ends_at, visit, tuple(taken.get(visit.pk, ()))))
        if visit.is_proposed:
            found.append(Entry("proposed", visit.proposed_start, visit.proposed_end, visit))
    return sorted([*found, *blocked], key=lambda entry: (entry.starts_at, entry.kind, entry.visit.organisation if entry.visit else ""))


def _kind(visit: Visit) -> str:
    if visit.status == VisitStatus.NO_SHOW:
        return "absent"
    return "accepted" if visit.status in ACCEPTED else "pending"


def open_sessions(start: dt.datetime, end: dt.datetime, *, programme: int | None = None) -> list[VisitSlot]:
    """Sessions in a period that can be booked, in order of time; one query."""
    slots = VisitSlot.objects.select_related("programme").filter(is_open=True, starts_at__lt=end, ends_at__gt=start)
    return list((slots.filter(programme=programme) if programme else slots).order_by("starts_at", "programme__sort_order"))


@dataclass(frozen=True)
class PlannerContext:
    """Choices of the filters, and closed days of a period."""

    programmes: list[tuple[int, str]]
    resources: list[tuple[int, str]]
    closures: list[tuple[int | None, str, dt.date]]

    def closed(self, programme: int | None) -> dict[dt.date, str]:
        """Closed dates with their reasons, for all programmes and for this one."""
        return {date: reason for owner, reason, date in self.closures if owner in (None, programme)}


def planner_context(start: dt.date, end: dt.date) -> PlannerContext:
    """Programmes and active resources as choices, and closures from ``start`` to before ``end``; one query."""
    language = active_language()
    no_date = Cast(Value(None), DateField())
    closures = CalendarException.objects.filter(date__gte=start, date__lt=end, effect=ExceptionEffect.CLOSED).order_by()
    rows = (
        Programme.objects.order_by()
        .values_list(Value("programme"), "sort_order", "pk", f"name_{language}", no_date)
        .union(
            Resource.objects.filter(active=True).order_by().values_list(Value("resource"), "kind", "pk", "name", no_date),
            closures.values_list(Value("closure"), Value(0), "programme", f"reason_{language}", "date"),
            all=True,
        )
    )
    found: dict[str, list] = defaultdict(list)
    for what, order, key, words, date in rows:
        found[what].append((order, words, key, date))
    programmes, resources = ([(key, words) for _order, words, key, _date in sorted(found[what])] for what in ("programme", "resource"))
    return PlannerContext(programmes, resources, [(key, words, date) for _order, words, key, date in found["closure"]])


def days(
    start: dt.date, end: dt.date, closed: dict[dt.date, str], *, programme: int | None = None, resource: int | None = None
) -> list[Day]:
    """All dates from ``start`` to before ``end`` with their entries; three queries."""
    period = midnight(start), midnight(end)
    by_date = {
        date: Day(date, closed=closed.get(date, "")) for date in (start + dt.timedelta(days=offset) for offset in range((end - start).days))
    }
    for entry in entries(*period, programme=programme, resource=resource):
        # A block of several days is listed on each of them.
        for date in (
            date for date in by_date if entry.starts_at < midnight(date + dt.timedelta(days=1)) and entry.ends_at > midnight(date)
        ):
            by_date[date].entries.append(entry)
    for slot in open_sessions(*period, programme=programme):
        if slot.free_persons and local_date(slot.starts_at) in by_date:
            by_date[local_date(slot.starts_at)].sessions.append(slot)
    return list(by_date.values())


def session_at(programme: Programme, moment: dt.datetime) -> VisitSlot | None:
    """The session at a time, or the only one of that day; None if there are several."""
    start = midnight(local_date(moment))
    slots = list(programme.slots.select_related("programme").filter(starts_at__gte=start, starts_at__lt=start + dt.timedelta(days=1)))
    exact = [slot for slot in slots if slot.starts_at <= moment < slot.ends_at]
    return exact[0] if exact else slots[0] if len(slots) == 1 else None
