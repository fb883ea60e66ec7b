"""The agenda of a visit: who reads and who changes it.

It starts with the programme's template. An item without a speaker or room of its own takes those that the visit was allocated. Staff,
printed papers, the guest's page and the delegates' phones all read agenda_of().
"""

import hashlib
from collections.abc import Iterable
from operator import attrgetter

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import agenda_clashes, protocol, resources, speaker_news
from visits.domain.agenda_times import GUIDE, Kind, TimedItem, length_of, with_times
from visits.domain.changes import differences
from visits.domain.errors import Refused
from visits.domain.stored_files import delete_after_commit
from visits.models import AgendaItem, Resource, SpeakerInvitation, Visit

SAID_NO = (SpeakerInvitation.State.DECLINED, SpeakerInvitation.State.SUBSTITUTE)
"""Answers of speakers who do not come themselves."""


def items_of(visit: Visit) -> QuerySet[AgendaItem]:
    """The items of a visit with rooms, speakers, case studies and invitations of speakers; two queries."""
    return with_people(visit.agenda_items.all())


def with_people(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """The items with what agenda_of() needs of each."""
    return items.select_related("room", "speaker", "case_study").prefetch_related("invitations")


def agenda_of(visit: Visit, items: Iterable[AgendaItem] | None = None) -> list[TimedItem]:
    """The agenda of a visit; three queries at most.

    Args:
        visit: with its session.
        items: as items_of() gives them, if they were read already.
    """
    items = list(items_of(visit) if items is None else items)
    refused = {invitation.speaker_id for item in items if item.pk for invitation in item.invitations.all() if invitation.state in SAID_NO}
    held = [resource for resource in resources.held_by(visit) if resource.pk not in refused] if items else []
    return with_times(items, visit.slot.starts_at if visit.slot else None, held)


def speakers_of(visit: Visit, timed: Iterable[TimedItem]) -> list[str]:
    """Names of the people who present something, in the order of the agenda, each once; before there is an agenda, the allocated ones."""
    timed = list(timed)
    people = (row.speaker for row in timed if row.speaker and row.item.kind == Kind.PRESENTATION)
    allocated = (one for one in resources.held_by(visit) if one.kind.is_person and one.kind.slug != GUIDE) if not timed else ()
    return list(dict.fromkeys(person.name for person in (*people, *allocated)))


def minutes_too_long(items: Iterable[AgendaItem], visit: Visit) -> int:
    """By how many minutes the agenda is longer than the session; 0 if it fits or there is no session."""
    if not visit.slot:
        return 0
    length = int((visit.slot.ends_at - visit.slot.starts_at).total_seconds() // 60)
    return max(0, length_of(items) - length)


@transaction.atomic
def fill_from_template(visit: Visit, *, user: User | None = None) -> int:
    """Copy the programme's template into an agenda without items; returns how many items were added. A second call adds none."""
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if visit.agenda_items.exists() or not visit.programme:
        return 0
    items = [
        AgendaItem(
            visit=visit,
            sort_order=order,
            kind=entry.kind,
            duration_minutes=entry.duration_minutes,
            title=entry.title,
            filler=entry.filler,
            place=entry.place,
        )
        for order, entry in enumerate(visit.programme.agenda_template.all(), start=1)
    ]
    AgendaItem.objects.bulk_create(items)
    if items:
        log(instance=visit, action="visits.agenda", user=user, data={"event": "begun", "count": len(items)})
    return len(items)


VALID = speaker_news.VALID

MOST_ITEMS = 40
"""Items of one agenda."""

_FIELDS = (
    "kind",
    "duration_minutes",
    "title",
    "filler",
    "place",
    "in_charge",
    "room_id",
    "speaker_id",
    "is_parallel",
    "case_study_id",
    "material",
)
"""What staff enter for an item."""

_said = attrgetter("pk", *_FIELDS)


def stamp_of(*items: AgendaItem) -> str:
    """A short text that tells whether items changed since a page showed them: their order, and what they say."""
    said = [tuple(map(str, _said(item))) for item in items]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]


def _lock(visit: Visit) -> tuple[Visit, list[AgendaItem]]:
    """The visit under its lock, and its items."""
    current = Visit.objects.select_for_update(of=("self",)).select_related("slot").get(pk=visit.pk)
    return current, list(items_of(current))


def _find(items: Iterable[AgendaItem], key: int) -> AgendaItem:
    for item in items:
        if item.pk == key:
            return item
    raise Refused(_("Somebody else removed this item meanwhile."))


def _changed_meanwhile() -> Refused:
    return Refused(_("Somebody else changed the agenda meanwhile. Look at it again, then save once more."))


@transaction.atomic
def save_item(item: AgendaItem, *, seen: str, user: User | None = None) -> AgendaItem:
    """Save a new item at the end of its visit's agenda, or a changed one in its place.

    The same new item again (a double click) is not added twice. A file that was replaced or taken away is deleted after the commit.

    Args:
        item: with what staff entered; it need not have been saved before.
        seen: stamp_of() the item as the page showed it; for a new item stamp_of() all items.

    Raises:
        Refused: somebody else changed it meanwhile, a room or person would be at two places at once, the agenda is full, or its
            speaker is invited and would be another one.
    """
    visit, items = _lock(item.visit)
    old: AgendaItem | None = _find(items, item.pk) if item.pk else None
    if old is None:
        if stamp_of(*items) != seen:
            if items and _says_the_same(items[-1], item):
                return items[-1]
            raise _changed_meanwhile()
        if len(items) >= MOST_ITEMS:
            raise Refused(_("An agenda has at most %(count)d items.") % {"count": MOST_ITEMS})
        item.sort_order = items[-1].sort_order + 1 if items else 1
        after = [*items, item]
    else:
        if stamp_of(old) != seen:
            raise _changed_meanwhile()
        if old.speaker_id != item.speaker_id and _is_invited(old):
            raise Refused(_("The speaker of this item is invited. Withdraw the invitation before you choose another one."))
        item.sort_order = old.sort_order
        if not item.material:
            item.released_at = None
        if old.material.name != item.material.name:
            delete_after_commit(old.material)
        after = [item if one.pk == item.pk else one for one in items]
    timed, timed_after = agenda_of(visit, items), agenda_of(visit, after)
    agenda_clashes.refuse_new(visit, timed, timed_after)
    former = _told(old) if old else {}
    item.save()
    speaker_news.tell_of_agenda(visit, timed, timed_after)
    _log(visit, "changed" if old else "added", item, differences(former, _told(item)), user)
    return item


def _told(item: AgendaItem) -> dict[str, object]:
    """What an item says, for the log: rooms, people and files by their names."""
    rows = {"room": item.room, "speaker": item.speaker, "case_study": item.case_study}
    plain = {name: getattr(item, name) for name in _FIELDS if not name.endswith("_id") and name != "material"}
    return {**plain, **rows, "material": item.material_name}


def _log(visit: Visit, event: str, item: AgendaItem, changes: dict[str, list[str]], user: User | None, *, by_link: bool = False) -> None:
    data = {"event": event, "item": item.name, "changes": changes, **({"link": True} if by_link else {})}
    log(instance=visit, action="visits.agenda", user=user, data=data)


def _says_the_same(one: AgendaItem, other: AgendaItem) -> bool:
    return all((getattr(one, name) or "") == (getattr(other, name) or "") for name in _FIELDS if name != "material")


def _is_invited(item: AgendaItem) -> bool:
    return any(invitation.state in VALID for invitation in item.invitations.all())


def give_speaker(visit: Visit, item: AgendaItem, speaker: Resource, *, user: User | None = None) -> None:
    """Make a person the speaker of an item, under the lock of the visit.

    Raises:
        Refused: the person would be at two places at once.
    """
    items = list(items_of(visit))
    current = _find(items, item.pk)
    if current.speaker_id == speaker.pk:
        return
    before, former = agenda_of(visit, items), _told(current)
    current.speaker = speaker
    agenda_clashes.refuse_new(visit, before, agenda_of(visit, items))
    current.save(update_fields=["speaker"])
    _log(visit, "changed", current, differences(former, _told(current)), user, by_link=user is None)


def keep_cases(visit: Visit) -> None:
    """Count the case studies of the agenda of a visit that took place among those that it was about."""
    visit.case_studies.add(*visit.agenda_items.exclude(case_study=None).values_list("case_study", flat=True))


def keep_people(visit: Visit) -> None:
    """Write down who spoke and in which room when the visit is completed, in the caller's transaction; later allocations change nothing."""
    for row in agenda_of(visit):
        if (row.item.speaker, row.item.room) != (row.speaker, row.room):
            row.item.speaker, row.item.room = row.speaker, row.room
            row.item.save(update_fields=["speaker", "room"])


@transaction.atomic
def move_item(visit: Visit, key: int, to: int, *, seen: str, user: User | None = None) -> None:
    """Give an item another place in the order; the times of the others follow.

    Args:
        key: of the item.
        to: its new place, counted from 0; a place beyond the ends is the end.
        seen: stamp_of() all items as the page showed them.

    Raises:
        Refused: somebody else changed the agenda meanwhile, or a room or person would be at two places at once.
    """
    visit, items = _lock(visit)
    moved = _find(items, key)
    if stamp_of(*items) != seen:
        raise _changed_meanwhile()
    after = [one for one in items if one.pk != moved.pk]
    after.insert(max(0, to), moved)
    _save_order(visit, items, after, user)


@transaction.atomic
def sort_speeches(visit: Visit, *, seen: str, user: User | None = None) -> None:
    """Put the speeches into the order of protocol; they share the places that they have.

    Raises:
        Refused: as move_item() does.
    """
    current, items = _lock(visit)
    if stamp_of(*items) != seen:
        raise _changed_meanwhile()
    _save_order(current, items, protocol.in_order(current, agenda_of(current, items)), user)


def _save_order(visit: Visit, items: list[AgendaItem], after: list[AgendaItem], user: User | None) -> None:
    if after == items:
        return
    timed, timed_after = agenda_of(visit, items), agenda_of(visit, after)
    agenda_clashes.refuse_new(visit, timed, timed_after)
    for order, item in enumerate(after, start=1):
        item.sort_order = order
    AgendaItem.objects.bulk_update(after, ["sort_order"])
    speaker_news.tell_of_agenda(visit, timed, timed_after)
    names = [" – ".join(item.name for item in each) for each in (items, after)]
    log(instance=visit, action="visits.agenda", user=user, data={"event": "moved", "order": names})


@transaction.atomic
def remove_item(item: AgendaItem, *, seen: str, user: User | None = None) -> None:
    """Take an item off the agenda; its slides are deleted after the commit.

    Raises:
        Refused: somebody else changed it meanwhile, or its speaker is invited.
    """
    visit, items = _lock(item.visit)
    current = _find(items, item.pk)
    if stamp_of(current) != seen:
        raise _changed_meanwhile()
    if _is_invited(current):
        raise Refused(_("The speaker of this item is invited. Withdraw the invitation first."))
    delete_after_commit(current.material)
    timed, timed_after = agenda_of(visit, items), agenda_of(visit, [one for one in items if one.pk != current.pk])
    current.delete()
    speaker_news.tell_of_agenda(visit, timed, timed_after)
    _log(visit, "removed", current, {}, user)


@transaction.atomic
def release_slides(item: AgendaItem, *, released: bool, by: User | None) -> None:
    """Let the delegates open the slides of an item on their phones, or take them back.

    Raises:
        Refused: the item has no slides.
    """
    current = AgendaItem.objects.select_for_update(of=("self",)).select_related("visit").get(pk=item.pk)
    if released and not current.material:
        raise Refused(_("This item has no slides."))
    if bool(current.released_at) == released:
        return
    current.released_at = timezone.now() if released else None
    current.save(update_fields=["released_at"])
    log(instance=current.visit, action="visits.slides_released", user=by, data={"item": current.name, "released": released})
