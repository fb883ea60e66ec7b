"""Seats that are to be offered to the waiting list before anybody else may have them: a stage of availability."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from visits.domain import resources
from visits.domain.calendar_days import local_date
from visits.domain.resource_conflicts import TakenResources
from visits.enums import VisitStatus
from visits.models import Programme, Visit, VisitSlot, WaitlistEntry
from visits.models.scheduling import MAX_NOTICES


@dataclass(frozen=True)
class Waiting:
    """A guest on the waiting list, as availability looks at it. A session that was ``offered`` is not offered again."""

    persons: int
    from_date: dt.date
    until_date: dt.date
    offered: frozenset[int] = frozenset()

    def is_served_by(self, slot: VisitSlot, needs: Sequence[resources.Need] = (), engaged: TakenResources = MappingProxyType({})) -> bool:
        """Whether the free seats of a session would be offered to this guest: seats, day, and rooms that are large enough."""
        return (
            self.persons <= slot.free_persons
            and self.from_date <= local_date(slot.starts_at) <= self.until_date
            and slot.pk not in self.offered
            and not resources.short_of(needs, slot, self.persons, engaged)
        )


def waiting(programme: Programme, *, except_visit: Visit | None = None) -> list[Waiting]:
    """Who waits for a place in the programme and may still be offered one, in order; one query."""
    rows = (
        WaitlistEntry.objects.filter(is_open=True, visit__programme=programme, visit__status=VisitStatus.SUBMITTED)
        .filter(notices_sent__lt=MAX_NOTICES)
        .exclude(visit=except_visit)
        .order_by("joined_at", "pk")
        .values_list("pk", "visit__group_size", "from_date", "until_date", "visit__proposals__slot")
    )
    offered: dict[tuple, set[int]] = {}
    for *entry, slot in rows:
        offered.setdefault(tuple(entry), set()).update({slot} - {None})
    return [Waiting(*entry, frozenset(slots)) for (_pk, *entry), slots in offered.items()]


def free_for_everybody(
    slots: Iterable[VisitSlot],
    entries: Sequence[Waiting],
    needs: Sequence[resources.Need] = (),
    engaged: TakenResources = MappingProxyType({}),
) -> list[VisitSlot]:
    """Drop slots whose free seats are to be offered to somebody on the waiting list first.

    Who could not be received for want of a room keeps nobody else from the seats.
    """
    return [slot for slot in slots if not any(entry.is_served_by(slot, needs, engaged) for entry in entries)]
