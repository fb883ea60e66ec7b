"""Visits as calendars show them; one query each. Nothing here names a person."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet

from visits.domain.agenda_times import minutes_of
from visits.enums import FREES_SEATS, VisitSource, VisitStatus
from visits.models import AgendaItem, Allocation, CalendarFeed, Programme, Resource, Visit

KEPT_FOR = dt.timedelta(days=30)
"""Visits stay in a calendar this long after they ended, and as cancelled this long after they were cancelled."""

MOST = 2000
"""Rows of one calendar."""

TAKES_PLACE = (VisitStatus.APPROVED, VisitStatus.COMPLETED, VisitStatus.NO_SHOW)


@dataclass(frozen=True)
class Entry:
    """One event: a visit, or an item of its agenda if ``item`` is a key."""

    uid: str
    sequence: int
    status: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    programme_id: str
    programme_en: str
    organisation_kind: str
    reference: str
    organisation: str
    item: int | None = None
    title: str = ""

    @property
    def is_cancelled(self) -> bool:
        """Whether the visit does not take place."""
        return self.status in FREES_SEATS


_FIELDS = (
    "calendar_uid",
    "calendar_sequence",
    "status",
    "slot__starts_at",
    "slot__ends_at",
    "programme__name_id",
    "programme__name_en",
    "organisation_kind",
    "reference",
    "organisation",
)


def _shown(now: dt.datetime) -> QuerySet[Visit]:
    """Visits that are or were scheduled, in the order of their sessions."""
    cancelled = Q(status__in=FREES_SEATS, calendar_sequence__gt=1, cancelled_at__gt=now - KEPT_FOR)
    held = Q(status__in=TAKES_PLACE, slot__ends_at__gt=now - KEPT_FOR)
    return Visit.objects.filter(cancelled | held, slot__isnull=False).order_by("slot__starts_at", "pk")


def is_shown(visit: Visit, now: dt.datetime) -> bool:
    """Whether a visit is in calendars: the same rule for one that was read already, however long ago it took place."""
    if visit.slot is None:
        return False
    was_announced = visit.calendar_sequence > 1 and visit.cancelled_at is not None and visit.cancelled_at > now - KEPT_FOR
    return visit.status in TAKES_PLACE or (visit.status in FREES_SEATS and was_announced)


def public_entries(now: dt.datetime, programme: Programme | None = None) -> list[Entry]:
    """All visits, or those of a programme, without the visits of the demonstration."""
    visits = _shown(now).exclude(source=VisitSource.DEMO)
    if programme is not None:
        visits = visits.filter(programme=programme)
    return [Entry(*row) for row in visits.values_list(*_FIELDS)[:MOST]]


def entries_of(feed: CalendarFeed, now: dt.datetime) -> list[Entry]:
    """The visits of a room, speaker or officer; for a speaker the items of the agenda, where they are known."""
    if feed.resource is None:
        return [Entry(*row) for row in _shown(now).filter(assigned_to=feed.officer_id).values_list(*_FIELDS)[:MOST]]
    given = Allocation.objects.filter(visit=OuterRef("pk"), resource=feed.resource)
    has_it = Exists(given.filter(active=True)) | (Q(status__in=FREES_SEATS) & Exists(given))
    items = AgendaItem.objects.filter(visit=OuterRef("pk"))
    if not feed.resource.kind.is_person:
        visits = _shown(now).filter(has_it | Exists(items.filter(room=feed.resource)))
        return [Entry(*row) for row in visits.values_list(*_FIELDS)[:MOST]]
    return _items_of(_shown(now).filter(has_it | Exists(items.filter(speaker=feed.resource))), feed.resource)


@dataclass(frozen=True)
class _Item:
    pk: int | None
    title: str
    speaker: int | None
    duration_minutes: int
    is_parallel: bool


def _items_of(visits: QuerySet[Visit], speaker: Resource) -> list[Entry]:
    """An entry for each item of the speaker, or the whole visit if the agenda does not name the speaker."""
    of_items = [f"agenda_items__{name}" for name in ("pk", "title", "speaker", "duration_minutes", "is_parallel")]
    rows = visits.order_by("slot__starts_at", "pk", "agenda_items__sort_order", "agenda_items__pk").values_list(*_FIELDS, *of_items)
    entries = []
    for visit, group in groupby(rows[: MOST * 10], key=lambda row: row[: len(_FIELDS)]):
        items = [_Item(*row[len(_FIELDS) :]) for row in group]
        items = [item for item in items if item.pk is not None]
        begin = visit[3]
        own = [
            Entry(*visit[:3], begin + dt.timedelta(minutes=first), begin + dt.timedelta(minutes=last), *visit[5:], item.pk, item.title)
            for item, (first, last) in zip(items, minutes_of(items), strict=True)
            if item.speaker == speaker.pk
        ]
        entries += own or [Entry(*visit)]
    return entries
