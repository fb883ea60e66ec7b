"""From planned to issued: once, whole, and one that cannot be drawn does not stop the others."""

import hashlib

import pytest

from tests.factories import DelegateFactory, UserFactory, VisitFactory
from tests.papers import reading
from visits.documents import issue
from visits.domain import attendance, certificates
from visits.enums import AttendanceKind, CertificateStatus, MessageKind
from visits.models import AttendanceEvent, Certificate, OutboundMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(db):
    """A completed visit of two who came, with their certificates planned but not made."""
    visit = VisitFactory(completed=True, today=True, delegates=2, attended=True)
    certificates.plan(visit)
    return visit


def test_everyone_who_came_gets_a_file_that_says_so_and_the_contact_is_told_once(visit):
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


def test_a_name_that_cannot_be_drawn_fails_alone_keeps_its_number_and_can_be_tried_again(db):
    visit = VisitFactory(completed=True, today=True, delegates=1, attended=True)
    bad = DelegateFactory(visit=visit, name="Budi \U0001f600")
    AttendanceEvent.objects.create(visit=visit, delegate=bad, kind=AttendanceKind.CHECKED_IN, at=visit.slot.starts_at)
    certificates.plan(visit)

    assert issue.issue_planned(visit.pk) == 1

    failed = Certificate.objects.get(delegate=bad)
    assert failed.status == CertificateStatus.FAILED
    assert failed.failure
    number = failed.number
    Certificate.objects.filter(pk=failed.pk).update(snapshot={**failed.snapshot, "name": "Budi Contoh"})
    certificates.retry(visit)
    issue.issue_planned(visit.pk)
    failed.refresh_from_db()
    assert (failed.status, failed.number) == (CertificateStatus.ISSUED, number)


def test_the_torn_file_of_a_killed_worker_is_replaced(visit):
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


def test_a_revoked_certificate_makes_room_for_a_new_one_with_a_new_number(visit):
    issue.issue_planned(visit.pk)
    first = Certificate.objects.first()

    certificates.revoke(first, by=UserFactory(), reason="Nama salah tulis")
    [second] = certificates.plan(visit)

    assert second.delegate_id == first.delegate_id
    assert second.number != first.number
    assert list(attendance.attended(visit)) == list(visit.delegates.all())
