"""Sends the mail of the outbox: each row is claimed by one worker, retried with growing delays, and shown to staff if it fails.

Mails about a visit leave to each recipient in the order in which they were written. A worker may be killed between any two steps of
sending. Before the mail is handed over, it is sent later. Behind that, nobody knows whether it arrived: it is sent once more with the same
Message-ID, and then left to staff.
"""

import datetime as dt
import enum
import logging
import smtplib
from functools import partial

from django.core.mail import get_connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from knowledge_hub.core.keys import WrongKey
from knowledge_hub.core.mail_backend import NoAnswer, is_refused_for_good
from visits.domain import outbox
from visits.enums import MailProblem, MessageStatus
from visits.mail.messages import render
from visits.mail.secret_links import LinkGone
from visits.models import OutboundMessage

logger = logging.getLogger(__name__)

MAX_TRIES = 6
MOST_HANDOVERS = 2
"""How often a mail is handed over without an answer, before it is left to staff."""
FIRST_PAUSE = dt.timedelta(minutes=1)
LEASE = dt.timedelta(minutes=10)
"""After this time a mail that is still "being sent" belongs to a killed process and is sent again."""


class Step(enum.StrEnum):
    """What has been done of sending a mail."""

    CLAIMED = "the row says that it is being sent"
    WRITTEN = "text and calendar file are put together"
    HANDED_OVER = "the row says so; the server asked for the mail and gets it next"
    ANSWERED = "the server took it"
    SETTLED = "the row says how the server answered"


def _reached(step: Step, message: OutboundMessage) -> None:
    """Log a step. Fault tests end the worker here."""
    logger.debug("Mail %s: %s", message.pk, step)


def due(now: dt.datetime) -> QuerySet[OutboundMessage]:
    """Queued mail whose time has come, and mail that a killed process was sending.

    A mail waits for an earlier one about the same visit to the same recipient that is on its way; not for one that has a later time of
    its own, or was given up.
    """
    is_time = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    waiting = Q(status=MessageStatus.QUEUED) & is_time
    abandoned = Q(status=MessageStatus.SENDING, claimed_at__lte=now - LEASE)
    on_its_way = Q(status=MessageStatus.SENDING) | Q(status=MessageStatus.QUEUED) & (is_time | Q(tries__gt=0))
    earlier = OutboundMessage.objects.filter(on_its_way, visit=OuterRef("visit"), recipient=OuterRef("recipient"), pk__lt=OuterRef("pk"))
    return OutboundMessage.objects.filter(waiting | abandoned).filter(~Exists(earlier))


def send(message_pk: int, *, now: dt.datetime | None = None) -> bool:
    """Send one mail if it is due; returns whether it was sent.

    The row is claimed by one conditional update, so two workers never send the same mail. A mail that the server puts off is tried again
    after 1, 4, 16, … minutes, at most MAX_TRIES times; one that it refuses for good is not. A mail whose worker ends each time, killed or
    by an error, is given up after the same number of tries.
    """
    now = now or timezone.now()
    claimed = due(now).filter(pk=message_pk).values_list("pk", flat=True)
    if (
        not OutboundMessage.objects.filter(pk__in=list(claimed))
        .filter(_unclaimed(now))
        .update(status=MessageStatus.SENDING, claimed_at=now, tries=F("tries") + 1)
    ):
        return False
    message = OutboundMessage.objects.get(pk=message_pk)
    _reached(Step.CLAIMED, message)
    if outbox.retire_superseded(message):
        return False
    if message.handed_over >= MOST_HANDOVERS:
        return _give_up(message, MailProblem.NO_ANSWER)
    if message.tries > MAX_TRIES:
        return _give_up(message, MailProblem.BROKEN_OFF)
    connection = get_connection()
    connection.before_data = partial(_hand_over, message)
    try:
        mail = render(message)
        _reached(Step.WRITTEN, message)
        mail.connection = connection
        mail.send()
        _reached(Step.ANSWERED, message)
    except LinkGone:
        # What the mail is about is gone, or the link is somebody else's now.
        outbox.retire(message)
        return False
    except WrongKey as wrong:
        # It waits, however often it is tried, until the key is back: its link would lead nowhere.
        logger.error("Mail %s waits for a key: %s", message.pk, wrong.setting)
        _settle(
            message,
            status=MessageStatus.QUEUED,
            tries=F("tries") - 1,
            next_try_at=now + LEASE,
            problem=MailProblem.NO_KEY,
            last_error=str(wrong)[:300],
        )
        return False
    except (smtplib.SMTPException, OSError) as error:
        _note_failure(message, error, now)
        return False
    _settle(message, status=MessageStatus.SENT, sent_at=timezone.now(), problem="", last_error="")
    return True


def _unclaimed(now: dt.datetime) -> Q:
    return Q(status=MessageStatus.QUEUED) | Q(status=MessageStatus.SENDING, claimed_at__lte=now - LEASE)


def _settle(message: OutboundMessage, **values: object) -> None:
    OutboundMessage.objects.filter(pk=message.pk).update(**values)
    _reached(Step.SETTLED, message)


def _hand_over(message: OutboundMessage) -> None:
    """Note that the server gets the mail now."""
    OutboundMessage.objects.filter(pk=message.pk).update(handed_over=message.handed_over + 1)
    _reached(Step.HANDED_OVER, message)


def _give_up(message: OutboundMessage, problem: MailProblem) -> bool:
    logger.error("Mail %s is given up after %d tries: %s", message.pk, message.tries - 1, problem.value)
    _settle(message, status=MessageStatus.FAILED, problem=problem, next_try_at=None)
    return False


def _note_failure(message: OutboundMessage, error: Exception, now: dt.datetime) -> None:
    """Decide by the answer of the server what becomes of a mail."""
    # The error's text may contain the recipient's address, so only its type and the row's key are logged.
    logger.warning("Mail %s could not be sent (%s, try %d)", message.pk, type(error).__name__, message.tries)
    if outbox.retire_superseded(message):
        return
    if isinstance(error, NoAnswer):
        handed_over, problem, is_final = message.handed_over + 1, MailProblem.NO_ANSWER, message.handed_over + 1 >= MOST_HANDOVERS
    else:
        # An answer, so this mail did not arrive now.
        refused = is_refused_for_good(error)
        handed_over, problem = message.handed_over, MailProblem.REFUSED if refused else MailProblem.UNREACHABLE
        is_final = refused or message.tries >= MAX_TRIES
    _settle(
        message,
        status=MessageStatus.FAILED if is_final else MessageStatus.QUEUED,
        next_try_at=None if is_final else now + FIRST_PAUSE * 4 ** (message.tries - 1),
        handed_over=handed_over,
        problem=problem,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
