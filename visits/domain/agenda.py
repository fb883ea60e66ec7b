"""The agenda of a visit: begun from the programme's template; times follow from the order and the lengths."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain.calendar_days import VENUE_ZONE
from visits.models import AgendaItem, Visit


@dataclass(frozen=True)
class TimedItem:
    """An item with its begin and end at the venue (aware); both None where the visit has no session yet."""

    item: AgendaItem
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None


def with_times(items: Iterable[AgendaItem], begin: dt.datetime | None) -> list[TimedItem]:
    """The items one after the other from the begin of the visit."""
    result = []
    moment = begin.astimezone(VENUE_ZONE) if begin else None
    for item in items:
        end = moment + dt.timedelta(minutes=item.duration_minutes) if moment else None
        result.append(TimedItem(item, moment, end))
        moment = end
    return result


def minutes_too_long(items: Iterable[AgendaItem], visit: Visit) -> int:
    """By how many minutes the agenda is longer than the session; 0 where it fits or there is no session."""
    if not visit.slot:
        return 0
    length = int((visit.slot.ends_at - visit.slot.starts_at).total_seconds() // 60)
    return max(0, sum(item.duration_minutes for item in items) - length)


@transaction.atomic
def fill_from_template(visit: Visit, *, user: User | None = None) -> int:
    """Copy the programme's template into an agenda that is still empty; returns how many items are new. Pressing twice adds nothing."""
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
        log(instance=visit, action="visits.agenda", user=user)
    return len(items)


@transaction.atomic
def save_agenda(visit: Visit, items: Iterable[AgendaItem], removed: Iterable[AgendaItem] = (), *, user: User | None = None) -> None:
    """Save an agenda in the given order and take out what was removed."""
    for item in removed:
        item.delete()
    for order, item in enumerate(items, start=1):
        item.visit, item.sort_order = visit, order
        item.save()
    log(instance=visit, action="visits.agenda", user=user)
