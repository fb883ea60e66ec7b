"""Which rooms, speakers and vehicles are taken during sessions, found in one pass over all sessions and all times.

Times are half-open Unix timestamps, because a year of sessions needs ten thousand comparisons.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Min, Q

from visits.domain.bulk_reads import Joined, Seconds, raw_rows
from visits.models import Allocation, Visit, VisitSlot

TakenResources = Mapping[int, Collection[int]]
"""By primary key of a session, the resources that are taken during it or in the time that they must stay free afterwards."""


class SlotSpan(NamedTuple):
    """Start and end of a session."""

    pk: int
    start: int
    end: int


class TakenTime(NamedTuple):
    """A period in which resources are taken."""

    start: int
    end: int
    resources: frozenset[int]


def unix_timestamp(moment: dt.datetime) -> int:
    """The Unix timestamp of an aware datetime."""
    return int(moment.timestamp())


def session_span(slot: VisitSlot) -> SlotSpan:
    """Primary key, start and end of a session."""
    return SlotSpan(slot.pk, unix_timestamp(slot.starts_at), unix_timestamp(slot.ends_at))


def taken_during_sessions(sessions: Iterable[SlotSpan], taken: Iterable[TakenTime], free_afterwards: Mapping[int, int]) -> TakenResources:
    """Resources that are taken during each session.

    Args:
        sessions: in any order.
        taken: periods, in any order.
        free_afterwards: by resource, how many seconds it must stay free after a session.
    """
    upcoming = sorted(taken, key=lambda time: time.start, reverse=True)
    longest = max(free_afterwards.values(), default=0)
    lasting: list[TakenTime] = []
    by_session: dict[int, Collection[int]] = {}
    for pk, start, end in sorted(sessions, key=lambda asked: asked.start):
        while upcoming and upcoming[-1].start < end + longest:
            lasting.append(upcoming.pop())
        lasting = [time for time in lasting if time.end > start]
        if len(lasting) == 1 and lasting[0].start < end:
            by_session[pk] = lasting[0].resources
            continue
        found: set[int] = set()
        by_session[pk] = found
        for begins, _ends, resources in lasting:
            # An earlier, longer session may have added periods that begin after this one.
            found.update(r for r in resources if begins < end + free_afterwards.get(r, 0)) if begins >= end else found.update(resources)
    return by_session


def taken_resources(slots: Sequence[VisitSlot], buffers: Mapping[int, dt.timedelta], *, ignoring: Iterable[Visit] = ()) -> TakenResources:
    """Resources that are taken during some sessions; one query, or none without sessions or resources.

    Args:
        slots: the sessions.
        buffers: the resources that matter, with the time that each stays free after a session.
        ignoring: visits whose resources count as free.
    """
    if not slots or not buffers:
        return {}
    rows = Allocation.objects.filter(
        active=True,
        starts_at__lt=max(slot.ends_at for slot in slots) + max(buffers.values()),
        ends_at__gt=min(slot.starts_at for slot in slots),
    )
    if ignored := [visit.pk for visit in ignoring]:
        # Blocked times have no visit; NOT IN alone would leave out these nulls.
        rows = rows.filter(Q(visit__isnull=True) | ~Q(visit__in=ignored))
    # One row for each period, not for each allocation: most sessions take several rooms at the same time.
    # Min() of equal values: without it the database would also group by the computed seconds.
    alike = rows.order_by().values("ends_at", "starts_at")
    times = alike.values_list(Seconds(Min("starts_at")), Seconds(Min("ends_at")), Joined("resource"))
    known: dict[str, frozenset[int]] = {}
    taken = []
    for start, end, keys in raw_rows(times):
        if keys not in known:
            # Other resources are left out here: with a filter, the database would read and sort the periods of each resource.
            known[keys] = frozenset(map(int, keys.split(","))) & buffers.keys()
        taken.append(TakenTime(start, end, known[keys]))
    return taken_during_sessions(map(session_span, slots), taken, {pk: int(buffer.total_seconds()) for pk, buffer in buffers.items()})
