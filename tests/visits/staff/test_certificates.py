"""Staff issue, seal, replace and print the certificates of a visit."""

import datetime as dt
import io
import zipfile

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from tests.factories import VisitFactory
from tests.visits.bsre_server import CODE
from visits.documents import issue
from visits.domain import certificates
from visits.enums import CertificateStatus, VisitSource
from visits.models import Certificate, CertificateTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(db):
    """A completed visit with three delegates, two of whom attended."""
    visit = VisitFactory(completed=True, days_ahead=-2, delegates=2, attended=True)
    visit.delegates.create(name="Tidak Hadir, S.E.", position="Contoh", protocol_order=9)
    return visit


@pytest.fixture
def template(db):
    return CertificateTemplate.objects.create(name="Surat keterangan", design="letter", signatory_name="Nama Contoh, S.H.")


def at(name, visit, *args):
    return reverse(f"visits_staff:{name}", args=[visit.pk, *args])


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_certificates_are_issued_once_per_person(officer, visit, template):
    first = visit.delegates.first()

    officer.post(at("issue_certificates", visit), {"people": [first.pk], "template": template.pk})
    assert visit.certificates.get().delegate == first
    assert visit.certificates.get().snapshot["template"] == {"name": "Surat keterangan", "version": 1}
    for _time in range(2):
        officer.post(at("issue_certificates", visit))

    assert visit.certificates.count() == 2
    assert not visit.certificates.filter(delegate__name__startswith="Tidak Hadir").exists()


def test_the_page_shows_progress_and_failures(officer, visit):
    certificates.plan(visit)
    page = officer.get(at("certificates", visit)).content.decode()
    assert "data-progress" in page

    Certificate.objects.update(status=CertificateStatus.FAILED, failure="Nama memuat tanda yang bukan huruf")
    page = officer.get(at("certificates", visit)).content.decode()
    assert "data-progress" not in page
    assert "bukan huruf" in page
    assert "bukan huruf" not in officer.get(at("certificates_progress", visit)).content.decode()


def test_query_count_is_independent_of_certificates(officer, visit):
    certificates.plan(visit)
    officer.get(at("certificates", visit))
    with CaptureQueriesContext(connection) as few:
        officer.get(at("certificates", visit))
    many = VisitFactory(completed=True, days_ahead=-2, delegates=15, attended=True)
    certificates.plan(many)
    with CaptureQueriesContext(connection) as more:
        officer.get(at("certificates", many))

    assert len(more) == len(few)


def test_a_sealing_code_is_not_stored(officer, visit, seal_by_bsre):
    certificates.plan(visit)
    issue.issue_planned(visit.pk)
    page = officer.get(at("certificates", visit)).content.decode()
    assert 'name="totp"' in page

    assert said(officer.post(at("seal_code", visit)))
    refused = officer.post(at("seal_certificates", visit), {"totp": "000000"})
    assert "000000" not in said(refused)
    assert visit.certificates.filter(status=CertificateStatus.DRAWN).count() == 2
    assert officer.post(at("seal_certificates", visit), {"totp": ""}).status_code == 302

    officer.post(at("seal_certificates", visit), {"totp": CODE})
    assert visit.certificates.filter(status=CertificateStatus.ISSUED, seal="certified").count() == 2
    assert [path for path, _body in seal_by_bsre.requests][0] == "/api/v2/seal/get/activation"


def test_archive_and_print_file_contain_all_certificates(officer, visit):
    certificates.plan(visit)
    issue.issue_planned(visit.pk)

    archive = b"".join(officer.get(at("certificates_zip", visit)).streaming_content)
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        names = packed.namelist()
    assert [name[:4] for name in names] == ["001 ", "002 "]
    for name, certificate in zip(names, visit.certificates.order_by("delegate__protocol_order"), strict=True):
        assert certificate.number in name
        assert certificate.snapshot["name"] in name

    together = b"".join(officer.get(at("certificates_print", visit)).streaming_content)
    assert len(PdfReader(io.BytesIO(together)).pages) == 2

    first = visit.certificates.first()
    with first.file.storage.open(first.file.name, "wb") as file:
        file.write(b"%PDF- torn")
    response = officer.get(at("certificates_print", visit))
    assert response.status_code == 302
    assert first.file.name in said(response)


def test_a_speaker_gets_one_correctable_certificate(officer, visit, receptionist):
    data = {"name": "Ir. Pembicara Contoh, M.T.", "position": "Kepala Dinas", "unit": "Dinas Contoh"}
    receptionist.post(at("speaker_certificate", visit), data)
    assert not visit.certificates.exists()

    officer.post(at("speaker_certificate", visit), data)
    certificate = visit.certificates.get()
    assert certificate.snapshot["name"] == data["name"]
    again = officer.post(at("speaker_certificate", visit), data)
    assert again.status_code == 200
    assert certificate.number in again.content.decode()
    assert data["name"] in again.content.decode()

    issue.issue_planned(visit.pk)
    page = officer.get(at("replace", visit, certificate.pk)).content.decode()
    assert data["name"] in page
    officer.post(at("replace", visit, certificate.pk), {**data, "name": "Ir. Pembicara Benar, M.T.", "reason": "Nama salah"})
    certificate.refresh_from_db()
    assert certificate.status == CertificateStatus.REPLACED
    assert certificate.replaced_by.snapshot["name"] == "Ir. Pembicara Benar, M.T."


def test_a_speaker_whom_no_paper_can_show_uses_no_number(officer, visit):
    data = {"name": "Ir. Pembicara 😀", "position": "Kepala Dinas", "unit": "Dinas Contoh"}
    page = officer.post(at("speaker_certificate", visit), data)

    assert page.status_code == 200
    assert "U+1F600" in page.content.decode()
    assert data["name"] in page.content.decode()
    assert not visit.certificates.exists()


def test_a_visit_from_a_published_source_gets_no_certificate(officer):
    recorded = VisitFactory(completed=True, slot=None, programme=None, source=VisitSource.RECORD, recorded_date=dt.date(2018, 9, 5))

    page = officer.post(at("speaker_certificate", recorded), {"name": "Ir. Pembicara Contoh, M.T."})

    assert page.status_code == 200
    assert not recorded.certificates.exists()


def test_a_replacement_uses_the_current_name(officer, visit, auditor):
    certificates.plan(visit)
    issue.issue_planned(visit.pk)
    old = visit.certificates.first()
    old.delegate.name = "Nama Benar, S.T."
    old.delegate.save()
    url = at("replace", visit, old.pk)

    auditor.post(url, {"reason": "Salah nama"})
    officer.get(url)
    assert officer.post(url, {"reason": " "}).status_code == 200
    old.refresh_from_db()
    assert old.status == CertificateStatus.ISSUED

    officer.post(url, {"reason": "Salah nama"})
    old.refresh_from_db()
    assert old.replaced_by.snapshot["name"] == "Nama Benar, S.T."
    assert officer.get(url).status_code == 302
    assert "Salah nama" in officer.get(at("certificates", visit)).content.decode()
