"""The order of protocol of speeches (UU 9/2010): hosts first, on each side in the order in which officials and delegates stand."""

from collections.abc import Iterable, Sequence

from django.db.models import F, Value

from visits.domain.agenda_times import Kind, TimedItem
from visits.models import AgendaItem, Delegate, HostOfficial, Visit

SPEECHES = (Kind.HOST_SPEECH, Kind.GUEST_SPEECH)
"""Kinds of speeches in the order of their sides."""


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def _ranks(visit: Visit) -> dict[tuple[str, str], int]:
    """By side and folded name or position, the place in the order of protocol; one query."""
    columns = ("side", "name", "position", "place")
    officials = HostOfficial.objects.filter(active=True).order_by()
    delegates = Delegate.objects.filter(visit=visit).order_by()
    rows = (
        officials.annotate(side=Value(Kind.HOST_SPEECH.value), place=F("sort_order"))
        .values_list(*columns)
        .union(delegates.annotate(side=Value(Kind.GUEST_SPEECH.value), place=F("protocol_order")).values_list(*columns), all=True)
    )
    ranks: dict[tuple[str, str], int] = {}
    for side, name, position, place in sorted(rows, key=lambda row: row[3]):
        for words in filter(None, (_folded(name), _folded(position))):
            # A position that several people have is that of the first.
            ranks.setdefault((side, words), place)
    return ranks


def in_order(visit: Visit, timed: Sequence[TimedItem]) -> list[AgendaItem]:
    """The items with the speeches in the order of protocol; at most one query.

    The speeches share the places that they have. A speaker who is neither among the officials nor among the delegates keeps the place
    on his or her side.
    """
    items = [row.item for row in timed]
    places = [place for place, item in enumerate(items) if item.kind in SPEECHES]
    if len(places) < 2:
        return items
    ranks = _ranks(visit)
    ordered = [item for side in SPEECHES for item in _side([timed[place] for place in places if items[place].kind == side], ranks)]
    for place, item in zip(places, ordered, strict=True):
        items[place] = item
    return items


def _side(rows: Sequence[TimedItem], ranks: dict[tuple[str, str], int]) -> Iterable[AgendaItem]:
    known = [(row, rank) for row in rows if (rank := ranks.get((row.item.kind, _folded(row.speaker_name)))) is not None]
    ordered = iter([row.item for row, _rank in sorted(known, key=lambda pair: pair[1])])
    ranked = {row.item.pk for row, _rank in known}
    return [next(ordered) if row.item.pk in ranked else row.item for row in rows]


def people(visit: Visit) -> list[str]:
    """Names and positions of officials and delegates, as suggestions for who speaks."""
    officials = HostOfficial.objects.filter(active=True).values_list("position", "name")
    delegates = visit.delegates.values_list("name", flat=True)
    return list(dict.fromkeys([words for pair in officials for words in pair] + list(delegates)))
