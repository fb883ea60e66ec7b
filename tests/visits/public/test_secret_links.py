"""Secret links stay out of caches, referrers, search engines and logs, and opening one changes nothing."""

import datetime as dt
import html
import logging
import re
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from knowledge_hub.core.logs import HideSecrets, without_secrets
from knowledge_hub.core.rate_limits import Budget
from tests.factories import DelegateFactory, VisitFactory
from visits.domain import budgets, tokens
from visits.enums import CertificateStatus, VisitStatus
from visits.models import Certificate, Visit

pytestmark = pytest.mark.django_db


def status_token(visit):
    return tokens.token_for(visit, tokens.STATUS)


def certificate_of(visit, **changes):
    delegate = DelegateFactory(visit=visit, name="Anggota Contoh, S.H.", position=f"Jabatan {visit.delegates.count()}")
    values = {
        "number": f"400.14/{delegate.pk}/2026",
        "token": f"ABCDEFGHIJKLMNOP{delegate.pk:04d}".replace("0", "A").replace("1", "B").replace("8", "C").replace("9", "D"),
        "snapshot": {
            "name": "Anggota Contoh, S.H.",
            "position": "Jabatan Rahasia",
            "organisation": "DPRD Contoh",
            "region": "Kabupaten Contoh",
            "issued_on": "2026-11-21",
            "programme_id": "Kunjungan setengah hari",
            "programme_en": "Half-day visit",
            "visit_date": "2026-11-20",
        },
        "status": CertificateStatus.ISSUED,
        "issued_at": timezone.now(),
        "sha256": "0" * 64,
    }
    certificate = Certificate(visit=visit, delegate=delegate, **{**values, **changes})
    certificate.file.save("sertifikat.pdf", ContentFile(b"%PDF-1.7 contoh"), save=False)
    certificate.save()
    return certificate


def secret_pages(visit):
    token = status_token(visit)
    return [
        reverse("visits:confirm", args=[tokens.token_for(visit, tokens.CONFIRM)]),
        reverse("visits:status", args=[token]),
        reverse("visits:cancel", args=[token]),
        reverse("visits:delegates", args=[token]),
        reverse("visits:calendar", args=[token]),
        reverse("visits:certificate", args=[token, 1]),
        reverse("visits:status", args=["0" * 64]),
        reverse("verify", args=["ABCDEFGHIJKLMNOPQRST"]),
    ]


def test_secret_pages_are_not_cached_or_indexed(client):
    visit = VisitFactory(approved=True, delegates=2)
    for url in secret_pages(visit):
        response = client.get(url)
        assert response["Cache-Control"] == "no-store", url
        assert response["Referrer-Policy"] == "no-referrer", url
        assert response["X-Robots-Tag"] == "noindex", url


def test_opening_links_changes_nothing(client):
    for visit in (VisitFactory(), VisitFactory(approved=True, delegates=2)):
        before = Visit.objects.values().get(pk=visit.pk)
        for url in secret_pages(visit):
            client.get(url)
            client.head(url)
        assert Visit.objects.values().get(pk=visit.pk) == before


@pytest.mark.parametrize("name", ["confirm", "status", "cancel", "delegates", "calendar"])
@pytest.mark.parametrize("token", ["0" * 64, "x", "𝔘" * 10, "'; DROP TABLE", "a" * 3000])
def test_an_unknown_link_gets_a_helpful_page(client, name, token):
    url = reverse(f"visits:{name}", args=[token])

    response = client.get(url)

    assert response.status_code == 404
    assert reverse("visits:lost_link") in response.content.decode()


def test_a_confirm_link_is_not_a_status_link(client):
    visit = VisitFactory()

    assert client.get(reverse("visits:status", args=[tokens.token_for(visit, tokens.CONFIRM)])).status_code == 404


def test_forms_of_secret_pages_work_without_origin_and_cookies():
    visit = VisitFactory()
    browser = Client(enforce_csrf_checks=True)
    url = reverse("visits:confirm", args=[tokens.token_for(visit, tokens.CONFIRM)])

    assert browser.post(url, headers={"origin": "null"}).status_code == 302
    visit.refresh_from_db()
    assert visit.status == VisitStatus.SUBMITTED


def test_an_expired_request_links_to_booking(client):
    visit = VisitFactory(status=VisitStatus.EXPIRED, seats_held=0, group_size=10)
    url = reverse("visits:confirm", args=[tokens.token_for(visit, tokens.CONFIRM)])

    assert client.get(url).status_code == 410
    response = client.post(url)
    assert response.status_code == 409
    assert reverse("visits:book") in response.content.decode()


def test_logs_contain_no_tokens(client, caplog):
    visit = VisitFactory(approved=True)
    with caplog.at_level(logging.DEBUG):
        for url in secret_pages(visit):
            client.get(url)
            client.put(url)
    text = "\n".join(record.getMessage() for record in caplog.records)

    assert "/…" in text, "refused requests are logged without tokens"
    for secret in (status_token(visit), tokens.token_for(visit, tokens.CONFIRM), "0" * 64, "ABCDEFGHIJKLMNOPQRST"):
        assert secret not in text


def test_only_tokens_are_removed_from_logs():
    assert without_secrets("Not Found: /kunjungan/ketentuan/") == "Not Found: /kunjungan/ketentuan/"
    assert without_secrets('"GET /kalender/' + "a1" * 32 + '.ics HTTP/1.1" 200') == '"GET /kalender/….ics HTTP/1.1" 200'
    assert without_secrets("Not Found: /d/ABCDEFGHIJKLMNOPQRSTUVWX/") == "Not Found: /d/…/"
    assert without_secrets(f"Not Found: /admin/password_reset/confirm/Mg/c8l0xy-{'0a' * 16}/").endswith("/Mg/…/")
    assert without_secrets('"GET /admin/visits/visit/?q=Budi+Contoh HTTP/1.1"') == '"GET /admin/visits/visit/?… HTTP/1.1"'
    record = logging.LogRecord("django.server", logging.INFO, "", 0, '"%s" %s', ("GET /v/ABCDEFGHIJKLMNOPQRST HTTP/1.1", "200"), None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == '"GET /v/… HTTP/1.1" 200'


def test_scheduled_visits_have_a_calendar_file(client):
    approved, waiting = VisitFactory(approved=True), VisitFactory(submitted=True)

    response = client.get(reverse("visits:calendar", args=[status_token(approved)]))

    assert response["Content-Type"].startswith("text/calendar")
    assert b"METHOD:PUBLISH" in response.content
    assert status_token(approved).encode() not in response.content
    assert client.get(reverse("visits:calendar", args=[status_token(waiting)])).status_code == 404


def test_web_calendar_links_contain_no_personal_data(client):
    approved, waiting = VisitFactory(approved=True, contact_email="orang@contoh.invalid"), VisitFactory(submitted=True)

    page = client.get(reverse("visits:status", args=[status_token(approved)])).content.decode()
    links = [html.unescape(link) for link in re.findall(r'<a href="(https://[^"]+)" rel="noreferrer noopener">', page)]

    assert [urlsplit(link).hostname for link in links] == ["calendar.google.com", "outlook.office.com"]
    google, outlook = (parse_qs(urlsplit(link).query) for link in links)
    start, end = approved.slot.starts_at.astimezone(dt.UTC), approved.slot.ends_at.astimezone(dt.UTC)
    assert google["dates"] == [f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}"]
    assert (outlook["startdt"], outlook["enddt"]) == ([f"{start:%Y-%m-%dT%H:%M:%SZ}"], [f"{end:%Y-%m-%dT%H:%M:%SZ}"])
    assert google["location"] == outlook["location"] == ["Ruang Contoh, Jalan Contoh 1, Kota Contoh"]
    secret = (status_token(approved), approved.reference, approved.contact_name, approved.contact_email, approved.organisation)
    assert not [word for word in secret for link in links if word in unquote_plus(link)]
    assert "calendar.google.com" not in client.get(reverse("visits:status", args=[status_token(waiting)])).content.decode()


def test_only_own_issued_certificates_can_be_downloaded(client):
    visit, other = VisitFactory(completed=True), VisitFactory(completed=True)
    certificate, foreign = certificate_of(visit), certificate_of(other)
    revoked = certificate_of(visit, number="400.14/9/2026", status=CertificateStatus.REVOKED)

    response = client.get(reverse("visits:certificate", args=[status_token(visit), certificate.pk]))

    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    for hidden in (foreign, revoked):
        assert client.get(reverse("visits:certificate", args=[status_token(visit), hidden.pk])).status_code == 404


def test_verification_shows_only_the_printed_data(client):
    certificate = certificate_of(VisitFactory(completed=True))
    url = reverse("verify", args=[certificate.token])

    page = client.get(url).content.decode()
    assert "Anggota Contoh, S.H." in page
    assert "DPRD Contoh" in page
    assert "Jabatan Rahasia" in page, "the paper says it too, so a code on another paper is noticed"
    assert "@" not in page.split("<main", 1)[1].split("</main>")[0]
    assert client.get(reverse("verify", args=[certificate.token.lower()])).status_code == 200

    Certificate.objects.update(status=CertificateStatus.REVOKED, withdrawn_at=timezone.now(), withdrawal_reason="Alasan internal")
    page = client.get(url).content.decode()
    assert "notice--danger" in page
    assert "Alasan internal" not in page
    for unknown in ("TIDAKADA", "a\x00b", "𝔘"):
        assert client.get(reverse("verify", args=[unknown])).status_code == 404


def test_verification_is_limited(client, monkeypatch):
    monkeypatch.setattr(budgets, "CERTIFICATE_CHECK", Budget("check", per_address=1))
    url = reverse("verify", args=["TIDAKADA"])

    assert [client.get(url).status_code for _ in range(2)] == [404, 429]


def test_lost_links_are_mailed_to_contacts_only(client, django_capture_on_commit_callbacks):
    visit = VisitFactory(submitted=True)
    url = reverse("visits:lost_link")
    attempts = [
        {"reference": visit.reference, "contact_email": "lain@contoh.invalid"},
        {"reference": "KJ-1999-0001", "contact_email": visit.contact_email},
        {"reference": visit.reference.lower(), "contact_email": visit.contact_email.upper()},
        {"contact_email": visit.contact_email},
    ]
    answers = []
    for attempt in attempts:
        with django_capture_on_commit_callbacks(execute=True):
            answers.append(client.post(url, attempt).content.decode())

    assert len(set(answers)) == 1
    assert [message.to for message in mail.outbox] == [[visit.contact_email]] * 2
    assert status_token(visit) in mail.outbox[0].body
    assert status_token(visit) not in answers[2]


def test_lost_link_mails_are_limited(client, django_capture_on_commit_callbacks):
    visit = VisitFactory(submitted=True)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(6):
            client.post(reverse("visits:lost_link"), {"contact_email": visit.contact_email})

    assert len(mail.outbox) == 3
