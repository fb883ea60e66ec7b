"""Reminders to guests, each sent once for a date: after a move they are due anew."""

import datetime as dt

from django.db.models import Q

from visits.domain import outbox
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.enums import AWAITS_DECISION, MessageKind, VisitStatus
from visits.models import OutboundMessage, Visit

DELEGATES_DAYS_BEFORE = 7
VISIT_DAYS_BEFORE = 3


def send_due(now: dt.datetime) -> int:
    """Write every reminder that is due and was not written yet; returns how many.

    The letter that was promised, on the day after it was due; the list of delegates, a week before the visit while it is
    empty; the visit itself, three days before.
    """
    today = local_date(now)
    is_ahead = Q(slot__isnull=True) | Q(slot__starts_at__gt=now)
    letters = Visit.objects.filter(is_ahead, status__in=AWAITS_DECISION, letter_due_on__lt=today)
    scheduled = Visit.objects.filter(status=VisitStatus.APPROVED, slot__starts_at__gt=now)
    within_a_week = scheduled.filter(slot__starts_at__lt=_end_of(today, DELEGATES_DAYS_BEFORE))
    without_names = within_a_week.filter(delegates__isnull=True)
    near = scheduled.filter(slot__starts_at__lt=_end_of(today, VISIT_DAYS_BEFORE))
    return (
        _write(letters, MessageKind.REMINDER_LETTER)
        + _write(without_names, MessageKind.REMINDER_DELEGATES)
        + _write(near, MessageKind.REMINDER_VISIT)
    )


def _end_of(today: dt.date, days: int) -> dt.datetime:
    return dt.datetime.combine(today + dt.timedelta(days=days + 1), dt.time.min, VENUE_ZONE)


def _write(visits, kind: MessageKind) -> int:
    written = 0
    for visit in visits.exclude(contact_email=""):
        # Keyed by the calendar's sequence: a moved visit is another date.
        if not OutboundMessage.objects.filter(visit=visit, kind=kind, sequence=visit.calendar_sequence).exists():
            outbox.queue(visit, kind, sequence=visit.calendar_sequence)
            written += 1
    return written
