"""``manage.py verify_installation`` looks at a running site over HTTP and says what is wrong and what to do."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from knowledge_hub.core import health, verification
from knowledge_hub.core.outside import FORGED, Outside

# What a test server lacks: https, a proxy before it.
SERVER_LACKS = {"TLS", "large bodies", "settings and libraries"}
# What an empty site lacks: a home page of ours, what nobody has entered or started.
SITE_LACKS = {"styles and scripts", "probes", "clock", "backup", "contact", "search", "search index"}


@pytest.fixture
def running(live_server, settings, tmp_path):
    """A site that runs as the settings say, without https."""
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    settings.VAR_DIR = tmp_path
    host, port = live_server.url.removeprefix("http://").split(":")
    Site.objects.update(hostname=host, port=port)
    Site.clear_site_root_paths_cache()
    return live_server


def findings(outside: Outside, *keys: str) -> dict[str, health.Finding]:
    return {check.key: health.finding(check) for check in outside.checks() if check.key in keys}


@pytest.mark.django_db(transaction=True)
def test_a_running_site_is_looked_at_from_outside(running, settings, tmp_path):
    out, log = StringIO(), tmp_path / "access.log"
    log.touch()

    with pytest.raises(CommandError, match="need attention") as failed:
        call_command("verify_installation", running.url, stdout=out, mail_to="operator@contoh.invalid", proxy_log=log, without_restore=True)

    told = out.getvalue()
    wrong = set(str(failed.value).split(": ", 1)[1].rstrip(".").split(", "))
    assert wrong <= SERVER_LACKS | SITE_LACKS, told
    for well in ("reach", "keys", "proxy headers", "client address", "limits", "clocks", "addresses", "pages", "media", "test mail"):
        assert f"✓ {well}" in told
    assert mail.outbox[-1].to == ["operator@contoh.invalid"]
    assert "✗ TLS: The address is not https. Get a certificate" in told

    outside = Outside(running.url, mail_to="", proxy_log=None)
    outside.home = outside.get(reverse("contact"))
    settings.SITE_URL = "https://elsewhere.example"
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    found = findings(outside, "addresses", "client address", "test mail", "styles and scripts")
    assert found["styles and scripts"].is_well
    assert "Set SITE_URL=" in found["addresses"].text
    assert "A client chooses its own address" in found["client address"].text
    assert "OPERATOR_EMAIL" in found["test mail"].text
    nobody = Outside("http://127.0.0.1:9", mail_to="", proxy_log=None)
    assert "Check DNS, firewall" in findings(nobody, "reach")["reach"].text


@pytest.mark.django_db
def test_only_the_operator_learns_how_a_request_arrives(client, settings):
    text = verification.signed_text()
    assert client.get(verification.PATH).status_code == 404
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]

    told = client.get(verification.PATH, headers={verification.HEADER: text, "X-Forwarded-For": FORGED}).json()

    assert told["address"] == FORGED
    assert told["keys"] == verification.fingerprints()
    assert settings.SECRET_KEY not in str(told)
    assert [client.get(verification.PATH, headers={verification.HEADER: text}).json()["is_within_limit"] for _ in "23"] == [True, False]
    settings.SECRET_KEY = "another " * 8
    assert client.get(verification.PATH, headers={verification.HEADER: text}).status_code == 404


@pytest.mark.django_db
def test_a_signed_text_ends(client, time_machine):
    text = verification.signed_text()
    time_machine.move_to(timezone.now() + timedelta(seconds=verification.SECONDS + 2))

    assert client.get(verification.PATH, headers={verification.HEADER: text}).status_code == 404
