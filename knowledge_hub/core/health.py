"""Two addresses for whatever watches the site: is the process alive, and can it do its work."""

from django.db import connection
from django.http import HttpResponse
from django.urls import path


def alive(request):
    """Answer without touching anything."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request):
    """Answer once the database does; any error is a 500, which is what a watcher needs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready", content_type="text/plain")


urlpatterns = [path("healthz", alive, name="alive"), path("readyz", ready, name="ready")]
