"""The agenda as staff see it: with its clashes, the order of protocol, and who is free for an item."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from visits.domain import agenda, agenda_clashes, protocol
from visits.domain.agenda_clashes import Clash, TakenTimes
from visits.domain.agenda_times import TimedItem
from visits.domain.calendar_days import VENUE_ZONE
from visits.models import AgendaItem, Resource, SpeakerInvitation, Visit


@dataclass(frozen=True)
class AgendaRow:
    """An item as the page shows it, in words: the page has many of them, and must not compute much.

    Attributes:
        key: of the item.
        look: classes of the style sheet.
        earlier: the key and the place, counted from 0, to which the item moves with one press; empty for the first one. ``later`` is the
            other way.
        details: length, whether it is parallel, the room, and what else is known, in one line.
    """

    key: str
    name: str
    time: str
    minutes: str
    look: str
    earlier: str
    earlier_words: str
    later: str
    later_words: str
    speaker: str
    details: str
    answer: str
    answer_in_words: str


@dataclass(frozen=True)
class AgendaPage:
    """The agenda of a visit.

    Attributes:
        stamp: tells whether the agenda changed since the page was shown.
        begin: minutes after midnight at which it begins; empty without a session.
        minutes_over: by how many minutes it is longer than the session.
        by_protocol: names of the speeches in the order of protocol, if that is another one.
    """

    rows: list[AgendaRow]
    stamp: str
    begin: str
    minutes_over: int
    clashes: list[Clash]
    by_protocol: list[str]


def agenda_page(visit: Visit, *, may_move: bool = True) -> AgendaPage:
    """Read the agenda of a visit, in six queries at any number of items.

    Args:
        visit: with its session.
        may_move: whether the items can be moved; otherwise ``earlier`` and ``later`` are empty.
    """
    # Of the case study only the title: a page has many columns.
    rows = visit.agenda_items.select_related("room", "speaker").prefetch_related("invitations")
    timed = agenda.agenda_of(visit, rows.annotate(case_title=F("case_study__title")))
    items, words = [row.item for row in timed], _words()
    ordered = protocol.in_order(visit, timed)
    begin = visit.slot.starts_at.astimezone(VENUE_ZONE) if visit.slot else None
    return AgendaPage(
        rows=[_row(row, place, len(timed) if may_move else 0, words) for place, row in enumerate(timed)],
        stamp=agenda.stamp_of(*items),
        begin=str(begin.hour * 60 + begin.minute) if begin else "",
        minutes_over=agenda.minutes_too_long(items, visit),
        clashes=agenda_clashes.clashes(visit, timed) if timed else [],
        by_protocol=[item.name for item in ordered if item.kind in protocol.SPEECHES] if ordered != items else [],
    )


@dataclass(frozen=True)
class _Words:
    """Words that every row has, translated once a page."""

    minutes: str
    earlier: str
    later: str


def _words() -> _Words:
    return _Words(_("%(minutes)s min."), pgettext("an item", "Earlier"), pgettext("an item", "Later"))


def _row(row: TimedItem, place: int, count: int, words: _Words) -> AgendaRow:
    item, name = row.item, row.item.name
    invitation = latest_invitation(item)
    details = (
        words.minutes % {"minutes": item.duration_minutes},
        _("at the same time as the item before") if item.is_parallel else "",
        row.room_name,
        _("In charge: %(name)s") % {"name": item.in_charge} if item.in_charge else "",
        item.case_title or "",
        _("Slides: %(name)s") % {"name": item.material_name} if item.material_name else "",
    )
    return AgendaRow(
        key=str(item.pk),
        name=name,
        time=f"{row.starts_at:%H.%M}–{row.ends_at:%H.%M}" if row.starts_at and row.ends_at else "",
        minutes=str(item.duration_minutes),
        look="agenda__row agenda__row--parallel" if item.is_parallel else "agenda__row",
        earlier=f"{item.pk}:{place - 1}" if 0 < place < count else "",
        earlier_words=f"{words.earlier}: {name}",
        later=f"{item.pk}:{place + 1}" if place + 1 < count else "",
        later_words=f"{words.later}: {name}",
        # A speaker who said no is gone from the item; the answer is not.
        speaker=row.speaker_name or ("–" if invitation else ""),
        details=" · ".join(filter(None, details)),
        answer=invitation.state if invitation else "",
        answer_in_words=str(invitation.get_state_display()) if invitation else "",
    )


def latest_invitation(item: AgendaItem) -> SpeakerInvitation | None:
    """The latest invitation to an item that was read with its invitations."""
    return next(reversed(item.invitations.all()), None)


@dataclass(frozen=True)
class ItemChoices:
    """Rooms and people for an item, as keys and words: those of the visit first, then the free ones.

    Attributes:
        own_room: name of the room that the item has if none is chosen, as ``own_speaker``; may be empty.
    """

    rooms: list[tuple[int, str]]
    speakers: list[tuple[int, str]]
    own_room: str
    own_speaker: str
    own_speaker_key: int | None = None


def item_choices(visit: Visit, item: AgendaItem) -> ItemChoices:
    """Who and what can be chosen for an item, with the visit that has each at the time of the item; seven queries at most.

    Args:
        visit: with its session.
        item: a saved item, or one that would be added at the end.
    """
    items = list(agenda.items_of(visit))
    empty = AgendaItem(
        kind=item.kind or AgendaItem.Kind.PRESENTATION, duration_minutes=item.duration_minutes, is_parallel=item.is_parallel, visit=visit
    )
    if item.pk:
        timed = agenda.agenda_of(visit, [empty if one.pk == item.pk else one for one in items])
        row = timed[[one.pk for one in items].index(item.pk)]
    else:
        row = agenda.agenda_of(visit, [*items, empty])[-1]
    taken = agenda_clashes.taken_by_others(visit)
    held = {allocation.resource_id for allocation in visit.allocations.filter(active=True)}
    kept = {item.room_id, item.speaker_id}
    known = [one for one in Resource.objects.select_related("kind").order_by("name") if one.active or one.pk in kept]
    return ItemChoices(
        rooms=_choices((one for one in known if one.kind.is_place), row, taken, held),
        speakers=_choices((one for one in known if one.kind.is_person), row, taken, held),
        own_room=row.room.name if row.room else "",
        own_speaker=row.speaker.name if row.speaker else "",
        own_speaker_key=row.speaker.pk if row.speaker else None,
    )


def _choices(resources: Iterable[Resource], row: TimedItem, taken: TakenTimes, held: set[int]) -> list[tuple[int, str]]:
    found = []
    for one in resources:
        times = agenda_clashes.overlapping(row, taken.get(one.pk, ()))
        note = _taken_words(times[0]) if times else _("of this visit") if one.pk in held else ""
        order = (one.pk not in held, bool(times), one.name)
        found.append((order, one.pk, f"{one.name} · {note}" if note else one.name))
    return [(pk, words) for _order, pk, words in sorted(found)]


def _taken_words(time: agenda_clashes.Taken) -> str:
    start, end = (f"{moment.astimezone(VENUE_ZONE):%H.%M}" for moment in (time.starts_at, time.ends_at))
    if time.reference is None:
        return _("blocked %(start)s–%(end)s") % {"start": start, "end": end}
    return _("taken %(start)s–%(end)s: %(who)s") % {"start": start, "end": end, "who": time.reference or _("another visit")}
