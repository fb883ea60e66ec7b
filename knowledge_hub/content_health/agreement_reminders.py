"""Agreements that are about to end: the owner is told once for each end date."""

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
    """Published documents whose end lies within their own time of warning and that have not ended; soonest first. One query."""
    pages = CollaborationDocumentPage.objects.live().filter(valid_until__gte=today, remind_days__gt=0).order_by("valid_until")
    return [page for page in pages if page.valid_until <= today + dt.timedelta(days=page.remind_days)]


def remind(sender=None, now: dt.datetime | None = None, **kwargs) -> int:
    """Write to the owners of documents that are about to end; safe to run twice.

    Claimed before it is sent: should the mail fail, the claim is given back and the clock tries again tomorrow.

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
    # A title with a line break would begin a header of its own.
    send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [page.remind_mailbox])
