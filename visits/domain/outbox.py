"""Mail to guests and staff, written into the outbox in the caller's transaction; visits/mail/sending.py sends it."""

import datetime as dt

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits import signals
from visits.domain.errors import Refused
from visits.enums import CHANGE_THE_VISIT, REMIND_OF_VISIT, TELL_HOW_IT_STANDS, MailProblem, MessageKind, MessageStatus, VisitSource
from visits.models import DataRequest, OutboundMessage, SavedDraft, Visit

PAUSE_BETWEEN_NEWS = dt.timedelta(minutes=15)
"""After a mail to staff about a guest's message or letter, further news of the visit wait this long and leave in one mail."""

MOST_NEWS = 10
"""Mails with news that one member of staff gets within the pause; further news of any visit leave in one mail after it."""

FICTITIOUS = "Contoh/fiktif"
"""Why the mail of a visit of the demonstration is held."""


def queue(
    visit: Visit,
    kind: MessageKind,
    *,
    recipient: str = "",
    sequence: int | None = None,
    note: str = "",
    not_before: dt.datetime | None = None,
) -> OutboundMessage | None:
    """Add a mail to the outbox in the caller's transaction and send the signal ``message_queued``.

    The recipient is the contact person by default. Without ``sequence`` it is the next one of its kind for this visit and recipient.
    ``note`` is the sender's text; the mail leaves at once or at ``not_before``. Returns None if there is no address.
    """
    recipient = recipient or visit.contact_email
    if not recipient:
        return None
    if kind in TELL_HOW_IT_STANDS and (unaware := _replace_unsent(visit, kind, recipient, sequence, note)):
        return unaware
    if sequence is None:
        last = OutboundMessage.objects.filter(visit=visit, kind=kind, recipient=recipient).aggregate(last=Max("sequence"))["last"]
        sequence = 0 if last is None else last + 1
    same = {"visit": visit, "kind": kind, "sequence": sequence, "recipient": recipient}
    # A mail that was replaced before it left is true again, for example because the change that replaced it was undone.
    OutboundMessage.objects.filter(**same, status=MessageStatus.RETIRED).delete()
    message, created = OutboundMessage.objects.get_or_create(
        **same, defaults={"note": note, "next_try_at": not_before or timezone.now(), **_held_back(visit)}
    )
    if created:
        _announce(message)
    return message


def _newer(message: OutboundMessage) -> QuerySet[OutboundMessage]:
    """Mails that say after ``message``, and instead of it, how the visit stands."""
    if message.kind not in TELL_HOW_IT_STANDS | REMIND_OF_VISIT:
        return OutboundMessage.objects.none()
    return OutboundMessage.objects.filter(
        visit=message.visit_id, recipient=message.recipient, kind__in=TELL_HOW_IT_STANDS, pk__gt=message.pk
    ).exclude(status=MessageStatus.RETIRED)


def _replace_unsent(visit: Visit, kind: MessageKind, recipient: str, sequence: int | None, note: str) -> OutboundMessage | None:
    """Retire mails that a new one makes untrue and that did not leave, also those that failed or are held.

    A guest whom the mail about the scheduled visit did not reach gets it now, with the new note, instead of the news of a change: it is
    returned, and the new one must not be written.
    """
    unsent = OutboundMessage.objects.filter(
        visit=visit,
        recipient=recipient,
        kind__in=TELL_HOW_IT_STANDS | REMIND_OF_VISIT,
        status__in=[MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.HELD],
    )
    if sequence is not None:
        unsent = unsent.exclude(kind=kind, sequence=sequence)
    unaware = unsent.filter(kind=MessageKind.INVITATION, handed_over=0).first() if kind in CHANGE_THE_VISIT else None
    unsent.exclude(pk=unaware.pk if unaware else 0).update(status=MessageStatus.RETIRED, problem="", next_try_at=None)
    return _tell_instead(unaware, visit, note) if unaware else None


def _tell_instead(invitation: OutboundMessage, visit: Visit, note: str) -> OutboundMessage:
    """Queue a mail about the scheduled visit that did not leave, with a change of the visit in it."""
    invitation.note = "\n\n".join(filter(None, (invitation.note, note)))
    invitation.next_try_at, invitation.tries, invitation.problem, invitation.last_error = timezone.now(), 0, "", ""
    invitation.status = MessageStatus.QUEUED
    for name, value in _held_back(visit).items():
        setattr(invitation, name, value)
    invitation.save()
    _announce(invitation)
    return invitation


@transaction.atomic
def retire_superseded(message: OutboundMessage) -> bool:
    """Retire a claimed mail that a newer one replaced while it was sent, or while its worker was dead; returns whether there is one.

    If the news of a change would be the first that the guest hears of the scheduled visit, the older mail stays, says the change too, and
    leaves instead of the newer one.
    """
    newer = list(_newer(message).order_by("pk"))
    if not newer:
        return False
    waiting = [one for one in newer if one.status == MessageStatus.QUEUED]
    if message.kind == MessageKind.INVITATION and not message.handed_over and newer == waiting and waiting[-1].kind in CHANGE_THE_VISIT:
        OutboundMessage.objects.filter(pk__in=[one.pk for one in waiting]).update(status=MessageStatus.RETIRED, next_try_at=None)
        _tell_instead(message, Visit.objects.get(messages=message), "\n\n".join(filter(None, (one.note for one in waiting))))
    else:
        OutboundMessage.objects.filter(pk=message.pk).update(status=MessageStatus.RETIRED, problem="", next_try_at=None)
    return True


def queue_first(visit: Visit, kind: MessageKind) -> OutboundMessage:
    """Add the first mail of a visit that was created in the same transaction; no query for earlier ones."""
    message = OutboundMessage.objects.create(
        visit=visit, kind=kind, recipient=visit.contact_email, next_try_at=timezone.now(), **_held_back(visit)
    )
    _announce(message)
    return message


def _held_back(visit: Visit) -> dict[str, str]:
    """Fields of a mail that must not leave, because the visit is fictitious; none for a real visit."""
    return {"status": MessageStatus.HELD, "last_error": FICTITIOUS} if visit.source == VisitSource.DEMO else {}


def _announce(message: OutboundMessage) -> None:
    if message.status == MessageStatus.QUEUED:
        signals.message_queued.send(sender=OutboundMessage, message=message)


MAILS_ABOUT_A_ROW = 100
"""The most mails of one kind about one row to one recipient, see queue_about()."""


def mails_about(visit: Visit, kind: MessageKind, key: int) -> QuerySet[OutboundMessage]:
    """Mails of a kind about a row, see queue_about()."""
    first = key * MAILS_ABOUT_A_ROW
    return OutboundMessage.objects.filter(visit=visit, kind=kind, sequence__gte=first, sequence__lt=first + MAILS_ABOUT_A_ROW)


def queue_about(
    visit: Visit,
    kind: MessageKind,
    key: int,
    *,
    recipient: str,
    note: str = "",
    number: int | None = None,
    not_before: dt.datetime | None = None,
) -> OutboundMessage | None:
    """Add a mail to somebody who is neither guest nor staff, about a row of the visit such as a task of preparation.

    ``sequence`` holds the primary key of the row and the number of the mail, so that several mails about a row can be told apart;
    key_of() and number_of() read it. Must run under the visit's lock. Without ``number`` it is the next one; the same number again adds no
    mail. None without an address, or after MAILS_ABOUT_A_ROW mails.
    """
    number = mails_about(visit, kind, key).count() if number is None else number
    if not recipient or number >= MAILS_ABOUT_A_ROW:
        return None
    return queue(visit, kind, recipient=recipient, sequence=key * MAILS_ABOUT_A_ROW + number, note=note, not_before=not_before)


def key_of(message: OutboundMessage) -> int:
    """The primary key of the row that a mail of queue_about() is about; the row may be gone."""
    return message.sequence // MAILS_ABOUT_A_ROW


def number_of(sequence: int) -> int:
    """The number of a mail of queue_about() among those about its row."""
    return sequence % MAILS_ABOUT_A_ROW


def queue_for_draft(draft: SavedDraft, kind: MessageKind) -> OutboundMessage:
    """Add the mail with the link to a draft to the outbox, in the caller's transaction."""
    sequence = OutboundMessage.objects.filter(draft=draft, kind=kind).count()
    message = OutboundMessage.objects.create(draft=draft, kind=kind, sequence=sequence, recipient=draft.email, next_try_at=timezone.now())
    signals.message_queued.send(sender=OutboundMessage, message=message)
    return message


def queue_for_data_request(request: DataRequest, kind: MessageKind, recipient: str) -> OutboundMessage:
    """Add a mail about a request of a person about own data, in the caller's transaction."""
    sequence = OutboundMessage.objects.filter(data_request=request, kind=kind).count()
    message = OutboundMessage.objects.create(
        data_request=request, kind=kind, sequence=sequence, recipient=recipient, next_try_at=timezone.now()
    )
    signals.message_queued.send(sender=OutboundMessage, message=message)
    return message


@transaction.atomic
def retry(message: OutboundMessage, *, by: User | None) -> None:
    """Queue a failed or held mail again with new tries. Raises Refused if it is neither, or if a newer mail has replaced it."""
    current = OutboundMessage.objects.select_for_update().get(pk=message.pk)
    if current.status == MessageStatus.RETIRED or _newer(current).exists():
        raise Refused(_("A newer mail has replaced this one; it would no longer be true."))
    if current.status not in (MessageStatus.FAILED, MessageStatus.HELD):
        raise Refused(_("This mail is not waiting for another try."))
    current.status, current.next_try_at = MessageStatus.QUEUED, timezone.now()
    current.tries = current.handed_over = 0
    current.last_error = current.problem = ""
    current.save()
    if current.visit:
        log(instance=current.visit, action="visits.mail", user=by, data={"event": "sent again", "kind": current.kind})
    _announce(current)


def came_back(message: OutboundMessage, error: str) -> bool:
    """Note that a mail which left came back; returns whether it was one. Staff send it again when the address is right.

    Args:
        message: the mail.
        error: the answer of the mail server that refused it.
    """
    left = OutboundMessage.objects.filter(pk=message.pk, status__in=[MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.FAILED])
    return bool(left.update(status=MessageStatus.FAILED, problem=MailProblem.CAME_BACK, next_try_at=None, last_error=error[:300]))


def notify_staff(
    visit: Visit, what: Promise | str, kind: MessageKind = MessageKind.GUEST_ACTED, *, pause: dt.timedelta = dt.timedelta(0)
) -> int:
    """Mail all staff who may decide that a guest did something, or that a request arrived; returns how many mails were added.

    ``what`` is a lazy sentence without personal data: it is written in the staff's language, not in the guest's. With a ``pause``, a
    recipient who got a mail of this kind about the visit within it, or MOST_NEWS about any, gets one mail with all further news after it.
    """
    with override(settings.LANGUAGE_CODE):
        note = str(what)
    deciders = (
        get_user_model()
        .objects.with_perm("visits.decide_visit", include_superusers=False, backend="django.contrib.auth.backends.ModelBackend")
        .exclude(email="")
        .distinct()
    )
    now = timezone.now()
    recent = list(OutboundMessage.objects.filter(kind=kind, created_at__gt=now - pause).order_by("created_at")) if pause else []
    added = 0
    for user in deciders:
        mails = [mail for mail in recent if mail.recipient == user.email]
        told = [mail for mail in mails if mail.visit_id == visit.pk] or (mails if len(mails) >= MOST_NEWS else [])
        if told and _add_to_waiting(told[-1] if told[-1].visit_id == visit.pk else mails[-1], visit, note, now):
            continue
        queue(visit, kind, recipient=user.email, note=note, not_before=told[-1].created_at + pause if told else None)
        added += 1
    return added


def _add_to_waiting(mail: OutboundMessage, visit: Visit, note: str, now: dt.datetime) -> bool:
    """Add news to a mail that waits for its time; False if it waits no more. The same news twice stand in it once."""
    line = note if mail.visit_id == visit.pk else f"{visit.reference}: {note}"
    waiting = OutboundMessage.objects.filter(pk=mail.pk, status=MessageStatus.QUEUED, tries=0, next_try_at__gt=now)
    if line in mail.note.splitlines():
        return waiting.exists()
    return bool(waiting.update(note=Concat("note", Value(f"\n{line}"))))
