"""The agenda of a visit. It starts with the programme's template; times are computed from the order and the durations."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.errors import Refused
from visits.models import AgendaItem, Visit


@dataclass(frozen=True)
class TimedItem:
    """An item with its start and end in the venue's time zone (aware); both None if the visit has no session yet."""

    item: AgendaItem
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None


def with_times(items: Iterable[AgendaItem], begin: dt.datetime | None) -> list[TimedItem]:
    """Compute start and end of each item, one after the other from the start of the visit."""
    result = []
    moment = begin.astimezone(VENUE_ZONE) if begin else None
    for item in items:
        end = moment + dt.timedelta(minutes=item.duration_minutes) if moment else None
        result.append(TimedItem(item, moment, end))
        moment = end
    return result


def minutes_too_long(items: Iterable[AgendaItem], visit: Visit) -> int:
    """By how many minutes the agenda is longer than the session; 0 if it fits or there is no session."""
    if not visit.slot:
        return 0
    length = int((visit.slot.ends_at - visit.slot.starts_at).total_seconds() // 60)
    return max(0, sum(item.duration_minutes for item in items) - length)


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
        log(instance=visit, action="visits.agenda", user=user)
    return len(items)


@transaction.atomic
def save_agenda(visit: Visit, items: Iterable[AgendaItem], removed: Iterable[AgendaItem] = (), *, user: User | None = None) -> None:
    """Save the items in the given order and delete those that were removed."""
    for item in removed:
        item.delete()
    for order, item in enumerate(items, start=1):
        item.visit, item.sort_order = visit, order
        item.save()
    log(instance=visit, action="visits.agenda", user=user)


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
