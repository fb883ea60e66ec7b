"""The daily summary for staff who want it: what waits in the inbox, and the visits of the day."""

import datetime as dt
import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from knowledge_hub.models import User
from visits.domain.calendar_days import local_date
from visits.models import Visit
from visits.permissions import ANY_OF_VISIT
from visits.queries import inbox

logger = logging.getLogger(__name__)

QUEUES = ("new", "answer", "overdue", "room", "mine")
"""Queues of the inbox whose length is told."""


def can_have(user: User) -> bool:
    """Whether a user may see the inbox, whose numbers the summary tells."""
    return any(user.has_perm(f"visits.{action}_visit") for action in ANY_OF_VISIT)


def subscribers() -> QuerySet[User]:
    """Active users with a mail address who want the summary; whether they still may have it is asked when it is sent."""
    return get_user_model().objects.filter(is_active=True, wants_digest=True).exclude(email="")


def summary(user: User, now: dt.datetime) -> dict:
    """The queues of the inbox with their lengths, without empty ones, and the visits of the day; empty where nothing waits."""
    conditions = inbox.queue_conditions(inbox.moments(now), user.pk)
    counted = [(inbox.QUEUES[name], Visit.objects.filter(conditions[name]).count(), name) for name in QUEUES]
    index = settings.SITE_URL + reverse("visits_staff:index")
    waiting = [{"label": label, "count": count, "link": f"{index}?queue={name}"} for label, count, name in counted if count]
    today = inbox.counts(now).today
    return {"waiting": waiting, "today": today, "day": local_date(now)} if waiting or today else {}


def send(user_pk: int, now: dt.datetime | None = None) -> bool:
    """Send the summary of this moment to a user; returns whether it was sent.

    Nothing is sent where nothing waits, or to who may not see the inbox any more. A mail that the server refuses is logged and not
    tried again: the next day's summary tells the same, up to date.
    """
    user = subscribers().filter(pk=user_pk).first()
    told = summary(user, now or timezone.now()) if user and can_have(user) else {}
    if not told:
        return False
    with override(settings.LANGUAGE_CODE):
        subject = gettext("What waits at %(site)s") % {"site": settings.WAGTAIL_SITE_NAME}
        account = settings.SITE_URL + reverse("wagtailadmin_account")
        text = render_to_string("visits/mail/digest.txt", {**told, "user": user, "account_link": account})
    try:
        send_mail(subject, text.strip() + "\n", None, [user.email])
    except (SMTPException, OSError):
        logger.warning("The daily summary for user %d could not be sent", user_pk, exc_info=True)
        return False
    return True
