"""Reads for choosing rooms, speakers, guides and vehicles for a visit."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.domain import agenda_clashes
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.resources import Candidate
from visits.models import Allocation, ProgrammeNeed, Resource, ResourceKind, Visit, VisitSlot


@dataclass(frozen=True)
class Option:
    """A resource as a choice for a session. ``note`` says who has it, or why it does not fit."""

    resource: Resource
    note: str = ""
    is_taken: bool = False

    @property
    def is_free(self) -> bool:
        """Whether it can be taken without a remark."""
        return not self.note


@dataclass(frozen=True)
class KindChoice:
    """The resources of a kind. ``quantity`` is what the programme needs; 0 for additional kinds."""

    kind: ResourceKind
    quantity: int
    options: list[Option]

    @property
    def must_choose(self) -> int:
        """How many must be chosen: the needed quantity, or less if fewer are free."""
        return min(self.quantity, sum(1 for option in self.options if option.is_free))


def choices(visit: Visit, slot: VisitSlot) -> list[KindChoice]:
    """All active resources for a session, by kind, needed kinds first; six queries."""
    needed = dict(ProgrammeNeed.objects.filter(programme=visit.programme_id).values_list("kind", "quantity"))
    resources = list(Resource.objects.filter(active=True).prefetch_related("hours").order_by("capacity_persons", "name"))
    taken = _taken_by(resources, visit, slot)
    by_kind: dict[int, list[Option]] = defaultdict(list)
    for resource in resources:
        by_kind[resource.kind_id].append(_option(resource, slot, visit.group_size or 0, taken.get(resource.pk)))
    kinds = [kind for kind in ResourceKind.objects.all() if kind.pk in needed or kind.pk in by_kind]
    return [KindChoice(kind, needed.get(kind.pk, 0), by_kind[kind.pk]) for kind in sorted(kinds, key=lambda kind: kind.pk not in needed)]


def _taken_by(resources: list[Resource], visit: Visit, slot: VisitSlot) -> dict[int, str]:
    """By primary key of a resource, by whom it is taken during the session or the free time after it, in words."""
    longest = max((resource.buffer_minutes for resource in resources), default=0)
    buffers = {resource.pk: dt.timedelta(minutes=resource.buffer_minutes) for resource in resources}
    in_agendas = agenda_clashes.taken_in_agendas(visit, slot)
    rows = (
        Allocation.objects.select_related("visit")
        .filter(active=True, starts_at__lt=slot.ends_at + dt.timedelta(minutes=longest), ends_at__gt=slot.starts_at)
        .filter(Q(visit__isnull=True) | ~Q(visit=visit))
        .order_by("-starts_at")
    )
    by_agenda = {
        pk: _taken_words(time.starts_at, time.ends_at, time.reference or "")
        for pk, buffer in buffers.items()
        for time in agenda_clashes.between(in_agendas.get(pk, ()), slot.starts_at, slot.ends_at + buffer)
    }
    by_allocation = {
        row.resource_id: _taken_words(row.starts_at, row.ends_at, _owner(row))
        for row in rows
        if row.resource_id in buffers and row.starts_at < slot.ends_at + buffers[row.resource_id]
    }
    return by_agenda | by_allocation


def _option(resource: Resource, slot: VisitSlot, persons: int, taken: str | None) -> Option:
    if taken:
        return Option(resource, taken, is_taken=True)
    if resource.capacity_persons is not None and resource.capacity_persons < persons:
        count = resource.capacity_persons
        return Option(resource, ngettext("too small: %(count)d seat", "too small: %(count)d seats", count) % {"count": count})
    hours = {(hour.weekday, hour.start, hour.end) for hour in resource.hours.all()}
    if not Candidate(resource.pk, dt.timedelta(), None, hours).is_there(slot):
        return Option(resource, _("not there at that time"))
    return Option(resource)


def _owner(taken: Allocation) -> str:
    return f"{taken.visit.reference or ''} {taken.visit.organisation}".strip() if taken.visit else taken.note


def _taken_words(starts_at: dt.datetime, ends_at: dt.datetime, who: str) -> str:
    start, end = (formats.time_format(moment.astimezone(VENUE_ZONE).time()) for moment in (starts_at, ends_at))
    return _("taken %(start)s–%(end)s: %(who)s") % {"start": start, "end": end, "who": who}
