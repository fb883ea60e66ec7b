"""What staff decide about a mail of the outbox: hold it back before it leaves, or send it again."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits import signals
from visits.domain.errors import Refused
from visits.domain.mail_matters import newer
from visits.enums import MailProblem, MessageStatus, VisitSource
from visits.models import OutboundMessage

MAY_BE_SENT = (MessageStatus.FAILED, MessageStatus.HELD, MessageStatus.SENT)
"""Mails that staff can send, for the first time or once more."""


@transaction.atomic
def hold(message: OutboundMessage, *, by: User | None) -> None:
    """Hold back a mail that has not left; it stays until staff send it or a newer mail replaces it.

    Raises:
        Refused: it is being sent or has left, or is not waiting any more.
    """
    current = OutboundMessage.objects.select_for_update().get(pk=message.pk)
    changed = OutboundMessage.objects.filter(pk=current.pk, status=MessageStatus.QUEUED).update(
        status=MessageStatus.HELD, problem=MailProblem.HELD_BACK, next_try_at=None
    )
    if not changed:
        raise Refused(
            _("This mail can no longer be held back: %(status)s.") % {"status": MessageStatus(current.status).label},
        )
    _log(current, "held back", by)


@transaction.atomic
def send(message: OutboundMessage, *, seen: str, by: User | None) -> None:
    """Queue a failed or held mail with new tries, or one that left once more, with the same words.

    A mail that left gets a new Message-ID, because mail programs hide a second mail with the same one.

    Args:
        seen: the status that the page showed, so that a second press sends nothing.

    Raises:
        Refused: its status is another one now, a newer mail has replaced it, or its visit is fictitious.
    """
    current = OutboundMessage.objects.select_for_update().get(pk=message.pk)
    if current.visit and current.visit.source == VisitSource.DEMO:
        raise Refused(_("This visit is fictitious. Its mail never leaves."))
    if current.status == MessageStatus.RETIRED or newer(current).exists():
        raise Refused(_("A newer mail has replaced this one; it would no longer be true."))
    if current.status not in MAY_BE_SENT or current.status != seen:
        raise Refused(_("This mail is not waiting for another try: %(status)s.") % {"status": MessageStatus(current.status).label})
    if current.sent_at:
        current.message_key, current.sent_at = uuid.uuid4(), None
    current.status, current.next_try_at = MessageStatus.QUEUED, timezone.now()
    current.tries = current.handed_over = 0
    current.last_error = current.problem = ""
    current.save()
    _log(current, "sent again", by)
    signals.message_queued.send(sender=OutboundMessage, message=current)


def _log(message: OutboundMessage, event: str, user: User | None) -> None:
    if message.visit:
        log(instance=message.visit, action="visits.mail", user=user, data={"event": event, "kind": message.kind})
