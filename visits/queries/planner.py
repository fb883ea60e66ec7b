"""What takes place when and where: the calendar of the staff, for its table and its drawing alike."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.enums import AWAITS_DECISION, ExceptionEffect, ProposalState, VisitStatus
from visits.models import Allocation, CalendarException, Programme, ProgrammeNeed, Proposal, Resource, Visit, VisitSlot

ACCEPTED = frozenset({VisitStatus.APPROVED, VisitStatus.COMPLETED, VisitStatus.NO_SHOW})
"""What is certain; requests that wait for a decision are drawn apart."""


@dataclass(frozen=True)
class Entry:
    """One thing in the calendar. ``kind`` is ``accepted``, ``pending``, ``proposed`` or ``blocked``."""

    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    visit: Visit | None = None
    resources: tuple[Resource, ...] = ()
    note: str = ""


@dataclass
class Day:
    """A date at the venue with all that happens on it, in order of time."""

    date: dt.date
    entries: list[Entry] = field(default_factory=list)
    sessions: list[VisitSlot] = field(default_factory=list)
    closed: str = ""


def midnight(date: dt.date) -> dt.datetime:
    """The first moment of a date at the venue."""
    return dt.datetime.combine(date, dt.time.min, VENUE_ZONE)


def entries(start: dt.datetime, end: dt.datetime, *, programme: Programme | None = None, resource: Resource | None = None) -> list[Entry]:
    """Visits, requests, proposed dates and blocked times that touch a period, in order of time; three queries.

    With ``resource``, what has it, and requests whose programme needs one of its kind, because they may take it.
    """
    in_period = {"slot__starts_at__lt": end, "slot__ends_at__gt": start}
    visits = Visit.objects.select_related("programme", "slot").filter(status__in=ACCEPTED | AWAITS_DECISION, **in_period)
    proposals = Proposal.objects.select_related("visit__programme", "slot").filter(state=ProposalState.OPEN, **in_period)
    allocations = Allocation.objects.select_related("resource").filter(active=True, starts_at__lt=end, ends_at__gt=start)
    if programme:
        visits, proposals = visits.filter(programme=programme), proposals.filter(visit__programme=programme)
    if resource:
        has_it = Exists(Allocation.objects.filter(visit=OuterRef("pk"), resource=resource, active=True))
        visits = visits.filter(Q(has_it) | Q(_may_take(resource, "programme"), status__in=AWAITS_DECISION))
        proposals = proposals.filter(_may_take(resource, "visit__programme"))
    blocked, taken = [], defaultdict(list)
    for allocation in allocations.order_by("resource__kind", "resource__name"):
        if allocation.visit_id:
            taken[allocation.visit_id].append(allocation.resource)
        elif resource is None or allocation.resource_id == resource.pk:
            blocked.append(
                Entry("blocked", allocation.starts_at, allocation.ends_at, resources=(allocation.resource,), note=allocation.note)
            )
    found = [
        Entry(
            "accepted" if visit.status in ACCEPTED else "pending",
            visit.slot.starts_at,
            visit.slot.ends_at,
            visit,
            tuple(taken.get(visit.pk, ())),
        )
        for visit in visits
    ]
    found += [Entry("proposed", proposal.slot.starts_at, proposal.slot.ends_at, proposal.visit) for proposal in proposals]
    return sorted([*found, *blocked], key=lambda entry: (entry.starts_at, entry.kind, entry.visit.organisation if entry.visit else ""))


def _may_take(resource: Resource, programme: str) -> Exists:
    return Exists(ProgrammeNeed.objects.filter(programme=OuterRef(programme), kind=resource.kind_id))


def open_sessions(start: dt.datetime, end: dt.datetime, *, programme: Programme | None = None) -> list[VisitSlot]:
    """Sessions in a period that can be booked, in order of time; one query."""
    slots = VisitSlot.objects.select_related("programme").filter(is_open=True, starts_at__lt=end, ends_at__gt=start)
    return list((slots.filter(programme=programme) if programme else slots).order_by("starts_at", "programme__sort_order"))


def days(start: dt.date, end: dt.date, *, programme: Programme | None = None, resource: Resource | None = None) -> list[Day]:
    """Every date from ``start`` up to, not including, ``end`` with what happens on it; five queries."""
    period = midnight(start), midnight(end)
    by_date = {date: Day(date) for date in (start + dt.timedelta(days=offset) for offset in range((end - start).days))}
    for entry in entries(*period, programme=programme, resource=resource):
        # What is blocked for several days stands on each of them.
        for date in (
            date for date in by_date if entry.starts_at < midnight(date + dt.timedelta(days=1)) and entry.ends_at > midnight(date)
        ):
            by_date[date].entries.append(entry)
    for slot in open_sessions(*period, programme=programme):
        if slot.free_persons and local_date(slot.starts_at) in by_date:
            by_date[local_date(slot.starts_at)].sessions.append(slot)
    closures = CalendarException.objects.filter(date__gte=start, date__lt=end, effect=ExceptionEffect.CLOSED)
    for closure in closures.filter(Q(programme__isnull=True) | Q(programme=programme)):
        by_date[closure.date].closed = closure.reason
    return list(by_date.values())


def session_at(programme: Programme, moment: dt.datetime) -> VisitSlot | None:
    """The session that a moment falls into, or the only one of its day; None where that is not clear."""
    start = midnight(local_date(moment))
    slots = list(programme.slots.select_related("programme").filter(starts_at__gte=start, starts_at__lt=start + dt.timedelta(days=1)))
    exact = [slot for slot in slots if slot.starts_at <= moment < slot.ends_at]
    return exact[0] if exact else slots[0] if len(slots) == 1 else None
