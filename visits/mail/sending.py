"""How mail leaves: claimed once, tried again with growing pauses, visible to staff when it fails."""

import datetime as dt
import logging
import smtplib

from django.db.models import F, Q
from django.utils import timezone

from visits.enums import MessageStatus
from visits.mail.messages import render
from visits.models import OutboundMessage

logger = logging.getLogger(__name__)

MAX_TRIES = 6
FIRST_PAUSE = dt.timedelta(minutes=1)
LEASE = dt.timedelta(minutes=10)
"""After this long a mail that is still "being sent" was left by a killed process and is taken up again."""

BROKEN_OFF = "The sending broke off each time."
"""Noted beside the mail where no answer of a mail server can be."""


def due(now: dt.datetime):
    """Mail that waits for its time, and mail that a killed process left behind."""
    waiting = Q(status=MessageStatus.QUEUED) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    abandoned = Q(status=MessageStatus.SENDING, claimed_at__lte=now - LEASE)
    return OutboundMessage.objects.filter(waiting | abandoned)


def send(message_pk: int, *, now: dt.datetime | None = None) -> bool:
    """Send one mail if it is due; returns whether it left.

    The row is claimed by one conditional update, so two workers never send the same mail. A refusal by the mail server is
    noted and tried again after 1, 4, 16, … minutes, at most MAX_TRIES times. A mail whose sending breaks off each time, with
    its process or by a fault of ours, is given up after as many, for staff to see.
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
    except (smtplib.SMTPException, OSError) as error:
        _note_failure(message, error, now)
        return False
    OutboundMessage.objects.filter(pk=message_pk).update(status=MessageStatus.SENT, sent_at=timezone.now(), last_error="")
    return True


def _note_failure(message: OutboundMessage, error: Exception, now: dt.datetime) -> None:
    final = message.tries >= MAX_TRIES
    pause = FIRST_PAUSE * 4 ** (message.tries - 1)
    # The error's text may hold the recipient's address, so the log names only its kind and the row.
    logger.warning("Mail %s could not be sent (%s, try %d)", message.pk, type(error).__name__, message.tries)
    OutboundMessage.objects.filter(pk=message.pk).update(
        status=MessageStatus.FAILED if final else MessageStatus.QUEUED,
        next_try_at=None if final else now + pause,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
