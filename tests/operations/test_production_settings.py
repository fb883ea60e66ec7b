"""Production says what is missing before it starts, believes only its own proxies, and serves its pictures."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from knowledge_hub.core.rate_limits import client_address

COMPLETE = {
    "SECRET_KEY": "x" * 60,
    "SIGNING_KEY": "y" * 60,
    "ENCRYPTION_KEY": "z" * 60,
    "ALLOWED_HOSTS": "smartcity.example",
    "SITE_URL": "https://smartcity.example",
    "DEFAULT_FROM_EMAIL": "kunjungan@smartcity.example",
}
SHOW = (
    "from django.conf import settings as s; from django.utils.module_loading import import_string as of; "
    "print(s.SITE_URL, s.TRUSTED_PROXIES, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD, s.SECOND_FACTOR_REQUIRED, "
    "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEVICE_COOKIE_NAME, of(s.MESSAGE_STORAGE).storage_classes[0].cookie_name)"
)


def production(tmp_path, **environment: str) -> subprocess.CompletedProcess:
    """Load the settings of production in another process."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {"DJANGO_SETTINGS_MODULE": "knowledge_hub.settings.production", "VAR_DIR": str(tmp_path), **environment}
    return subprocess.run(
        [sys.executable, "-c", SHOW], cwd=project.BASE_DIR, env={**inherited, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("missing", COMPLETE)
def test_production_names_a_missing_setting(tmp_path, missing):
    run = production(tmp_path, **{name: value for name, value in COMPLETE.items() if name != missing})

    assert run.returncode != 0
    assert f"Set {missing} in the environment or in .env" in run.stderr


def test_production_refuses_an_address_without_scheme(tmp_path):
    assert "SITE_URL must begin with https://" in production(tmp_path, **{**COMPLETE, "SITE_URL": "smartcity.example"}).stderr


def test_production_binds_only_its_own_host(tmp_path):
    run = production(tmp_path, **COMPLETE)

    assert run.stdout.split(" ", 1)[0] == "https://smartcity.example"
    assert "['127.0.0.1/32', '::1/128'] False False True __Host-sessionid __Host-csrftoken __Host-device __Host-messages" in run.stdout


@pytest.mark.parametrize(
    ("sender", "forwarded", "client"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("", "198.51.100.1", ""),
    ],
    ids=["proxy", "forged entry", "two proxies", "no proxy", "no header", "no address", "IPv6", "socket"],
)
def test_only_our_proxies_name_the_client(rf, settings, sender, forwarded, client):
    settings.TRUSTED_PROXIES = ["127.0.0.1/32", "::1/128", "10.0.0.0/8"]

    assert client_address(rf.get("/", REMOTE_ADDR=sender, HTTP_X_FORWARDED_FOR=forwarded)) == client


def test_pictures_are_served_without_debug(client):
    name = default_storage.save("images/contoh.txt", ContentFile(b"pixels"))
    try:
        response = client.get(f"/media/{name}")
        assert b"".join(response.streaming_content) == b"pixels"
        assert response["Cache-Control"] == "public, max-age=86400"
    finally:
        default_storage.delete(name)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "images/", "../db.sqlite3", "%2e%2e/db.sqlite3", "nothing.png", "a" * 300])
def test_media_addresses_lead_to_pictures_only(client, path):
    assert client.get(f"/media/{path}").status_code in (301, 400, 404)
