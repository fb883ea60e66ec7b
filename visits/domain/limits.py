"""Limits on tries per hour: one counted row, updated in one statement, so they hold for any number of processes."""

import datetime as dt
import hashlib

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from visits.models import Attempt


def allow(scope: str, who: str, *, per_hour: int, now: dt.datetime | None = None) -> bool:
    """Count one try and say whether it is within the limit.

    Args:
        scope: what is tried, for example ``book``.
        who: an address or other mark of the asker; stored only as a keyed hash.
        per_hour: how many tries an hour are allowed.
    """
    now = now or timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    key = hashlib.sha256(f"{settings.SECRET_KEY}|{scope}|{who}".encode()).hexdigest()
    with transaction.atomic():
        Attempt.objects.get_or_create(key=key, hour=hour)
        Attempt.objects.filter(key=key, hour=hour).update(count=F("count") + 1)
        return Attempt.objects.get(key=key, hour=hour).count <= per_hour


def forget_old(now: dt.datetime) -> int:
    """Remove counts of past hours; returns how many."""
    return Attempt.objects.filter(hour__lt=now - dt.timedelta(hours=2)).delete()[0]
