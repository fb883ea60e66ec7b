"""Reminders of agreements that are about to end: one mail to the owner for each end date."""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge_hub.models import CollaborationDocumentPage

logger = logging.getLogger(__name__)


def about_to_end(today: dt.date) -> list[CollaborationDocumentPage]:
    """Published documents that end within their own reminder period, soonest first; one query."""
    pages = CollaborationDocumentPage.objects.live().filter(valid_until__gte=today, remind_days__gt=0).order_by("valid_until")
    return [page for page in pages if page.valid_until <= today + dt.timedelta(days=page.remind_days)]


def remind(sender=None, now: dt.datetime | None = None, **kwargs) -> int:
    """Mail the owners of documents that are about to end; safe to run twice.

    A document is marked as reminded before the mail is sent; if sending fails, the mark is removed and the next day tries again.

    Returns:
        How many mails were sent.
    """
    today = timezone.localdate(now or timezone.now())
    sent = 0
    for page in about_to_end(today):
        if not page.remind_mailbox or page.reminded_of == page.valid_until:
            continue
        unclaimed = CollaborationDocumentPage.objects.filter(pk=page.pk).filter(
            Q(reminded_of__isnull=True) | ~Q(reminded_of=F("valid_until"))
        )
        if not unclaimed.update(reminded_of=page.valid_until):
            continue
        try:
            _send(page, today)
        except OSError:
            CollaborationDocumentPage.objects.filter(pk=page.pk).update(reminded_of=page.reminded_of)
            logger.exception("Reminder of agreement %s could not be sent", page.pk)
        else:
            sent += 1
    return sent


def _send(page: CollaborationDocumentPage, today: dt.date) -> None:
    with override(settings.LANGUAGE_CODE):
        subject = _("Ends on %(date)s: %(title)s") % {"date": date_format(page.valid_until, "j F Y"), "title": page.title}
        text = _(
            "The document “%(title)s” ends on %(date)s, in %(days)d days.\n\n"
            "Prepare its extension, its replacement or its end, and enter the result on the page:\n%(url)s\n"
        ) % {
            "title": page.title,
            "date": date_format(page.valid_until, "j F Y"),
            "days": (page.valid_until - today).days,
            "url": page.full_url or settings.SITE_URL,
        }
    # A title with a line break would break the mail header.
    send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [page.remind_mailbox])
