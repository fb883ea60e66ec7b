"""When the items of an agenda take place, who speaks and where. Pure: makes no query for items that were read with their people."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from visits.domain.calendar_days import VENUE_ZONE
from visits.models import AgendaItem, Resource, SpeakerInvitation

Kind = AgendaItem.Kind

GUIDE = "pemandu"
"""Slug of the kind of people who lead tours; all other people speak."""


@dataclass(frozen=True)
class TimedItem:
    """An item with its time, speaker and room.

    Attributes:
        starts_at: in the venue's time zone (aware), as ``ends_at``; None if the visit has no session yet.
        speaker: who speaks or guides, if that is a person among the resources; ``speaker_name`` is the name of any.
        room: the room, if it is among the resources; ``room_name`` is the name of any room or place.
    """

    item: AgendaItem
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    speaker: Resource | None = None
    room: Resource | None = None

    @property
    def speaker_name(self) -> str:
        """Name of the speaker or host of the item."""
        return self.speaker.name if self.speaker else self.item.filler

    @property
    def biography(self) -> str:
        """What the speaker wrote for this visit, else what is known of the person."""
        if self.speaker is None:
            return ""
        for invitation in self.item.invitations.all():
            said_yes = invitation.state == SpeakerInvitation.State.ACCEPTED
            if said_yes and invitation.speaker_id == self.speaker.pk and invitation.biography:
                return invitation.biography
        return self.speaker.biography

    @property
    def room_name(self) -> str:
        """Name of the room or place."""
        return self.room.name if self.room else self.item.place


def with_times(items: Iterable[AgendaItem], begin: dt.datetime | None, held: Iterable[Resource] = ()) -> list[TimedItem]:
    """Compute start and end of each item, and who speaks where.

    Args:
        items: in their order.
        begin: start of the visit.
        held: what the visit was allocated, with kinds. Rooms are those of all items but tours; sessions at the same time take one each.
            Presentations take the speakers in turn, tours the guides.
    """
    items, held = list(items), list(held)
    start = begin.astimezone(VENUE_ZONE) if begin else None
    speakers, rooms = _speakers(items, held), _rooms(items, [room for room in held if room.kind.is_place])
    return [
        TimedItem(
            item,
            start + dt.timedelta(minutes=first) if start else None,
            start + dt.timedelta(minutes=last) if start else None,
            speaker,
            room,
        )
        for item, (first, last), speaker, room in zip(items, minutes_of(items), speakers, rooms, strict=True)
    ]


class Lasting(Protocol):
    """What has a length in an agenda: an item, or a row of a query."""

    duration_minutes: int
    is_parallel: bool


def minutes_of(items: Iterable[Lasting]) -> Iterator[tuple[int, int]]:
    """Minutes from the start of the visit to start and end of each item; a parallel item starts with the one before it."""
    start = end = 0
    for item in items:
        if not item.is_parallel:
            start = end
        last = start + item.duration_minutes
        end = max(end, last)
        yield start, last


def _speakers(items: Sequence[AgendaItem], held: Sequence[Resource]) -> Iterator[Resource | None]:
    named = {item.speaker_id for item in items}
    waiting = {
        kind: [one for one in held if one.kind.is_person and one.pk not in named and (one.kind.slug == GUIDE) == (kind == Kind.TOUR)]
        for kind in (Kind.PRESENTATION, Kind.TOUR)
    }
    for item in items:
        free = waiting.get(Kind(item.kind), []) if not item.filler else []
        if item.speaker or not free:
            yield item.speaker
        else:
            # The last one stays for all items that follow.
            yield free.pop(0) if len(free) > 1 else free[0]


def _rooms(items: Iterable[AgendaItem], rooms: Sequence[Resource]) -> Iterator[Resource | None]:
    turn = 0
    for item in items:
        turn = turn + 1 if item.is_parallel else 0
        if item.room or item.place or item.kind == Kind.TOUR or not rooms:
            yield item.room
        else:
            yield rooms[min(turn, len(rooms) - 1)]


def length_of(items: Iterable[Lasting]) -> int:
    """Minutes from the start of the first item to the end of the last."""
    return max((last for _first, last in minutes_of(items)), default=0)
