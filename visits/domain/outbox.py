"""Writing mail into the outbox; visits/mail/outbox.py lets it leave."""

from django.db import transaction
from django.utils import timezone

from visits import signals
from visits.enums import MessageKind, MessageStatus
from visits.models import OutboundMessage, SavedDraft, Visit


def queue(visit: Visit, kind: MessageKind, *, recipient: str = "", sequence: int | None = None, note: str = "") -> OutboundMessage | None:
    """Write one mail into the outbox, inside the caller's transaction, and tell those who send it.

    Goes to the contact person unless ``recipient`` says otherwise. Without ``sequence`` it is the next of its kind for this
    visit and recipient. ``note`` holds the sender's own words. Returns None where there is nobody to write to.
    """
    recipient = recipient or visit.contact_email
    if not recipient:
        return None
    if sequence is None:
        sequence = OutboundMessage.objects.filter(visit=visit, kind=kind, recipient=recipient).count()
    message, created = OutboundMessage.objects.get_or_create(
        visit=visit,
        kind=kind,
        sequence=sequence,
        recipient=recipient,
        defaults={"note": note, "next_try_at": timezone.now()},
    )
    if created:
        signals.message_queued.send(sender=OutboundMessage, message=message)
    return message


def queue_first(visit: Visit, kind: MessageKind) -> OutboundMessage:
    """Write the first mail of a visit that the caller's transaction has just made: there is none to look for."""
    message = OutboundMessage.objects.create(visit=visit, kind=kind, recipient=visit.contact_email, next_try_at=timezone.now())
    signals.message_queued.send(sender=OutboundMessage, message=message)
    return message


def queue_for_draft(draft: SavedDraft, kind: MessageKind) -> OutboundMessage:
    """Write the mail with the link to a saved request into the outbox, inside the caller's transaction."""
    sequence = OutboundMessage.objects.filter(draft=draft, kind=kind).count()
    message = OutboundMessage.objects.create(draft=draft, kind=kind, sequence=sequence, recipient=draft.email, next_try_at=timezone.now())
    signals.message_queued.send(sender=OutboundMessage, message=message)
    return message


@transaction.atomic
def retry(message: OutboundMessage) -> bool:
    """Put a mail that failed or was held back into the line with fresh tries; returns whether it was waiting for that."""
    changed = OutboundMessage.objects.filter(pk=message.pk, status__in=[MessageStatus.FAILED, MessageStatus.HELD]).update(
        status=MessageStatus.QUEUED, tries=0, next_try_at=timezone.now(), last_error=""
    )
    if changed:
        signals.message_queued.send(sender=OutboundMessage, message=message)
    return bool(changed)
