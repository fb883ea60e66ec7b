"""Measurements for Prometheus at ``/metrics``: requests of all processes of this machine, and the state of queue, mail, disk and backup.

Each process adds up its requests in a file of its own, which is mapped into memory; who asks gets the sums. A request costs no lock
between processes, no query and no write to disk. https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import hmac
import ipaddress
import logging
import mmap
import os
import struct
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from knowledge_hub.core import backups, health, health_checks
from knowledge_hub.core.rate_limits import client_address

logger = logging.getLogger(__name__)
PATH = "/metrics"
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the classes of duration, in seconds; one more counts all that took longer."""

NUMBERS = len(CLASSES) + len(BOUNDS) + 2
"""Numbers of a file: requests by class of status and of duration, and the sum of durations."""

SIZE = NUMBERS * 8

Gauge = tuple[str, str, Callable[[], float | None]]
"""Name, help, and what reads the value; None if there is none."""

_gauges: dict[str, Gauge] = {}


def register(*gauges: Gauge) -> None:
    """Add gauges; one of the same name is replaced."""
    _gauges.update({gauge[0]: gauge for gauge in gauges})


class Counters:
    """The numbers of one process."""

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            file.truncate(SIZE)
            self._numbers = memoryview(mmap.mmap(file.fileno(), SIZE)).cast("d")
        self._lock = threading.Lock()

    def add(self, status: int, seconds: float) -> None:
        """Count a request."""
        with self._lock:
            self._numbers[status // 100 - 1] += 1
            self._numbers[len(CLASSES) + bisect_left(BOUNDS, seconds)] += 1
            self._numbers[NUMBERS - 1] += seconds


@cache
def _counters(process: int) -> Counters | None:
    """The counters of this process; a forked one gets its own. None if the disk refuses: the site goes on without."""
    try:
        return Counters(settings.METRICS_DIR / str(process))
    except OSError:
        logger.exception("Requests are not measured.")
        return None


def count(status: int, seconds: float) -> None:
    """Count a request of this process."""
    if counters := _counters(os.getpid()):
        counters.add(status, seconds)


def forget_dead() -> None:
    """Delete the files of processes that are gone; called before the site starts."""
    for path in settings.METRICS_DIR.glob("[0-9]*"):
        if not Path(f"/proc/{path.name}").exists():
            path.unlink(missing_ok=True)


def answer(request: HttpRequest) -> HttpResponse:
    """The measurements, for those who have METRICS_TOKEN or ask from METRICS_NETWORKS; 404 for all others."""
    if not _may_read(request):
        return HttpResponse("Not found", content_type="text/plain", status=404)
    text = "\n".join([*_of_requests(), *_of_checks(), *_of_gauges(), ""])
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"})


def _may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token and hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        return True
    client = client_address(request)
    return bool(client) and any(ipaddress.ip_address(client) in ipaddress.ip_network(network) for network in settings.METRICS_NETWORKS)


def _of_requests() -> Iterator[str]:
    sums = [0.0] * NUMBERS
    for path in settings.METRICS_DIR.glob("[0-9]*"):
        content = path.read_bytes()
        if len(content) == SIZE:
            sums = [one + other for one, other in zip(sums, struct.unpack(f"={NUMBERS}d", content), strict=True)]
    yield "# HELP site_requests_total Answered requests by class of status."
    yield "# TYPE site_requests_total counter"
    for name, number in zip(CLASSES, sums, strict=False):
        yield f'site_requests_total{{status="{name}"}} {number:g}'
    yield "# HELP site_request_duration_seconds Time until the response began."
    yield "# TYPE site_request_duration_seconds histogram"
    total = 0.0
    for bound, number in zip((*BOUNDS, "+Inf"), sums[len(CLASSES) :], strict=False):
        total += number
        yield f'site_request_duration_seconds_bucket{{le="{bound}"}} {total:.0f}'
    yield f"site_request_duration_seconds_sum {sums[-1]:.6f}"
    yield f"site_request_duration_seconds_count {total:.0f}"


def _of_checks() -> Iterator[str]:
    yield "# HELP site_check_well Whether a check of manage.py doctor is well (1) or needs attention (0)."
    yield "# TYPE site_check_well gauge"
    for found in health.findings(health.Depth.PROBE):
        yield f'site_check_well{{check="{found.check.key}"}} {found.is_well:d}'


def _of_gauges() -> Iterator[str]:
    for name, text, read in _gauges.values():
        try:
            value = read()
        except (DatabaseError, OSError):
            # The checks above say so.
            continue
        if value is not None:
            yield f"# HELP {name} {text}"
            yield f"# TYPE {name} gauge"
            yield f"{name} {value:g}"


def _queue(attribute: str) -> Callable[[], float | None]:
    return lambda: getattr(health_checks.queue(), attribute, None)


def _backup_age() -> float | None:
    made = backups.complete(backups.default_folder())
    return (timezone.now() - backups.made_at(made[-1])).total_seconds() if made else None


def connect() -> None:
    """Add the gauges that every site has; called once when the app is ready."""
    register(
        ("site_queue_waiting", "Tasks that should have begun.", _queue("waiting")),
        ("site_queue_oldest_seconds", "For how long the oldest of them waits.", _queue("oldest_seconds")),
        ("site_disk_free_bytes", "Free space where the site keeps its data.", health_checks.free_disk),
        ("site_backup_age_seconds", "Age of the newest backup on this machine.", _backup_age),
    )
