"""What the mail and the links of visits ask of an installation, see knowledge_hub/core/health.py."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core import health, metrics
from knowledge_hub.core.health import Check, Depth, Unwell
from knowledge_hub.core.health_checks import SAMPLE
from visits.domain import link_keys
from visits.enums import MessageStatus
from visits.models import MailboxReading, OutboundMessage

LATE = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class WaitingMail:
    """Mail that is not sent yet, the age of the oldest, and mail of the last day that was given up."""

    waiting: int
    oldest_seconds: float
    failed: int


def waiting_mail() -> WaitingMail:
    """Count the outbox; one query."""
    now, unsent = timezone.now(), Q(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING])
    found = OutboundMessage.objects.aggregate(
        waiting=Count("pk", filter=unsent),
        oldest=Min("created_at", filter=unsent),
        failed=Count("pk", filter=Q(status=MessageStatus.FAILED, created_at__gt=now - dt.timedelta(days=1))),
    )
    return WaitingMail(found["waiting"], (now - found["oldest"]).total_seconds() if found["oldest"] else 0, found["failed"])


def mail() -> str:
    """Check that no mail waits long or was given up."""
    found = waiting_mail()
    values = {"count": found.waiting, "failed": found.failed, "minutes": found.oldest_seconds // 60}
    if found.failed:
        raise Unwell(_("%(failed)d mails of the last day were given up. “Outgoing mail” shows why; they can be sent again there.") % values)
    if found.oldest_seconds > LATE.total_seconds():
        raise Unwell(
            _("%(count)d mails wait, the oldest for %(minutes)d minutes. Check EMAIL_URL and the worker; “Outgoing mail” shows the error.")
            % values
        )
    return _("%(count)d mails wait") % values


MAILBOX_FAILS = dt.timedelta(days=1)
"""So long a mailbox may be unreachable; answers wait in it meanwhile."""


def mailbox() -> str:
    """Check that the mailbox was read within a day."""
    if not settings.INBOX_URL:
        return _("off")
    reading = MailboxReading.objects.first()
    if reading is None or not (reading.read_at or reading.failing_since):
        return ""
    if reading.failing_since and timezone.now() - reading.failing_since > MAILBOX_FAILS:
        when = f"{timezone.localtime(reading.failing_since):%d.%m.%Y %H:%M}"
        raise Unwell(_("The mailbox cannot be read since %(when)s (%(error)s). Check INBOX_URL.") % {"when": when, "error": reading.error})
    return f"{timezone.localtime(reading.read_at):%d.%m.%Y %H:%M}" if reading.read_at else ""


def signing_key() -> str:
    """Check that the newest links can be made."""
    if unknown := list(link_keys.unknown(SAMPLE)):
        raise Unwell(
            _("Some of these were made with a key that the site does not have: %(what)s. Put it into SIGNING_KEY_FALLBACKS.")
            % {"what": ", ".join(unknown)}
        )
    return ""


def register() -> None:
    """Add the checks and measurements to their lists; called once when the app is ready."""
    health.register(
        Check("mail", gettext_lazy("Outgoing mail"), mail, Depth.PROBE),
        Check("mailbox", gettext_lazy("Mailbox of answers"), mailbox, Depth.PROBE),
        Check("signing key", gettext_lazy("Key of secret links"), signing_key),
    )
    metrics.register(
        ("site_mail_waiting", "Mails that are not sent yet.", lambda: waiting_mail().waiting),
        ("site_mail_oldest_seconds", "For how long the oldest of them waits.", lambda: waiting_mail().oldest_seconds),
        ("site_mail_failed", "Mails of the last day that were given up.", lambda: waiting_mail().failed),
    )
