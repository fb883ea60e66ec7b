"""Probes: a load balancer asks by address and without TLS; a site of which a part fails says which part."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.cache.backends.base import BaseCache
from django.db import DatabaseError
from django.utils import timezone
from whitenoise.storage import CompressedManifestStaticFilesStorage

from knowledge_hub.core import health, health_checks

pytestmark = pytest.mark.django_db
PLAIN = {"HTTP_HOST": "10.0.0.7:8000"}


@pytest.fixture
def production(settings):
    """The settings that refuse unknown hosts and plain HTTP."""
    settings.ALLOWED_HOSTS = ["smartcity.example"]
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.parametrize(("path", "answer"), [("/healthz", b"ok"), ("/readyz", b"ready")])
def test_plain_probes_are_answered(client, production, path, answer):
    assert client.get("/", **PLAIN).status_code == 400

    response = client.get(path, **PLAIN)

    assert (response.status_code, response.content.splitlines()[0]) == (200, answer)


class _Forgetful(BaseCache):
    """A cache whose server is lost."""

    def set(self, *args, **kwargs):
        raise ConnectionError("cache server is lost")


def test_a_lost_cache_makes_the_site_unready(client, monkeypatch, caplog):
    monkeypatch.setattr(health_checks, "cache", _Forgetful({}))

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"not ready: cache")
    assert "cache server is lost" in caplog.text
    assert client.get("/healthz").status_code == 200


def test_a_disk_that_takes_nothing_makes_the_site_unready(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "unmounted"

    assert client.get("/readyz").content == b"not ready: disk"


def test_a_lost_database_makes_the_site_unready(client, monkeypatch):
    def lost():
        raise DatabaseError("server closed the connection")

    monkeypatch.setitem(health._checks, "database", replace(health._checks["database"], look=lost))

    assert client.get("/readyz").content == b"not ready: database"


def test_missing_static_files_make_the_site_unready(client, monkeypatch, tmp_path):

    monkeypatch.setattr(health_checks, "staticfiles_storage", CompressedManifestStaticFilesStorage(location=tmp_path, base_url="/static/"))

    assert client.get("/readyz").content == b"not ready: static files"


def test_security_txt_says_where_weaknesses_are_reported(client, settings):
    settings.SECURITY_CONTACT = "mailto:csirt@binjai.example"

    response = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:csirt@binjai.example"
    assert timezone.now() < dt.datetime.fromisoformat(fields["Expires"]) < timezone.now() + dt.timedelta(days=365)
    assert fields["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    settings.SECURITY_CONTACT = ""
    assert b"Contact: http" in client.get("/.well-known/security.txt").content
