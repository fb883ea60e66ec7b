"""Rate limits per client and hour, counted in one database row, so they hold for any number of processes."""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from knowledge_hub.core import clock
from knowledge_hub.core.models import RequestCount


def allow(scope: str, who: str, *, per_hour: int, now: dt.datetime | None = None) -> bool:
    """Count one request and return whether it is within the limit.

    Args:
        scope: kind of request, for example ``feedback``.
        who: client address or other identifier; stored only as a keyed hash.
        per_hour: number of requests allowed in an hour.
    """
    now = now or timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    key = hashlib.sha256(f"{settings.SECRET_KEY}|{scope}|{who}".encode()).hexdigest()
    with transaction.atomic():
        RequestCount.objects.get_or_create(key=key, hour=hour)
        RequestCount.objects.filter(key=key, hour=hour).update(count=F("count") + 1)
        return RequestCount.objects.get(key=key, hour=hour).count <= per_hour


def client_address(request: HttpRequest) -> str:
    """Network address of the client.

    Behind a proxy it is the last entry of X-Forwarded-For, which our own proxy added; clients can forge the earlier ones.
    """
    if settings.SECURE_PROXY_SSL_HEADER and (forwarded := request.headers.get("X-Forwarded-For", "")):
        return forwarded.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")


def delete_old_counts(sender: Any, now: dt.datetime, **kwargs: Any) -> None:
    """Delete counts of past hours."""
    RequestCount.objects.filter(hour__lt=now - dt.timedelta(hours=2)).delete()


def connect() -> None:
    """Connect to the clock; called once when the app is ready."""
    clock.every_day.connect(delete_old_counts, dispatch_uid="knowledge_hub.core.rate_limits")
