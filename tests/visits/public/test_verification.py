"""Verification of certificates by QR code, file or hash (story 23), with no more personal data than on the paper."""

import base64
import gzip
import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bench.documents.content import people
from knowledge_hub.core.rate_limits import Budget
from tests.factories import UserFactory, VisitFactory
from visits.documents import credential as credentials
from visits.documents import data_integrity, issue, signing
from visits.documents.certificate import render_certificates
from visits.documents.certificate_designs import DESIGNS
from visits.domain import budgets, certificates
from visits.enums import CertificateStatus
from visits.models import Certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(seal_locally):
    """An issued, sealed certificate."""
    visit = VisitFactory(completed=True, today=True, delegates=1, attended=True)
    certificates.plan(visit)
    issue.issue_planned(visit.pk)
    return visit.certificates.get()


def paper_of(certificate):
    with certificate.file.open() as file:
        return file.read()


def main_of(response):
    return " ".join(response.content.decode().split("<main", 1)[1].split("</main>")[0].split())


def sent(client, content):
    return client.post(reverse("check_file"), {"file": SimpleUploadedFile("sertifikat.pdf", content)})


def test_the_verification_page_shows_paper_and_seal(client, certificate):
    response = client.get(reverse("verify", args=[certificate.token]))
    page = main_of(response)

    for words in (
        certificate.number,
        "Sertifikat",
        certificate.delegate.name,
        certificate.delegate.position,
        certificate.visit.organisation,
        "tidak tersertifikasi",
        certificate.sha256,
    ):
        assert words in page
    for words in (
        certificate.visit.contact_name,
        certificate.visit.contact_email,
        certificate.visit.reference,
    ):
        assert words not in page
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("design", DESIGNS.values(), ids=list(DESIGNS))
def test_page_and_credential_name_the_kind_of_paper(client, certificate, design):
    snapshot = certificate.snapshot | {"design": design.key}
    Certificate.objects.filter(pk=certificate.pk).update(snapshot=snapshot)
    certificate.refresh_from_db()
    credential = json.loads(credentials.credential_of(certificate))

    indonesian, english = design.spoken()["heading"]
    assert f"<dd>{indonesian}</dd>" in main_of(client.get(reverse("verify", args=[certificate.token])))
    assert credential["name"] == english
    achievement = credential["credentialSubject"]["achievement"]
    assert achievement["name"].startswith(english)
    assert achievement["criteria"]["narrative"] == design.criteria
    assert certificate.snapshot["organisation"] not in json.dumps(achievement)


def test_one_achievement_has_one_identifier(certificate):
    snapshot, others = certificate.snapshot, ({"name": "Orang Lain", "number": "2"}, {"organisation": "Dinas Lain"})
    one = credentials.achievement_id(snapshot)

    assert one.startswith("urn:uuid:")
    assert {credentials.achievement_id(snapshot | other) for other in others} == {one}
    assert credentials.achievement_id(snapshot | {"design": "speaker"}) != one
    assert credentials.achievement_id(snapshot | {"programme_id": "Program Lain"}) != one


def test_a_corrected_certificate_links_its_issued_replacement(client, certificate):
    new = certificates.replace(certificate, by=UserFactory(), reason="Alasan internal")
    Certificate.objects.filter(pk=new.pk).update(status=CertificateStatus.PLANNED)
    address = reverse("verify", args=[certificate.token])

    page = main_of(client.get(address))
    assert "Alasan internal" not in page
    assert new.number not in page

    issue.issue_planned(certificate.visit_id)
    page = main_of(client.get(address))
    assert new.number in page
    assert reverse("verify", args=[new.token]) in page
    assert client.get(reverse("verify", args=[new.token])).status_code == 200


def test_unissued_certificates_are_unknown(client, certificate):
    for status in (CertificateStatus.PLANNED, CertificateStatus.DRAWN, CertificateStatus.FAILED):
        Certificate.objects.update(status=status)
        assert client.get(reverse("verify", args=[certificate.token])).status_code == 404


def test_issued_files_are_recognised(client, certificate):
    paper = paper_of(certificate)

    for response in (
        client.post(reverse("check_file"), {"sha256": hashlib.sha256(paper).hexdigest()}),
        sent(client, paper),
    ):
        assert certificate.number in main_of(response)
        assert "notice--success" in main_of(response)

    certificates.revoke(certificate, by=UserFactory(), reason="Contoh")
    assert "notice--success" not in main_of(sent(client, paper))


def test_changed_and_foreign_files_are_distinguished(client, certificate, monkeypatch):
    paper = paper_of(certificate)
    place = len(paper) // 2
    # Inspect in this process, which is faster; test_signing.py tests the separate process.
    monkeypatch.setattr("visits.public.verification.inspect_in_subprocess", signing.inspect)
    answers = [
        main_of(sent(client, content))
        for content in (
            paper[:place] + bytes([paper[place] ^ 1]) + paper[place + 1 :],
            paper + b"\n",
            next(render_certificates(people(1))),
            b"GIF89a",
        )
    ]

    assert "diubah" in answers[0]
    assert "ditambahkan" in answers[1]
    assert len(set(answers)) == 4
    for answer in answers:
        assert "notice--danger" in answer
        assert certificate.number not in answer


def test_unknown_hashes_and_invalid_input_are_answered(client, certificate):
    assert "notice--danger" in main_of(client.post(reverse("check_file"), {"sha256": "0" * 64}))
    for data in ({}, {"sha256": "z" * 64}, {"file": SimpleUploadedFile("besar.pdf", b"x" * (1024 * 1024 + 1))}):
        response = client.post(reverse("check_file"), data)
        assert response.status_code == 422
        assert "error" in main_of(response)
    assert client.get(reverse("check_file")).status_code == 200


def test_checks_are_limited(client, monkeypatch):
    monkeypatch.setattr(budgets, "FILE_INSPECTION", Budget("inspection", per_address=-1))
    assert sent(client, b"%PDF-1.7 x").status_code == 429
    monkeypatch.setattr(budgets, "CERTIFICATE_CHECK", Budget("check of a certificate", per_address=1))
    assert client.post(reverse("check_file"), {"sha256": "0" * 64}).status_code == 429
    assert client.get(reverse("credential", args=["TIDAKADA"])).status_code == 429


def test_credential_key_and_status_list_are_published(client, certificate):
    response = client.get(reverse("credential", args=[certificate.token]))
    credential = json.loads(response.content)
    assert response["Content-Type"] == "application/vc"
    assert data_integrity.is_signed(credential)
    method = credential["proof"]["verificationMethod"]
    assert method in json.loads(client.get("/.well-known/did.json").content)["assertionMethod"]

    status = credential["credentialStatus"]
    address = status["statusListCredential"].split("/", 3)[3]

    def is_withdrawn():
        listed = json.loads(client.get(f"/{address}").content)
        assert data_integrity.is_signed(listed)
        bits = gzip.decompress(base64.urlsafe_b64decode(listed["credentialSubject"]["encodedList"][1:] + "==="))
        place = int(status["statusListIndex"])
        return bool(bits[place // 8] & 0x80 >> place % 8)

    assert not is_withdrawn()
    certificates.revoke(certificate, by=UserFactory(), reason="Contoh")
    assert is_withdrawn()
    assert client.get(reverse("credential_status", args=[99])).status_code == 404
