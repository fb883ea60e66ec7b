"""Rate limits per client and hour, counted in one database row, so they hold for any number of processes."""

import datetime as dt
import hashlib
import ipaddress
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

    X-Forwarded-For is believed only from our own proxies (``TRUSTED_PROXIES``), read from its end: each of them added the address that
    it saw, and clients can forge what stands before. An entry that is no address ends the reading.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    for entry in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not _is_our_proxy(seen) or not _is_address(entry.strip()):
            break
        seen = entry.strip()
    return seen


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_our_proxy(address: str) -> bool:
    return _is_address(address) and any(
        ipaddress.ip_address(address) in ipaddress.ip_network(network) for network in settings.TRUSTED_PROXIES
    )


def delete_old_counts(sender: Any, now: dt.datetime, **kwargs: Any) -> None:
    """Delete counts of past hours."""
    RequestCount.objects.filter(hour__lt=now - dt.timedelta(hours=2)).delete()


def connect() -> None:
    """Connect to the clock; called once when the app is ready."""
    clock.every_day.connect(delete_old_counts, dispatch_uid="knowledge_hub.core.rate_limits")
