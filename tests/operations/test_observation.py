"""Measurements and log lines: the numbers of all processes, the number of the request, and nothing that somebody has entered."""

import io
import json
import logging
import logging.config
import os
import re

import pytest
from django.conf import settings as project
from django.db import DataError, IntegrityError

from knowledge_hub.core import metrics
from knowledge_hub.core.logs import JsonFormatter, SafeFormatter, request_id, text_of
from tests.factories import VisitFactory
from visits.enums import MessageKind
from visits.models import OutboundMessage

SECRETS = ("Budi Contoh", "0812-0000", "198001012005011001")


@pytest.fixture
def measured(settings, tmp_path):
    settings.METRICS_DIR, settings.METRICS_TOKEN = tmp_path / "metrics", "kunci pengukuran"
    metrics._counters.cache_clear()
    yield settings.METRICS_DIR
    metrics._counters.cache_clear()


def read(client) -> dict[str, float]:
    response = client.get(metrics.PATH, headers={"Authorization": "Bearer kunci pengukuran"})
    assert response.status_code == 200
    lines = [line for line in response.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.django_db
def test_requests_of_all_processes_are_added_up(client, measured):
    client.get("/robots.txt")
    client.get("/tidak-ada/")
    os.rename(measured / str(os.getpid()), measured / "999999")
    metrics._counters.cache_clear()
    client.get("/robots.txt")
    OutboundMessage.objects.create(visit=VisitFactory(submitted=True), kind=MessageKind.CONFIRM, recipient="tamu@contoh.invalid")

    found = read(client)

    assert found['site_requests_total{status="2xx"}'] == 2
    assert found['site_requests_total{status="4xx"}'] == 1
    assert found["site_request_duration_seconds_count"] == found['site_request_duration_seconds_bucket{le="+Inf"}'] == 3
    assert found["site_request_duration_seconds_sum"] > 0
    assert found["site_mail_waiting"] >= 1
    assert found["site_disk_free_bytes"] > 0
    assert found['site_check_well{check="database"}'] == 1
    metrics.forget_dead()
    assert read(client)['site_requests_total{status="4xx"}'] == 0


@pytest.mark.django_db
def test_measurements_are_for_those_who_may_read_them(client, measured, settings):
    assert client.get(metrics.PATH).status_code == 404
    assert client.get(metrics.PATH, headers={"Authorization": "Bearer salah"}).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get(metrics.PATH, headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_NETWORKS = ["127.0.0.0/8"]
    assert client.get(metrics.PATH).status_code == 200
    assert client.get(metrics.PATH, REMOTE_ADDR="203.0.113.9").status_code == 404


@pytest.mark.django_db
def test_a_disk_that_refuses_stops_no_request(client, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.METRICS_DIR = tmp_path / "file" / "metrics"
    metrics._counters.cache_clear()

    assert client.get("/robots.txt").status_code == 200
    metrics._counters.cache_clear()


@pytest.mark.django_db
def test_the_number_of_a_request_comes_from_our_proxy_only(client, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]

    assert client.get("/robots.txt", headers={"X-Request-ID": "abcdef0123456789"})["X-Request-ID"] == "abcdef0123456789"
    for number, sender in (("abcdef0123456789", "203.0.113.9"), ("<script>alert(1)</script>", "127.0.0.1")):
        given = client.get("/robots.txt", headers={"X-Request-ID": number}, REMOTE_ADDR=sender)["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", given)


@pytest.fixture
def log():
    """What the site writes to its log, in both formats."""
    written = io.StringIO()
    handlers = [logging.StreamHandler(written), logging.StreamHandler(written)]
    handlers[0].setFormatter(SafeFormatter())
    handlers[1].setFormatter(JsonFormatter())
    for handler in handlers:
        logging.getLogger().addHandler(handler)
    yield written
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_errors_are_logged_without_what_was_entered(client, log, monkeypatch):
    def broken(*args, **kwargs):
        try:
            int(SECRETS[0])
        except ValueError as error:
            raise IntegrityError(f'null value in column "city"\nDETAIL:  Failing row contains ({", ".join(SECRETS)}).') from error

    monkeypatch.setattr("knowledge_hub.views.downloads.settings.SITE_URL", "x", raising=False)
    monkeypatch.setattr("knowledge_hub.views.downloads.reverse", broken)
    client.raise_request_exception = False

    response = client.get("/robots.txt", {"q": SECRETS[0]})
    # As Django does for a failing receiver of the clock.
    logging.getLogger("visits").error("Error calling %s (%s)", "a receiver", ValueError(SECRETS[2]), exc_info=ValueError(SECRETS[2]))

    assert response.status_code == 500
    text = log.getvalue()
    for secret in SECRETS:
        assert secret not in text
        assert secret.replace(" ", "+") not in text
    assert 'IntegrityError: null value in column "city"' in text
    assert "ValueError: (its text is not logged)" in text
    assert "in broken" in text
    assert "Error calling a receiver (ValueError: (its text is not logged))" in text
    told = next(json.loads(line) for line in text.splitlines() if line.startswith("{") and "Internal" in line)
    assert (told["level"], told["message"]) == ("ERROR", "Internal Server Error: /robots.txt")
    assert told["request_id"] == response["X-Request-ID"]


def test_texts_that_tell_of_the_program_are_logged(settings):
    assert text_of(AttributeError("'str' object has no attribute 'x'")) == "AttributeError: 'str' object has no attribute 'x'"
    assert text_of(OSError(28, "No space left on device", "/srv/Budi Contoh.pdf")) == "OSError: No space left on device"
    assert text_of(DataError('invalid input syntax for type integer: "Budi"')) == "DataError: (its text is not logged)"
    settings.DEBUG = True
    assert text_of(ValueError("Budi")) == "ValueError: Budi"


def test_every_handler_hides_what_must_not_be_logged():
    for name, handler in project.LOGGING["handlers"].items():
        assert "hide_secrets" in handler["filters"], name
    formats = {**project.LOGGING["formatters"]}
    assert (formats["plain"]["()"], formats["json"]["()"]) == (
        f"{SafeFormatter.__module__}.SafeFormatter",
        f"{JsonFormatter.__module__}.JsonFormatter",
    )
    assert request_id.get() is not None
