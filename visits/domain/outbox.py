"""Mail to guests and staff, written into the outbox in the caller's transaction; visits/mail/sending.py sends it."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import override

from visits import signals
from visits.domain.mail_matters import MAILS_ABOUT_A_ROW, MATTERS, Matter, matter_of, newer
from visits.enums import MailProblem, MessageKind, MessageStatus, VisitSource
from visits.models import DataRequest, OutboundMessage, SavedDraft, Visit

PAUSE_BETWEEN_NEWS = dt.timedelta(minutes=15)
"""After a mail to staff about a guest's message or letter, further news of the visit wait this long and leave in one mail."""

MOST_NEWS = 10
"""Mails with news that one member of staff gets within the pause; further news of any visit leave in one mail after it."""

FOLLOW_A_DECISION = frozenset(
    {
        *(kind for matter in MATTERS for kind in matter.tells),
        MessageKind.HOST_MESSAGE,
        MessageKind.REPLY_LETTER,
        MessageKind.SEATS_REFUSED,
        MessageKind.CORRECTED,
        MessageKind.THANKS,
    }
)
"""Mails about what staff decided or wrote, which they can hold back for a moment."""

UNSENT = (MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.HELD)
"""Mails that did not leave and are not being sent."""

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
    if sequence is None:
        last = OutboundMessage.objects.filter(visit=visit, kind=kind, recipient=recipient).aggregate(last=Max("sequence"))["last"]
        sequence = 0 if last is None else last + 1
    matter = matter_of(kind)
    if matter and kind in matter.tells and (unaware := _replace_unsent(matter, visit, kind, recipient, sequence, note)):
        return unaware
    same = {"visit": visit, "kind": kind, "sequence": sequence, "recipient": recipient}
    # A mail that was replaced before it left is true again, for example because the change that replaced it was undone.
    OutboundMessage.objects.filter(**same, status=MessageStatus.RETIRED).delete()
    message, created = OutboundMessage.objects.get_or_create(
        **same, defaults={"note": note, "next_try_at": not_before or _leaves_at(kind), **_held_back(visit)}
    )
    if created:
        _announce(message)
    return message


def _leaves_at(kind: MessageKind) -> dt.datetime:
    """When a new mail leaves: what staff decide or write waits for a moment, in which they can hold it back."""
    return timezone.now() + settings.MAIL_UNDO if kind in FOLLOW_A_DECISION else timezone.now()


def _replace_unsent(matter: Matter, visit: Visit, kind: MessageKind, recipient: str, sequence: int, note: str) -> OutboundMessage | None:
    """Retire mails that a new one makes untrue and that did not leave, also those that failed or are held.

    A recipient whom the first mail of the matter did not reach gets it now, with the new note, instead of the news of a change: it is
    returned, and the new one must not be written.
    """
    unsent = matter.mails(visit.pk, recipient, sequence).filter(status__in=UNSENT).exclude(kind=kind, sequence=sequence)
    unaware = unsent.filter(kind=matter.first, handed_over=0).first() if kind in matter.changes else None
    unsent.exclude(pk=unaware.pk if unaware else 0).update(status=MessageStatus.RETIRED, problem="", next_try_at=None)
    return _tell_instead(unaware, visit, note) if unaware else None


def _tell_instead(first: OutboundMessage, visit: Visit, note: str) -> OutboundMessage:
    """Queue the first mail of a matter, which did not leave, with a change in it."""
    if note not in first.note:
        first.note = f"{first.note}\n\n{note}".strip()
    first.next_try_at, first.tries, first.problem, first.last_error = _leaves_at(MessageKind(first.kind)), 0, "", ""
    first.status = MessageStatus.QUEUED
    for name, value in _held_back(visit).items():
        setattr(first, name, value)
    first.save()
    _announce(first)
    return first


@transaction.atomic
def retire_superseded(message: OutboundMessage) -> bool:
    """Retire a claimed mail that a newer one replaced while it was sent, or while its worker was dead; returns whether there is one.

    If the news of a change would be the first that the recipient hears of the matter, the older mail stays, says the change too, and
    leaves instead of the newer one.
    """
    matter, later = matter_of(message.kind), list(newer(message).order_by("pk"))
    if matter is None or not later:
        return False
    are_waiting = all(one.status == MessageStatus.QUEUED for one in later)
    if message.kind == matter.first and not message.handed_over and are_waiting and later[-1].kind in matter.changes:
        OutboundMessage.objects.filter(pk__in=[one.pk for one in later]).update(status=MessageStatus.RETIRED, next_try_at=None)
        _tell_instead(message, Visit.objects.get(messages=message), "\n\n".join(filter(None, (one.note for one in later))))
    else:
        retire(message)
    return True


def retire(message: OutboundMessage) -> None:
    """Give up a mail that would not be true any more."""
    OutboundMessage.objects.filter(pk=message.pk).update(status=MessageStatus.RETIRED, problem="", next_try_at=None)


def readdress(visit: Visit, former: str) -> None:
    """Write mails to the former contact person that did not leave, or failed, to the present one; in the caller's transaction."""
    others = [kind for matter in MATTERS if matter.is_about_a_row for kind in matter.tells | matter.reminds]
    for message in visit.messages.filter(recipient=former, status__in=UNSENT).exclude(kind__in=others).order_by("pk"):
        if visit.messages.filter(kind=message.kind, sequence=message.sequence, recipient=visit.contact_email).exists():
            retire(message)
            continue
        message.recipient, message.status, message.next_try_at = visit.contact_email, MessageStatus.QUEUED, timezone.now()
        message.tries, message.handed_over, message.problem, message.last_error = 0, 0, "", ""
        message.message_key, message.sent_at = uuid.uuid4(), None
        for name, value in _held_back(visit).items():
            setattr(message, name, value)
        message.save()
        _announce(message)


def queue_first(visit: Visit, kind: MessageKind) -> OutboundMessage:
    """Add the first mail of a visit that was created in the same transaction; no query for earlier ones.

    It is written when it leaves, because all bookings wait for this transaction. Nothing that it says changes before it is confirmed.
    """
    message = OutboundMessage.objects.create(
        visit=visit, kind=kind, recipient=visit.contact_email, next_try_at=timezone.now(), **_held_back(visit)
    )
    if message.status == MessageStatus.QUEUED:
        signals.message_queued.send(sender=OutboundMessage, message=message)
    return message


def _held_back(visit: Visit) -> dict[str, str]:
    """Fields of a mail that must not leave, because the visit is fictitious; none for a real visit."""
    return {"status": MessageStatus.HELD, "last_error": FICTITIOUS} if visit.source == VisitSource.DEMO else {}


def _announce(message: OutboundMessage) -> None:
    """Have a new or changed mail written and sent."""
    if message.status == MessageStatus.QUEUED:
        signals.text_wanted.send(sender=OutboundMessage, message=message)
        signals.message_queued.send(sender=OutboundMessage, message=message)


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
    _announce(message)
    return message


def queue_for_data_request(request: DataRequest, kind: MessageKind, recipient: str) -> OutboundMessage:
    """Add a mail about a request of a person about own data, in the caller's transaction."""
    sequence = OutboundMessage.objects.filter(data_request=request, kind=kind).count()
    message = OutboundMessage.objects.create(
        data_request=request, kind=kind, sequence=sequence, recipient=recipient, next_try_at=timezone.now()
    )
    _announce(message)
    return message


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
    if not waiting.update(note=Concat("note", Value(f"\n{line}"))):
        return False
    mail.refresh_from_db()
    signals.text_wanted.send(sender=OutboundMessage, message=mail)
    return True
