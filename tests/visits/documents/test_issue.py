"""Issuing certificates: once, complete, and one failure does not stop the others."""

import errno
import hashlib
import json
import os
import time
from unittest import mock

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from tests import processes
from tests.factories import DelegateFactory, UserFactory, VisitFactory
from tests.papers import reading
from tests.visits.bsre_server import CODE
from visits.documents import data_integrity, issue, paper_files, signing
from visits.domain import attendance, certificates
from visits.domain.errors import Refused
from visits.enums import AttendanceKind, CertificateStatus, MessageKind
from visits.models import AttendanceEvent, Certificate, OutboundMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(db):
    """A completed visit of two delegates with planned certificates."""
    visit = VisitFactory(completed=True, today=True, delegates=2, attended=True)
    certificates.plan(visit)
    return visit


def test_attended_delegates_get_certificates_and_one_mail(visit):
    assert issue.issue_planned(visit.pk) == 2
    assert issue.issue_planned(visit.pk) == 0

    for certificate in Certificate.objects.all():
        assert certificate.status == CertificateStatus.ISSUED
        with certificate.file.open() as file:
            paper = file.read()
        assert hashlib.sha256(paper).hexdigest() == certificate.sha256
        assert certificate.number in reading.text_of(paper)
        assert certificate.delegate.name in reading.text_of(paper)
    assert OutboundMessage.objects.filter(visit=visit, kind=MessageKind.CERTIFICATES).count() == 1


def test_a_failed_certificate_is_retried_with_its_number(db):
    visit = VisitFactory(completed=True, today=True, delegates=1, attended=True)
    bad = DelegateFactory(visit=visit, name="Budi \U0001f600")
    AttendanceEvent.objects.create(visit=visit, delegate=bad, kind=AttendanceKind.CHECKED_IN, at=visit.slot.starts_at)
    certificates.plan(visit)

    assert issue.issue_planned(visit.pk) == 1

    failed = Certificate.objects.get(delegate=bad)
    assert failed.status == CertificateStatus.FAILED
    assert failed.failure
    number = failed.number
    bad.name = "Budi Contoh"
    bad.save()
    certificates.retry(visit)
    issue.issue_planned(visit.pk)
    failed.refresh_from_db()
    assert failed.snapshot["name"] == "Budi Contoh"
    assert (failed.status, failed.number) == (CertificateStatus.ISSUED, number)


def test_an_incomplete_file_is_replaced(visit):
    issue.issue_planned(visit.pk)
    certificate = Certificate.objects.first()
    storage, name = certificate.file.storage, certificate.file.name
    with storage.open(name, "wb") as file:
        file.write(b"%PDF- torn")
    Certificate.objects.filter(pk=certificate.pk).update(status=CertificateStatus.PLANNED)

    issue.issue_planned(visit.pk)

    certificate.refresh_from_db()
    with certificate.file.open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == certificate.sha256


def test_revoking_allows_a_new_certificate(visit):
    issue.issue_planned(visit.pk)
    first = Certificate.objects.first()

    certificates.revoke(first, by=UserFactory(), reason="Nama salah tulis")
    [second] = certificates.plan(visit)

    assert second.delegate_id == first.delegate_id
    assert second.number != first.number
    assert list(attendance.attended(visit)) == list(visit.delegates.all())


def files_on_disk():
    folder = storages["private"].path("certificates")
    return sorted(name for _path, _folders, names in os.walk(folder) for name in names)


def test_sealed_certificates_record_their_making(visit, seal_locally):
    before = files_on_disk()

    assert issue.issue_planned(visit.pk) == 2

    for certificate in visit.certificates.all():
        with certificate.file.open() as file:
            paper = file.read()
        assert signing.inspect(paper).is_sealed
        assert hashlib.sha256(paper).hexdigest() == certificate.sha256
        assert certificate.seal == "uncertified"
        assert certificate.template_version.startswith("participant-")
        assert set(certificate.made_with) == set(issue.LIBRARIES)
    assert len(files_on_disk()) == len(before) + 2


def test_the_attached_credential_matches_and_is_signed(visit):
    issue.issue_planned(visit.pk)
    certificate = visit.certificates.first()

    with certificate.file.open() as file, pikepdf.open(file) as document:
        [attached] = document.Root.AF
        assert attached.AFRelationship == "/Data"
        credential = json.loads(attached.EF.F.read_bytes())

    assert json.dumps(credential, ensure_ascii=False, indent=1) == certificate.credential
    subject = credential["credentialSubject"]
    assert subject["licenseNumber"] == certificate.number
    assert subject["identifier"][0]["identityHash"] == certificate.delegate.name
    assert data_integrity.is_signed(credential)
    forged = {**credential, "credentialSubject": {**subject, "licenseNumber": "SK-1"}}
    assert not data_integrity.is_signed(forged)


def test_names_in_other_scripts_have_credentials():
    visit = VisitFactory(completed=True, today=True, delegates=1, attended=True)
    visit.delegates.update(name="岩崎尚子")
    certificates.plan(visit)
    issue.issue_planned(visit.pk)

    with visit.certificates.get().file.open() as file, pikepdf.open(file) as document:
        [attached] = document.Root.AF
        credential = json.loads(attached.EF.F.read_bytes())

    assert credential["credentialSubject"]["identifier"][0]["identityHash"] == "岩崎尚子"
    assert data_integrity.is_signed(credential)


def test_credentials_stay_verifiable_after_changing_the_key(visit, settings):
    issue.issue_planned(visit.pk)
    credential = json.loads(visit.certificates.first().credential)

    settings.SIGNING_KEY = "lain-" * 12

    assert data_integrity.is_signed(credential)
    newer = data_integrity.signed({"@context": ["https://www.w3.org/ns/credentials/v2"]}, created="2026-11-24T00:00:00Z")
    assert len(data_integrity.did_document()["verificationMethod"]) == 2
    assert data_integrity.is_signed(newer)


def test_a_full_disk_stops_the_batch_until_retried(visit, monkeypatch):
    storage = storages["private"]
    save, written, before = storage.save, [], files_on_disk()

    def full(name, content):
        if written:
            # The disk is full after half of the file.
            save(name, type(content)(content.read()[:1000]))
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(name)
        return save(name, content)

    monkeypatch.setattr(storage, "save", full)
    with pytest.raises(paper_files.DiskRefused):
        issue.issue_planned(visit.pk)

    waiting = visit.certificates.get(status=CertificateStatus.PLANNED)
    assert waiting.failure
    assert len(files_on_disk()) == len(before) + 1
    assert not OutboundMessage.objects.filter(visit=visit, kind=MessageKind.CERTIFICATES).exists()
    numbers = list(visit.certificates.values_list("number", flat=True))

    monkeypatch.undo()
    assert issue.issue_planned(visit.pk) == 1
    assert list(visit.certificates.values_list("number", flat=True)) == numbers
    assert len(files_on_disk()) == len(before) + 2
    assert not visit.certificates.exclude(failure="").exists()


def test_two_workers_at_once_issue_each_certificate_once(visit, seal_locally, monkeypatch):
    before = files_on_disk()
    real, again = issue.signing.check_issued, []

    def slow(*args):
        real(*args)
        if not again:
            again.append(True)
            # Another worker issues all certificates while this one works on the first.
            assert issue.issue_planned(visit.pk) == 2

    monkeypatch.setattr(issue.signing, "check_issued", slow)
    assert issue.issue_planned(visit.pk) == 0

    assert len(files_on_disk()) == len(before) + 2
    for certificate in visit.certificates.all():
        with certificate.file.open() as file:
            assert hashlib.sha256(file.read()).hexdigest() == certificate.sha256


def test_certificates_wait_for_the_code_to_be_sealed(visit, seal_by_bsre):
    assert issue.issue_planned(visit.pk) == 0
    assert set(visit.certificates.values_list("status", flat=True)) == {CertificateStatus.DRAWN}
    assert not OutboundMessage.objects.filter(visit=visit, kind=MessageKind.CERTIFICATES).exists()
    drawn = files_on_disk()

    with pytest.raises(signing.SigningStopped):
        issue.seal_drawn(visit.pk, signing.Secrets(totp="000000"))
    assert set(visit.certificates.values_list("status", flat=True)) == {CertificateStatus.DRAWN}

    assert issue.seal_drawn(visit.pk, signing.Secrets(totp=CODE)) == 2
    kept = [*Certificate.objects.values(), *ModelLogEntry.objects.values(), *DBTaskResult.objects.values()]
    assert CODE not in str(kept)
    assert set(visit.certificates.values_list("seal", flat=True)) == {"certified"}
    assert len(files_on_disk()) == len(drawn)
    assert OutboundMessage.objects.filter(visit=visit, kind=MessageKind.CERTIFICATES).count() == 1


@pytest.mark.parametrize("trouble", ["swapped", "torn file", "not a PDF", "null file"])
def test_a_wrongly_sealed_file_is_not_issued(visit, seal_by_bsre, trouble):
    issue.issue_planned(visit.pk)
    seal_by_bsre.trouble = trouble

    issue.seal_drawn(visit.pk, signing.Secrets(totp=CODE))

    failed = visit.certificates.filter(status=CertificateStatus.FAILED)
    assert failed.count() == (2 if trouble == "swapped" else 1)
    assert all(certificate.failure for certificate in failed)


def test_the_command_issues_certificates_once(visit, capsys):
    call_command("issue_certificates", visit.reference)
    first = list(visit.certificates.values_list("number", "sha256"))
    call_command("issue_certificates", visit.reference)

    assert "2 of 2" in capsys.readouterr().out
    assert list(visit.certificates.values_list("number", "sha256")) == first
    with pytest.raises(CommandError, match="KJ-1999"):
        call_command("issue_certificates", "KJ-1999-0001")
    with pytest.raises(CommandError, match="template"):
        call_command("issue_certificates", visit.reference, template="Tidak ada")


def test_a_correction_replaces_the_certificate(visit):
    issue.issue_planned(visit.pk)
    old = visit.certificates.first()
    old.delegate.name = "Nama Benar, S.T."
    old.delegate.save()

    new = certificates.replace(old, by=UserFactory(), reason="Nama salah tulis")
    issue.issue_planned(visit.pk)

    new.refresh_from_db()
    assert (old.status, old.replaced_by_id) == (CertificateStatus.REPLACED, new.pk)
    assert new.number != old.number
    with new.file.open() as file:
        assert "Nama Benar, S.T." in reading.text_of(file.read())
    assert certificates.plan(visit) == []
    with pytest.raises(Refused):
        certificates.replace(old, by=UserFactory(), reason="Sekali lagi")


def issue_until_stopped(pipe, visit_pk):
    """A worker that stores one certificate, writes the file of the next, and hangs before saving its row."""
    keep, done = issue._keep_issued, []

    def hang_at_second(certificate, paper, *how):
        if done:
            storages["private"].save("certificates/zz/torn.pdf", ContentFile(paper[:1000]))
            pipe.send(("stopped",))
            time.sleep(60)
        done.append(keep(certificate, paper, *how))
        return done[-1]

    with mock.patch.object(issue, "_keep_issued", hang_at_second):
        issue.issue_planned(visit_pk)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_retry_completes_certificates_after_a_kill():
    visit = VisitFactory(completed=True, today=True, delegates=3, attended=True)
    with mock.patch("visits.signals.certificates_planned.send"):
        certificates.plan(visit)
    numbers = list(visit.certificates.values_list("number", flat=True))

    with processes.worker(issue_until_stopped, visit.pk) as worker:
        deadline = time.monotonic() + 60
        while not worker.first_received("stopped") and time.monotonic() < deadline:
            time.sleep(0.02)
        worker.kill()

    assert visit.certificates.filter(status=CertificateStatus.ISSUED).count() == 1
    assert issue.issue_planned(visit.pk) == 2
    assert list(visit.certificates.values_list("number", flat=True)) == numbers
    assert not visit.certificates.exclude(status=CertificateStatus.ISSUED).exists()
    assert OutboundMessage.objects.filter(visit=visit, kind=MessageKind.CERTIFICATES).count() == 1
