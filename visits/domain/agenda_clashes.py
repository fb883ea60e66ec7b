"""Rooms and people of an agenda that would be at two places at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _

from visits.domain.agenda_times import TimedItem, minutes_of
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.domain.errors import Refused, Violation
from visits.enums import FINISHED, VisitStatus
from visits.models import AgendaItem, Allocation, Resource, Visit, VisitSlot


class Taken(NamedTuple):
    """A time in which another visit has a room or person; ``reference`` is that of the visit, None for a time that staff blocked."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    reference: str | None


TakenTimes = dict[int, list[Taken]]
"""By the key of each resource, when it is taken."""


@dataclass(frozen=True)
class Clash:
    """A room or person at two places at once. ``key`` names item, resource and the other side, so that a clash is told from a new one."""

    key: tuple
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def taken_by_others(visit: Visit) -> TakenTimes:
    """What other visits have on the day of a visit: by allocation, or in the agenda of a scheduled visit; two queries."""
    if visit.slot is None:
        return {}
    taken = taken_in_agendas(visit, visit.slot)
    begin, end = _day_of(visit.slot)
    rows = Allocation.objects.filter(active=True, starts_at__lt=end, ends_at__gt=begin).exclude(visit=visit.pk)
    for resource, starts_at, ends_at, owner, reference in rows.values_list("resource", "starts_at", "ends_at", "visit", "visit__reference"):
        taken.setdefault(resource, []).append(Taken(starts_at, ends_at, None if owner is None else reference or ""))
    return taken


def taken_in_agendas(visit: Visit, slot: VisitSlot) -> TakenTimes:
    """Rooms and people that staff chose for items in the agendas of other scheduled visits on the day of a session; one query.

    Items without a choice of their own have what their visit was allocated, which is not among these.
    """
    begin, end = _day_of(slot)
    others = AgendaItem.objects.filter(
        visit__status=VisitStatus.APPROVED, visit__slot__starts_at__gte=begin, visit__slot__starts_at__lt=end
    ).exclude(visit=visit.pk)
    columns = ("visit_id", "visit__reference", "visit__slot__starts_at", "duration_minutes", "is_parallel", "room_id", "speaker_id")
    items = others.order_by("visit", "sort_order", "pk").values_list(*columns, named=True)
    taken: TakenTimes = defaultdict(list)
    for _visit, group in groupby(items, key=lambda item: item.visit_id):
        own = list(group)
        for item, (first, last) in zip(own, minutes_of(own), strict=True):
            start = item.visit__slot__starts_at
            time = Taken(start + dt.timedelta(minutes=first), start + dt.timedelta(minutes=last), item.visit__reference or "")
            for resource in {item.room_id, item.speaker_id} - {None}:
                taken[resource].append(time)
    return taken


def _day_of(slot: VisitSlot) -> tuple[dt.datetime, dt.datetime]:
    day = local_date(slot.starts_at)
    begin, end = (dt.datetime.combine(date, dt.time.min, VENUE_ZONE) for date in (day, day + dt.timedelta(days=1)))
    return begin, end


def clashes(visit: Visit, timed: Sequence[TimedItem], taken: TakenTimes | None = None) -> list[Clash]:
    """Rooms and people that would be at two places at once; two queries, or none with ``taken``. None for a visit that is over."""
    if visit.status in FINISHED:
        return []
    found = [clash for one, other in _at_once(timed) for clash in _between(one, other)]
    if taken is None:
        taken = taken_by_others(visit)
    for row in timed:
        found += [_with_other(row, resource, time) for resource in _used(row) for time in overlapping(row, taken.get(resource.pk, ()))]
    # A visit that has a room by allocation and in its agenda is named once.
    return list({clash.key: clash for clash in found}.values())


def overlapping(row: TimedItem, times: Iterable[Taken]) -> list[Taken]:
    """Those of the times that overlap with the item."""
    if row.starts_at is None or row.ends_at is None:
        return []
    return between(times, row.starts_at, row.ends_at)


def between(times: Iterable[Taken], starts_at: dt.datetime, ends_at: dt.datetime) -> list[Taken]:
    """Those of the times that overlap with a period."""
    return [time for time in times if time.starts_at < ends_at and time.ends_at > starts_at]


def _used(row: TimedItem) -> list[Resource]:
    return [resource for resource in (row.room, row.speaker) if resource]


def _at_once(timed: Sequence[TimedItem]) -> Iterator[tuple[TimedItem, TimedItem]]:
    """Pairs of items that take place at the same time: parallel ones, of which the later item follows in the order."""
    for place, one in enumerate(timed):
        for other in timed[place + 1 :]:
            if not other.item.is_parallel:
                break
            if one.starts_at is not None and other.starts_at is not None:
                yield one, other


def _between(one: TimedItem, other: TimedItem) -> list[Clash]:
    names = {"first": one.item.name, "second": other.item.name}
    found = []
    if one.room and one.room == other.room:
        sentence = _("“%(first)s” and “%(second)s” are at the same time in “%(room)s”. Choose another room for one of them.")
        found.append((one.room, sentence % {**names, "room": one.room.name}))
    if one.speaker and one.speaker == other.speaker:
        found.append((one.speaker, _("“%(first)s” and “%(second)s” are at the same time and have the same speaker.") % names))
    return [Clash((one.item.pk, other.item.pk, resource.pk), sentence) for resource, sentence in found]


def _with_other(row: TimedItem, resource: Resource, time: Taken) -> Clash:
    start, end = (f"{moment.astimezone(VENUE_ZONE):%H.%M}" for moment in (time.starts_at, time.ends_at))
    words = {"item": row.item.name, "room": resource.name, "start": start, "end": end, "visit": time.reference or _("another visit")}
    if resource == row.room:
        if time.reference is None:
            sentence = _("“%(item)s”: “%(room)s” is blocked %(start)s–%(end)s.")
        else:
            sentence = _("“%(item)s”: “%(room)s” is taken %(start)s–%(end)s by visit %(visit)s.")
    elif time.reference is None:
        sentence = _("“%(item)s”: the speaker is not available %(start)s–%(end)s.")
    else:
        sentence = _("“%(item)s”: the speaker is taken %(start)s–%(end)s by visit %(visit)s.")
    return Clash((row.item.pk, resource.pk, time.reference), sentence % words)


def refuse_new(visit: Visit, before: Sequence[TimedItem], after: Sequence[TimedItem]) -> None:
    """Refuse a change that brings a room or person to two places at once; what clashed before it may stay.

    Locks the rows of the rooms and people in the order of their keys, so that two agendas that are saved at once do not take the same.

    Raises:
        Refused: the sentences name the other visit by its reference, and no person.
    """
    used = sorted({resource.pk for row in after for resource in _used(row)})
    list(Resource.objects.select_for_update().filter(pk__in=used).order_by("pk"))
    taken = taken_by_others(visit)
    known = {clash.key for clash in clashes(visit, before, taken)}
    if new := [clash for clash in clashes(visit, after, taken) if clash.key not in known]:
        raise Refused(violations=[Violation("agenda_clash", clash.sentence) for clash in new])
