"""The waiting list for full periods: in order, at most MAX_NOTICES places are offered, each held for some time.

A group that does not fit into the free seats keeps its position.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from visits.domain import availability, scheduling
from visits.domain.calendar_days import answer_due, local_date
from visits.domain.errors import Refused
from visits.domain.preconditions import require_programme
from visits.enums import Actor, VisitStatus
from visits.models import Programme, Proposal, Visit, VisitSlot, WaitlistEntry
from visits.models.scheduling import MAX_NOTICES


def check_period(programme: Programme, *, persons: int, from_date: dt.date, until_date: dt.date, now: dt.datetime) -> None:
    """Check that a guest may wait for a place in a period.

    Raises:
        Refused: the programme has no waiting list, the period lies outside what can be booked, or it is not full.
    """
    first, last = availability.bookable_period(programme, now)
    if not programme.waiting_list:
        raise Refused(_("This programme has no waiting list. Choose one of the free sessions."))
    if not (max(first, from_date) <= min(last, until_date)) or from_date > until_date:
        raise Refused(_("Choose a period within the dates that can be booked."))
    if availability.bookable_slots(programme, persons=persons, now=now, start=from_date, end=until_date):
        raise Refused(_("There are free sessions in this period. Choose one of them instead of waiting."))


def join(visit: Visit, *, from_date: dt.date, until_date: dt.date) -> WaitlistEntry:
    """Add a request to the waiting list, in the caller's transaction."""
    entry = WaitlistEntry.objects.create(visit=visit, from_date=from_date, until_date=until_date)
    log(instance=visit, action="visits.waiting", data={"from": str(from_date), "until": str(until_date)})
    return entry


def position(entry: WaitlistEntry) -> int:
    """Position of an entry among those of its programme, from 1."""
    ahead = WaitlistEntry.objects.filter(is_open=True, visit__programme=entry.visit.programme, visit__status=VisitStatus.SUBMITTED)
    return ahead.filter(joined_at__lt=entry.joined_at).count() + 1


def offer_free_places(now: dt.datetime) -> int:
    """Offer free places to waiting guests, in the order in which they joined; returns how many offers were made.

    A session is offered to a guest once. Entries whose period is over, or that had all their offers, are closed.
    """
    offers = 0
    for entry in WaitlistEntry.objects.filter(is_open=True).select_related("visit__programme").order_by("joined_at", "pk"):
        if entry.visit.status != VisitStatus.SUBMITTED:
            continue
        if entry.notices_sent >= MAX_NOTICES or entry.until_date < local_date(now):
            _close(entry, now)
        elif slot := _first_free(entry, now):
            offers += _offer(entry, slot, now)
    return offers


def _first_free(entry: WaitlistEntry, now: dt.datetime) -> VisitSlot | None:
    visit = entry.visit
    free = availability.bookable_slots(
        require_programme(visit),
        persons=visit.group_size or 0,
        now=now,
        start=entry.from_date,
        end=entry.until_date,
        visit=visit,
        for_waiting_list=True,
    )
    offered = set(Proposal.objects.filter(visit=visit).values_list("slot_id", flat=True))
    return next((slot for slot in free if slot.pk not in offered), None)


def _offer(entry: WaitlistEntry, slot: VisitSlot, now: dt.datetime) -> bool:
    with transaction.atomic():
        try:
            scheduling.propose(entry.visit, slot, by=Actor.CLOCK, now=now)
        except Refused:
            # The place was taken, or the visit changed, between the query and the lock.
            return False
        WaitlistEntry.objects.filter(pk=entry.pk).update(notices_sent=F("notices_sent") + 1)
    return True


def _close(entry: WaitlistEntry, now: dt.datetime) -> None:
    """End the wait without a place: the request gets a date of the answer, and staff decide."""
    with transaction.atomic():
        if WaitlistEntry.objects.filter(pk=entry.pk, is_open=True).update(is_open=False):
            Visit.objects.filter(pk=entry.visit_id, answer_due_at__isnull=True).update(
                answer_due_at=answer_due(require_programme(entry.visit), now), revision=F("revision") + 1
            )
            log(instance=entry.visit, action="visits.waiting_ended", data={"offers": entry.notices_sent})
