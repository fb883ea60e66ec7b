"""Probes for monitoring: ``/healthz`` (the process is alive) and ``/readyz`` (it can serve requests)."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 without using database or cache."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database answers; any error becomes a 500."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready", content_type="text/plain")


urlpatterns = [path("healthz", alive, name="alive"), path("readyz", ready, name="ready")]
