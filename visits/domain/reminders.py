"""Reminders before and after a visit: one list. They follow the date of the visit, so a visit that moves gets new ones.

The clock asks every minute what is due. A reminder has a time within which it makes sense, so a worker that stood still sends no mail
that is out of date. Each is written at most once for a visit and date.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from knowledge_hub.models import User
from visits.domain import assignment, outbox, speakers
from visits.domain.adoptions import MONTHS
from visits.domain.calendar_days import VENUE_ZONE, add_working_days, end_of_day, local_date
from visits.enums import AWAITS_DECISION, MessageKind, VisitStatus
from visits.models import FollowUpAnswer, OutboundMessage, SpeakerInvitation, Visit
from visits.permissions import DECIDE, RECEIVE

NAMES_DAYS_BEFORE = 7
PROGRAMME_DAYS_BEFORE = 3
ARRIVAL_DAYS_BEFORE = 1
SURVEY_DAYS = 7
"""How many days after a visit its guests may be asked how it was."""
ASKED_AGAIN_DAYS = 14
"""So many days after the question what became of a visit it is asked once more."""
ASKING_DAYS = 21
"""So many days late that question may leave, for a worker that stood still."""
CLOSING_DAYS = 7
"""How many days after a visit its officer may be reminded to close it."""

TELL_THE_DATE = (MessageKind.INVITATION, MessageKind.MOVED, MessageKind.PLACE_CHANGED)
"""Mails with which a guest learns date and place."""


def number_of_date(visit: Visit) -> int:
    """The number of the visit's calendar entry, which changes with its date and place."""
    return visit.calendar_sequence


def number_for_rows(visit: Visit) -> int:
    """The number of the date as mails about rows of the visit hold it."""
    return outbox.number_of(visit.calendar_sequence)


def number_of_promise(visit: Visit) -> int:
    """The day of the promised answer as a number, so that a new promise gets a new reminder."""
    return local_date(visit.answer_due_at).toordinal() if visit.answer_due_at else 0


@dataclass(frozen=True)
class Reminder:
    """One kind of reminder.

    Attributes:
        kind: of the mail.
        due: the visits for which it is due at a moment, whether it was written or not.
        write: queues the mails of one visit with a number, under the visit's lock; returns how many.
        number: what the reminder is about. A visit gets one reminder of a kind for each number.
        is_about_a_row: whether the mails are about rows of the visit, see outbox.queue_about().
    """

    kind: MessageKind
    due: Callable[[dt.datetime], QuerySet[Visit]]
    write: Callable[[Visit, MessageKind, int], int]
    number: Callable[[Visit], int] = number_of_date
    is_about_a_row: bool = False


def queue_due(now: dt.datetime) -> int:
    """Queue all reminders that are due and were not written before; returns how many mails."""
    return sum(_queue(reminder, now) for reminder in REMINDERS)


def _queue(reminder: Reminder, now: dt.datetime) -> int:
    """Queue one kind of reminder; one query where none is due."""
    written = 0
    for pk in _unwritten(reminder, reminder.due(now)):
        with transaction.atomic():
            Visit.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            # Asked again under the lock: the visit may have moved, and another clock may have written the reminder.
            for visit in _unwritten(reminder, reminder.due(now).filter(pk=pk)).values():
                written += reminder.write(visit, reminder.kind, reminder.number(visit))
    return written


def _unwritten(reminder: Reminder, due: QuerySet[Visit]) -> dict[int, Visit]:
    """Those of the visits that did not get the reminder yet, by primary key."""
    visits = {visit.pk: visit for visit in due.select_related("slot", "programme", "assigned_to")}
    if visits:
        mails = OutboundMessage.objects.filter(visit__in=visits, kind=reminder.kind).values_list("visit_id", "sequence")
        told = {
            pk
            for pk, sequence in mails
            if reminder.number(visits[pk]) == (outbox.number_of(sequence) if reminder.is_about_a_row else sequence)
        }
        return {pk: visit for pk, visit in visits.items() if pk not in told}
    return visits


def _before(now: dt.datetime, first: int, last: int = 0) -> QuerySet[Visit]:
    """Scheduled visits that begin in ``first`` to ``last`` days; those of today only as long as they have not begun."""
    today = local_date(now)
    start, end = today + dt.timedelta(days=last), today + dt.timedelta(days=first)
    return Visit.objects.filter(
        status=VisitStatus.APPROVED,
        slot__starts_at__gt=max(now, dt.datetime.combine(start, dt.time.min, VENUE_ZONE)),
        slot__starts_at__lte=end_of_day(end),
    )


def _letter_is_late(now: dt.datetime) -> QuerySet[Visit]:
    is_ahead = Q(slot__isnull=True) | Q(slot__starts_at__gt=now)
    return Visit.objects.filter(is_ahead, status__in=AWAITS_DECISION, letter_due_on__lt=local_date(now))


def _names_are_missing(now: dt.datetime) -> QuerySet[Visit]:
    return _before(now, NAMES_DAYS_BEFORE).filter(delegates__isnull=True)


def _programme_is_final(now: dt.datetime) -> QuerySet[Visit]:
    """Visits in three or two days whose guests did not just learn the date."""
    start = dt.datetime.combine(local_date(now), dt.time.min, VENUE_ZONE) - dt.timedelta(days=1)
    told = OutboundMessage.objects.filter(visit=OuterRef("pk"), kind__in=TELL_THE_DATE, created_at__gte=start)
    return _before(now, PROGRAMME_DAYS_BEFORE, ARRIVAL_DAYS_BEFORE + 1).filter(~Exists(told))


def _arrival_is_near(now: dt.datetime) -> QuerySet[Visit]:
    return _before(now, ARRIVAL_DAYS_BEFORE)


def _speakers_arrive(now: dt.datetime) -> QuerySet[Visit]:
    accepted = SpeakerInvitation.objects.filter(item__visit=OuterRef("pk"), state=SpeakerInvitation.State.ACCEPTED).exclude(email="")
    return _arrival_is_near(now).filter(Exists(accepted))


def _promise_ends(now: dt.datetime) -> QuerySet[Visit]:
    """Requests whose answer is promised for the end of this working day or of the next."""
    return Visit.objects.filter(
        status__in=AWAITS_DECISION, answer_due_at__gt=now, answer_due_at__lte=end_of_day(add_working_days(local_date(now), 1))
    )


def _is_not_closed(now: dt.datetime) -> QuerySet[Visit]:
    """Visits that ended yesterday or some days ago and are still scheduled, so that their guests wait for certificates."""
    midnight = dt.datetime.combine(local_date(now), dt.time.min, VENUE_ZONE)
    return Visit.objects.filter(
        status=VisitStatus.APPROVED, slot__ends_at__lt=midnight, slot__ends_at__gte=midnight - dt.timedelta(days=CLOSING_DAYS)
    )


def _survey_is_open(now: dt.datetime) -> QuerySet[Visit]:
    """Visits of yesterday or some days ago that are closed, and whose contact person did not answer the survey."""
    midnight = dt.datetime.combine(local_date(now), dt.time.min, VENUE_ZONE)
    return Visit.objects.filter(
        status=VisitStatus.COMPLETED,
        survey_answered=False,
        slot__ends_at__lt=midnight,
        slot__ends_at__gte=midnight - dt.timedelta(days=SURVEY_DAYS),
    )


def _was_visited(months: int, *, days: int = 0) -> Callable[[dt.datetime], QuerySet[Visit]]:
    """Visits of so many months and days ago of which nobody told what became of them since."""

    def due(now: dt.datetime) -> QuerySet[Visit]:
        last = local_date(now) - relativedelta(months=months) - dt.timedelta(days=days)
        period = {"slot__starts_at__lte": end_of_day(last), "slot__starts_at__gt": end_of_day(last - dt.timedelta(days=ASKING_DAYS))}
        answered = FollowUpAnswer.objects.filter(visit=OuterRef("pk"), months=months)
        return Visit.objects.filter(~Exists(answered), status=VisitStatus.COMPLETED, region__isnull=False, **period)

    return due


def _after(kind: MessageKind, months: int, *, days: int = 0) -> Reminder:
    """The question what became of a visit; its number is that of the months, so that it is asked once for each."""
    return Reminder(kind, _has_address(_was_visited(months, days=days)), _to_guest, lambda visit: months)


def _to_guest(visit: Visit, kind: MessageKind, number: int) -> int:
    return int(outbox.queue(visit, kind, sequence=number) is not None)


def _to_speakers(visit: Visit, kind: MessageKind, number: int) -> int:
    accepted = speakers.invitations_of(visit).filter(state=SpeakerInvitation.State.ACCEPTED)
    return sum(outbox.queue_about(visit, kind, one.pk, recipient=one.email, number=number) is not None for one in accepted)


def _to_people(visit: Visit, kind: MessageKind, number: int, people: Iterable[User]) -> int:
    addresses = dict.fromkeys(user.email for user in people if user.email)
    for address in addresses:
        outbox.queue(visit, kind, recipient=address, sequence=number)
    return len(addresses)


def _to_officer(visit: Visit, kind: MessageKind, number: int) -> int:
    """To the officer of the visit; to all officers if it has none."""
    return _to_people(visit, kind, number, [visit.assigned_to] if visit.assigned_to else assignment.staff_with(DECIDE))


def _to_hosts(visit: Visit, kind: MessageKind, number: int) -> int:
    """To the officer of the visit and to those who receive guests."""
    return _to_people(visit, kind, number, [*filter(None, [visit.assigned_to]), *assignment.staff_with(RECEIVE)])


def _has_address(due: Callable[[dt.datetime], QuerySet[Visit]]) -> Callable[[dt.datetime], QuerySet[Visit]]:
    return lambda now: due(now).exclude(contact_email="")


REMINDERS = (
    Reminder(MessageKind.REMINDER_LETTER, _has_address(_letter_is_late), _to_guest),
    Reminder(MessageKind.REMINDER_DELEGATES, _has_address(_names_are_missing), _to_guest),
    Reminder(MessageKind.REMINDER_VISIT, _has_address(_programme_is_final), _to_guest),
    Reminder(MessageKind.REMINDER_ARRIVAL, _has_address(_arrival_is_near), _to_guest),
    Reminder(MessageKind.SPEAKER_ARRIVAL, _speakers_arrive, _to_speakers, number_for_rows, is_about_a_row=True),
    Reminder(MessageKind.HOST_ARRIVAL, _arrival_is_near, _to_hosts),
    Reminder(MessageKind.PROMISE_DUE, _promise_ends, _to_officer, number_of_promise),
    Reminder(MessageKind.NOT_CLOSED, _is_not_closed, _to_officer),
    Reminder(MessageKind.SURVEY, _has_address(_survey_is_open), _to_guest, lambda visit: 0),
    *(_after(MessageKind.FOLLOW_UP, months) for months in MONTHS),
    *(_after(MessageKind.FOLLOW_UP_AGAIN, months, days=ASKED_AGAIN_DAYS) for months in MONTHS),
)
"""All reminders. The mail about certificates needs none: it leaves when they are issued."""
