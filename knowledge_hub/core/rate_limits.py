"""Budgets: how many requests of a purpose are allowed in an hour, counted in rows, so that they hold for any number of processes."""

import datetime as dt
import hashlib
import ipaddress
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from knowledge_hub.core import clock
from knowledge_hub.core.models import RequestCount

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Budget:
    """Requests of a purpose in an hour, counted apart for each of the following; what is 0 is not counted.

    Attributes:
        per_subject: what the request is about: a visit, an account, the address of a mailbox.
        per_address: an IPv4 address, or an IPv6 network of 64 bits, which one subscriber has.
        per_network: an IPv4 network of 24 bits or an IPv6 network of 48 bits, such as an office or a provider's customers.
    """

    purpose: str
    per_subject: int = 0
    per_address: int = 0
    per_network: int = 0

    def counters(self, client: str, subject: object) -> Iterator[tuple[str, int]]:
        """What a request adds to: names of counters with their limits."""
        if self.per_subject and subject != "":
            yield f"{self.purpose}|subject|{subject}", self.per_subject
        for kind, limit, network in zip(("address", "network"), (self.per_address, self.per_network), networks_of(client), strict=True):
            if limit and network:
                yield f"{self.purpose}|{kind}|{network}", limit


BUDGETS: dict[str, Budget] = {}
"""Every declared budget by its purpose."""


def declare(purpose: str, *, per_subject: int = 0, per_address: int = 0, per_network: int = 0) -> Budget:
    """Declare the budget of a purpose. Raises ValueError if it has one already."""
    if purpose in BUDGETS:
        raise ValueError(f"The budget “{purpose}” is declared twice.")
    BUDGETS[purpose] = Budget(purpose, per_subject, per_address, per_network)
    return BUDGETS[purpose]


def spend(budget: Budget, *, client: str = "", subject: object = "") -> bool:
    """Count one request and return whether it is within its budget, in one query.

    Args:
        client: network address, see client_address(); "" counts for no network.
        subject: what the request is about; "" counts for none. Both are stored only within keyed hashes.
    """
    return spend_all(list(budget.counters(client, subject)))


def spend_all(counters: list[tuple[str, int]]) -> bool:
    """Add one to several counters, names with their limits, in one query; returns whether all are within their limits."""
    # Sorted, so that two requests lock the rows in the same order.
    limits = dict(sorted((hashlib.sha256(f"{settings.SECRET_KEY}|{name}".encode()).hexdigest(), limit) for name, limit in counters))
    if not limits:
        return True
    hour = connection.ops.adapt_datetimefield_value(timezone.now().replace(minute=0, second=0, microsecond=0))
    table = connection.ops.quote_name(RequestCount._meta.db_table)
    rows = ", ".join(["(%s, %s, 1)"] * len(limits))
    # bulk_create(update_conflicts=True) can set a column, but not add to it.
    statement = (
        f"INSERT INTO {table} (key, hour, count) VALUES {rows} "  # noqa: S608 -- the name of our own table; values are parameters
        f"ON CONFLICT (key, hour) DO UPDATE SET count = {table}.count + 1 RETURNING key, count"
    )
    try:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.execute(statement, [value for key in limits for value in (key, hour)])
            return all(count <= limits[key] for key, count in cursor.fetchall())
    except OperationalError as error:
        # Nothing can be written, so whatever the budget guards fails as well; pages that only read are still answered.
        if connection.in_atomic_block or "locked" in str(error):
            raise
        logger.exception("Requests can't be counted.")
        return True


def networks_of(client: str) -> tuple[str, str]:
    """The address and the network of a client, as budgets count them; empty texts for what is no address."""
    if not _is_address(client):
        return "", ""
    address = ipaddress.ip_address(client)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    lengths = (32, 24) if address.version == 4 else (64, 48)
    near, far = (str(ipaddress.ip_network((address, length), strict=False)) for length in lengths)
    return near, far


def client_address(request: HttpRequest) -> str:
    """Network address of the client.

    X-Forwarded-For is believed only from our own proxies (``TRUSTED_PROXIES``), read from its end: each of them added the address that
    it saw, and clients can forge what stands before. An entry that is no address ends the reading.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    for entry in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not is_our_proxy(seen) or not _is_address(entry.strip()):
            break
        seen = entry.strip()
    return seen


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_our_proxy(address: str) -> bool:
    """Whether an address is one of our proxies (``TRUSTED_PROXIES``)."""
    return _is_address(address) and any(
        ipaddress.ip_address(address) in ipaddress.ip_network(network) for network in settings.TRUSTED_PROXIES
    )


def delete_old_counts(sender: Any, now: dt.datetime, **kwargs: Any) -> None:
    """Delete counts of past hours."""
    RequestCount.objects.filter(hour__lt=now - dt.timedelta(hours=2)).delete()


def connect() -> None:
    """Connect to the clock; called once when the app is ready."""
    clock.every_day.connect(delete_old_counts, dispatch_uid="knowledge_hub.core.rate_limits")
