"""Tells invited speakers that time, room or place of their item changed; agenda.py and scheduling.py call it under the visit's lock."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone

from visits.domain import outbox
from visits.domain.agenda_times import TimedItem
from visits.enums import MessageKind, MessageStatus, VisitStatus
from visits.models import SpeakerInvitation, Visit

VALID = (SpeakerInvitation.State.OPEN, SpeakerInvitation.State.ACCEPTED)
"""Invitations that count; an item has one at most."""

WAIT = dt.timedelta(minutes=10)
"""Staff change an agenda in several steps; a speaker gets one mail this long after the last one."""


def tell_of_agenda(visit: Visit, before: Iterable[TimedItem], after: Iterable[TimedItem]) -> None:
    """Queue a mail to each invited speaker whose item has another time or room than before.

    Args:
        visit: with its session.
        before: the agenda before the change.
        after: the agenda that was saved.
    """
    former = {row.item.pk: _said(row) for row in before}
    for row in after:
        if former.get(row.item.pk, _said(row)) != _said(row):
            _tell(visit, row.item.invitations.filter(state__in=VALID), not_before=timezone.now() + WAIT)


def _said(row: TimedItem) -> tuple:
    return row.starts_at, row.ends_at, row.room_name


def tell_of_place(visit: Visit) -> None:
    """Queue a mail to all invited speakers of a visit that takes place elsewhere."""
    _tell(visit, SpeakerInvitation.objects.filter(item__visit=visit, state__in=VALID), not_before=timezone.now())


def _tell(visit: Visit, invitations: Iterable[SpeakerInvitation], *, not_before: dt.datetime) -> None:
    if visit.status != VisitStatus.APPROVED or visit.slot is None or visit.slot.starts_at <= timezone.now():
        return
    kind = MessageKind.SPEAKER_CHANGED
    for invitation in invitations:
        SpeakerInvitation.objects.filter(pk=invitation.pk).update(calendar_sequence=F("calendar_sequence") + 1)
        # One that waits would say what no longer holds, or the same twice.
        outbox.mails_about(visit, kind, invitation.pk).filter(status=MessageStatus.QUEUED, tries=0).delete()
        outbox.queue_about(visit, kind, invitation.pk, recipient=invitation.email, not_before=not_before)
