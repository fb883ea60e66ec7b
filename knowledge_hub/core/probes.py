"""Probes for monitoring: ``/healthz`` (the process is alive) and ``/readyz`` (it can serve requests)."""

import logging
import tempfile
from collections.abc import Callable

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

logger = logging.getLogger(__name__)
WRITTEN = b"0" * 65536


class NotReadyError(Exception):
    """A part of the site does not work; the message says which."""


def check_database() -> None:
    """Ask the database a question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_cache() -> None:
    """Write a value to the cache and read it. Raises NotReadyError if it is not there."""
    cache.set("readyz", "1", 10)
    if cache.get("readyz") != "1":
        raise NotReadyError("the cache keeps nothing")


def check_disk() -> None:
    """Write a file of 64 KiB where the site keeps its data."""
    with tempfile.TemporaryFile(dir=settings.VAR_DIR) as file:
        file.write(WRITTEN)
        file.flush()


def check_static_files() -> None:
    """Look for the list of collected static files. Raises NotReadyError without it."""
    # Storages without a list of hashed names have no such attribute.
    if getattr(staticfiles_storage, "hashed_files", None) == {}:
        raise NotReadyError("no static files were collected; run manage.py prepare")


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "cache": check_cache,
    "disk": check_disk,
    "static files": check_static_files,
}


def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 without using database or cache."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if every part works, else 503 with the names of those that do not; the log has the errors."""
    failed = []
    for name, check in CHECKS.items():
        try:
            check()
        # Whatever a database, cache or disk raises, the answer is “not ready”; the log has the error.
        except Exception:
            logger.exception("Not ready: %s", name)
            failed.append(name)
    if failed:
        return HttpResponse(f"not ready: {', '.join(failed)}", content_type="text/plain", status=503)
    return HttpResponse("ready", content_type="text/plain")


PROBES = {"/healthz": alive, "/readyz": ready}


class ProbeMiddleware:
    """Answers probes before all other middleware: a load balancer asks by address and without TLS, which others refuse or redirect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)
