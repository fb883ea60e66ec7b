"""Rooms, speakers, guides and vehicles: what a visit needs, what is free, and allocation without overlaps."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import agenda_clashes, resource_conflicts
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.errors import Refused, Violation
from visits.domain.preconditions import require_programme
from visits.domain.resource_conflicts import TakenResources
from visits.models import Allocation, Programme, ProgrammeNeed, Resource, ResourceKind, Visit, VisitSlot


@dataclass
class Candidate:
    """A resource that may be allocated. Without hours it is always available."""

    pk: int
    buffer: dt.timedelta
    capacity: int | None
    hours: set[tuple[int, dt.time, dt.time]] = field(default_factory=set)

    def is_there(self, slot: VisitSlot) -> bool:
        """Whether the session is within its hours."""
        if not self.hours:
            return True
        start, end = slot.starts_at.astimezone(VENUE_ZONE), slot.ends_at.astimezone(VENUE_ZONE)
        return start.date() == end.date() and any(
            weekday == start.isoweekday() and opens <= start.time() and end.time() <= closes for weekday, opens, closes in self.hours
        )


@dataclass
class Need:
    """How many resources of a kind a visit needs, and the candidates."""

    kind_id: int
    quantity: int
    candidates: dict[int, Candidate] = field(default_factory=dict)

    def for_group(self, persons: int) -> "Need":
        """The same need with only those candidates that are large enough."""
        fitting = {pk: one for pk, one in self.candidates.items() if one.capacity is None or one.capacity >= persons}
        return Need(self.kind_id, self.quantity, fitting)

    def free(self, slot: VisitSlot, taken: Collection[int]) -> list[int]:
        """Candidates that are available in a session and not taken."""
        return [pk for pk, candidate in self.candidates.items() if pk not in taken and candidate.is_there(slot)]

    def is_met(self, slot: VisitSlot, taken: Collection[int]) -> bool:
        """Whether enough candidates are free in a session."""
        return len(self.free(slot, taken)) >= self.quantity


def needs_of(programme: Programme) -> list[Need]:
    """What a visit of the programme needs, with the active resources of each kind and their hours; one query."""
    return needs_by_programme([programme])[programme.pk]


def needs_by_programme(programmes: Iterable[Programme]) -> dict[int, list[Need]]:
    """By the key of each programme, what a visit of it needs; one query for all of them."""
    keys = [programme.pk for programme in programmes]
    return needs_from(ProgrammeNeed.objects.filter(programme__in=keys).values_list(*NEED_COLUMNS), keys)


NEED_COLUMNS = (
    "programme_id",
    "kind_id",
    "quantity",
    "kind__resources",
    "kind__resources__active",
    "kind__resources__buffer_minutes",
    "kind__resources__capacity_persons",
    "kind__resources__hours__weekday",
    "kind__resources__hours__start",
    "kind__resources__hours__end",
)
"""Columns of ProgrammeNeed that needs_from() reads."""


def needs_from(rows: Iterable[Sequence[Any]], programmes: Iterable[int]) -> dict[int, list[Need]]:
    """By the key of each programme, what a visit of it needs, from rows with NEED_COLUMNS."""
    needs: dict[int, dict[int, Need]] = {programme: {} for programme in programmes}
    for programme, kind, quantity, pk, active, buffer, capacity, weekday, opens, closes in rows:
        need = needs[programme].setdefault(kind, Need(kind, quantity))
        if pk is None or not active:
            continue
        candidate = need.candidates.setdefault(pk, Candidate(pk, dt.timedelta(minutes=buffer), capacity))
        if weekday is not None:
            candidate.hours.add((weekday, opens, closes))
    return {programme: list(by_kind.values()) for programme, by_kind in needs.items()}


def buffers_of(needs: Iterable[Need]) -> dict[int, dt.timedelta]:
    """The candidates of some needs, with the time that each must stay free after a session."""
    return {candidate.pk: candidate.buffer for need in needs for candidate in need.candidates.values()}


def with_resources(slots: Iterable[VisitSlot], *, persons: int, needs: Sequence[Need], taken: TakenResources) -> list[VisitSlot]:
    """A stage of availability: sessions for which enough resources are free."""
    left = list(slots)
    for need in needs:
        fitting = need.for_group(persons)
        left = [slot for slot in left if fitting.is_met(slot, taken.get(slot.pk, ()))]
    return left


def kinds_short_of(needs: Iterable[Need], slot: VisitSlot, persons: int, taken: TakenResources) -> set[int]:
    """Primary keys of the kinds of which not enough is free in a session."""
    return {need.kind_id for need in needs if not need.for_group(persons).is_met(slot, taken.get(slot.pk, ()))}


def kind_names(kinds: Collection[int]) -> list[str]:
    """Names of kinds of resources by their primary keys; one query."""
    return [kind.name for kind in ResourceKind.objects.filter(pk__in=kinds)]


def choose(visit: Visit, slot: VisitSlot) -> list[Resource]:
    """The first free resources that the visit needs in a session; fewer if some are missing.

    Resources that the visit already has come first, then the smallest, then by name. Additional resources of the visit are kept if
    they are free too. At most five queries.
    """
    needs = needs_of(require_programme(visit))
    held = {allocation.resource for allocation in Allocation.objects.filter(visit=visit, active=True).select_related("resource")}
    candidates = {candidate for need in needs for candidate in need.candidates} | {resource.pk for resource in held}
    if not candidates:
        return []
    known = {resource.pk: resource for resource in Resource.objects.filter(pk__in=candidates)}
    buffers = {pk: dt.timedelta(minutes=resource.buffer_minutes) for pk, resource in known.items()}
    taken = {*resource_conflicts.taken_resources([slot], buffers, ignoring=[visit])[slot.pk], *_in_agendas(visit, slot, buffers)}
    chosen: list[Resource] = []
    for need in needs:
        free = [known[pk] for pk in need.for_group(visit.group_size or 0).free(slot, taken)]
        free.sort(key=lambda resource: (resource not in held, resource.capacity_persons or _ANY_SIZE, resource.name))
        chosen += free[: need.quantity]
    needed = {need.kind_id for need in needs}
    chosen += [
        resource
        for resource in sorted(held, key=lambda resource: resource.name)
        if resource.kind_id not in needed and resource.active and resource.pk not in taken
    ]
    return chosen


def held_by(visit: Visit) -> list[Resource]:
    """Resources that the visit has, by kind and name; no query if the visit was read with its allocations, their resources and kinds."""
    if visit._state.adding:
        return []
    if "allocations" in getattr(visit, "_prefetched_objects_cache", ()):
        held = [allocation.resource for allocation in visit.allocations.all() if allocation.active]
        return sorted(held, key=lambda resource: (resource.kind_id, resource.name))
    allocations = Allocation.objects.filter(visit=visit, active=True).select_related("resource__kind")
    return [allocation.resource for allocation in allocations.order_by("resource__kind", "resource__name")]


_ANY_SIZE = 2**15
"""Sorts resources without a number of seats last."""


def allocate(visit: Visit, slot: VisitSlot, chosen: Iterable[Resource], *, user: User | None = None) -> list[Allocation]:
    """Allocate resources to a visit in a session, instead of those that it had. Must run inside a transaction.

    The rows of the resources are locked in the order of their primary keys, so that no resource is allocated twice; on PostgreSQL an
    exclusion constraint enforces it too.

    Raises:
        Refused: a resource is taken by another visit (for the whole session, or for an item of its agenda) or blocked; the sentence
            names it.
    """
    former = list(visit.allocations.filter(active=True).values_list("resource__name", flat=True))
    release(visit)
    rows = list(Resource.objects.select_for_update(of=("self",)).filter(pk__in=[resource.pk for resource in chosen]).order_by("pk"))
    made = [
        Allocation(
            resource=resource,
            visit=visit,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at + dt.timedelta(minutes=resource.buffer_minutes),
        )
        for resource in rows
    ]
    in_agendas = _in_agendas(visit, slot, {resource.pk: dt.timedelta(minutes=resource.buffer_minutes) for resource in rows})
    for allocation in made:
        if allocation.resource_id in in_agendas or overlapping(allocation).exists():
            raise Refused(violations=[_taken(allocation.resource)])
    try:
        with transaction.atomic():
            Allocation.objects.bulk_create(made)
    except IntegrityError as error:
        raise Refused(violations=[Violation("resource_taken", _("What you chose was just taken. Choose again."))]) from error
    names = [", ".join(sorted(each)) for each in (former, [resource.name for resource in rows])]
    if names[0] != names[1]:
        log(instance=visit, action="visits.resources", user=user, data={"names": names})
    return made


def _in_agendas(visit: Visit, slot: VisitSlot, buffers: Mapping[int, dt.timedelta]) -> set[int]:
    """Those of the resources that agendas of other visits take during a session or the free time after it; one query."""
    if not buffers:
        return set()
    taken = agenda_clashes.taken_in_agendas(visit, slot)
    return {pk for pk, buffer in buffers.items() if agenda_clashes.between(taken.get(pk, ()), slot.starts_at, slot.ends_at + buffer)}


def overlapping(allocation: Allocation) -> QuerySet[Allocation]:
    """Active allocations of the same resource that overlap with this one."""
    return Allocation.objects.filter(
        resource=allocation.resource, active=True, starts_at__lt=allocation.ends_at, ends_at__gt=allocation.starts_at
    ).exclude(pk=allocation.pk)


def _taken(resource: Resource) -> Violation:
    return Violation("resource_taken", _("“%(name)s” is taken at that time. Choose another one.") % {"name": resource.name})


def release(visit: Visit) -> int:
    """Deactivate all allocations of a visit; the rows are kept. Returns how many."""
    return Allocation.objects.filter(visit=visit, active=True).update(active=False)


@transaction.atomic
def block(resource: Resource, starts_at: dt.datetime, ends_at: dt.datetime, note: str) -> Allocation:
    """Block a resource for a time, as for repairs or leave.

    Raises:
        Refused: it is taken in that time; the visits must be moved first.
    """
    locked = Resource.objects.select_for_update(of=("self",)).get(pk=resource.pk)
    allocation = Allocation(resource=locked, starts_at=starts_at, ends_at=ends_at, note=note)
    if overlapping(allocation).exists():
        raise Refused(violations=[_taken(locked)])
    allocation.save()
    return allocation


@transaction.atomic
def unblock(allocation: Allocation) -> bool:
    """Delete a blocked time, never the allocation of a visit. Returns whether it was deleted."""
    return bool(Allocation.objects.filter(pk=allocation.pk, visit__isnull=True).delete()[0])


def overlaps() -> list[tuple[int, int]]:
    """Pairs of active allocations of one resource that overlap; none, unless something went wrong."""
    pairs = []
    by_resource: dict[int, list[tuple[dt.datetime, dt.datetime, int]]] = defaultdict(list)
    rows = Allocation.objects.filter(active=True).order_by("resource", "starts_at", "pk")
    for resource, starts_at, ends_at, pk in rows.values_list("resource", "starts_at", "ends_at", "pk"):
        pairs += [(earlier, pk) for _start, end, earlier in by_resource[resource] if end > starts_at]
        by_resource[resource].append((starts_at, ends_at, pk))
    return pairs
