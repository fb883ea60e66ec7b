"""Sends the mail of the outbox: each row is claimed by one worker, retried with growing delays, and shown to staff if it fails."""

import datetime as dt
import logging
import smtplib

from django.db.models import F, Q
from django.utils import timezone

from knowledge_hub.core.keys import WrongKey
from visits.enums import MessageStatus
from visits.mail.messages import render
from visits.models import OutboundMessage

logger = logging.getLogger(__name__)

MAX_TRIES = 6
FIRST_PAUSE = dt.timedelta(minutes=1)
LEASE = dt.timedelta(minutes=10)
"""After this time a mail that is still "being sent" belongs to a killed process and is sent again."""

BROKEN_OFF = "The sending broke off each time."
"""Stored as the error if there is no answer of a mail server."""


def due(now: dt.datetime):
    """Queued mail whose time has come, and mail that a killed process was sending."""
    waiting = Q(status=MessageStatus.QUEUED) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    abandoned = Q(status=MessageStatus.SENDING, claimed_at__lte=now - LEASE)
    return OutboundMessage.objects.filter(waiting | abandoned)


def send(message_pk: int, *, now: dt.datetime | None = None) -> bool:
    """Send one mail if it is due; returns whether it was sent.

    The row is claimed by one conditional update, so two workers never send the same mail. If the mail server refuses it, the
    error is stored and the mail is tried again after 1, 4, 16, … minutes, at most MAX_TRIES times. A mail whose worker ends
    each time, killed or by an error, is marked as failed after the same number of tries, so that staff see it.
    """
    now = now or timezone.now()
    claimed = due(now).filter(pk=message_pk).update(status=MessageStatus.SENDING, claimed_at=now, tries=F("tries") + 1)
    if not claimed:
        return False
    message = OutboundMessage.objects.get(pk=message_pk)
    if message.tries > MAX_TRIES:
        logger.error("Mail %s is given up: its sending broke off %d times", message.pk, MAX_TRIES)
        OutboundMessage.objects.filter(pk=message_pk).update(status=MessageStatus.FAILED, last_error=BROKEN_OFF)
        return False
    try:
        render(message).send()
    except WrongKey as wrong:
        # It waits, however often it is tried, until the key is back: its link would lead nowhere.
        logger.error("Mail %s waits for a key: %s", message.pk, wrong.setting)
        waiting = {"status": MessageStatus.QUEUED, "tries": F("tries") - 1, "next_try_at": now + LEASE, "last_error": str(wrong)[:300]}
        OutboundMessage.objects.filter(pk=message_pk).update(**waiting)
        return False
    except (smtplib.SMTPException, OSError) as error:
        _note_failure(message, error, now)
        return False
    OutboundMessage.objects.filter(pk=message_pk).update(status=MessageStatus.SENT, sent_at=timezone.now(), last_error="")
    return True


def _note_failure(message: OutboundMessage, error: Exception, now: dt.datetime) -> None:
    final = message.tries >= MAX_TRIES
    pause = FIRST_PAUSE * 4 ** (message.tries - 1)
    # The error's text may contain the recipient's address, so only its type and the row's key are logged.
    logger.warning("Mail %s could not be sent (%s, try %d)", message.pk, type(error).__name__, message.tries)
    OutboundMessage.objects.filter(pk=message.pk).update(
        status=MessageStatus.FAILED if final else MessageStatus.QUEUED,
        next_try_at=None if final else now + pause,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
