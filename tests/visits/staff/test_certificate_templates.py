"""Certificate templates: previews, uploaded pictures, and typed text that is never interpreted as a template."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.factories import VisitFactory
from tests.papers import reading
from visits.documents import pictures
from visits.documents.certificate import CertificateContent, render_certificates
from visits.documents.preview import WarmProcess
from visits.domain import certificates
from visits.models import CertificateTemplate

pytestmark = pytest.mark.django_db
WORDS = {"name": "Sertifikat peserta", "design": "participant", "issuer": "Pemerintah Kota Binjai", "place": "Binjai", "active": "on"}


def png(size=(40, 20), mode="RGBA"):
    written = io.BytesIO()
    Image.new(mode, size, "navy").save(written, "PNG")
    return written.getvalue()


def upload(content, name="tanda.png"):
    return SimpleUploadedFile(name, content)


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A process that draws previews."""
    process = WarmProcess()
    yield process
    process.close()


@pytest.fixture
def officer(officer, warm, monkeypatch):
    monkeypatch.setattr("visits.staff.certificate_templates.warm", warm)
    return officer


def add(officer, **changes):
    return officer.post(reverse("visits_certificate_templates:add"), {**WORDS, **changes})


def test_a_template_is_saved_with_clean_pictures(officer):
    add(officer, signature_file=upload(png((3000, 1500))), logo_1_file=upload(png(mode="RGB")))
    template = CertificateTemplate.objects.get()
    with Image.open(io.BytesIO(pictures.read(template.signature))) as kept:
        assert kept.width <= 708
    assert template.version == 1

    edit = reverse("visits_certificate_templates:edit", args=[template.pk])
    officer.post(edit, {**WORDS, "signatory_name": "Nama Contoh, S.H.", "signature_remove": "on"})
    template.refresh_from_db()
    assert (template.version, template.signature, template.signatory_name) == (2, "", "Nama Contoh, S.H.")
    assert template.logo_1


def test_only_one_template_is_the_default(officer):
    add(officer, usual="on")
    add(officer, name="Lain", usual="on")

    assert [template.name for template in CertificateTemplate.objects.filter(is_default=True)] == ["Lain"]
    assert certificates.default_template().name == "Lain"
    response = add(officer, name="Ketiga", usual="on", active="")
    assert response.status_code == 200
    assert not CertificateTemplate.objects.filter(name="Ketiga").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"<?xml version='1.0'?>\n<svg onload='x()'/>", "SVG"),
        (b"MZ this is a program", "bukan gambar"),
        (b"", ""),
        (b"\x89PNG\r\n\x1a\n torn", "rusak"),
        (png((6000, 4000), "1"), "juta piksel"),
        (png() + b"x" * 4_000_001, "4 MB"),
    ],
)
def test_invalid_pictures_are_refused_with_the_reason(officer, content, reason):
    response = add(officer, signature_file=upload(content), signatory_name="Nama Contoh, S.H.")

    assert response.status_code == 200
    page = response.content.decode()
    assert reason in page
    assert "Nama Contoh, S.H." in page
    assert not CertificateTemplate.objects.exists()


def test_the_preview_shows_a_delegate_without_saving(officer):
    visit = VisitFactory(approved=True, delegates=1)
    person = visit.delegates.get()
    url = reverse("visits_certificate_templates:preview")

    response = officer.post(url, {**WORDS, "deed_id": "{{ 7*7 }} <b>x</b>", "person": person.pk, "signature_file": upload(png())})

    assert response["Content-Type"] == "application/pdf"
    text = reading.text_of(response.content)
    assert person.name in text
    assert "{{ 7*7 }} <b>x</b>" in text
    assert not CertificateTemplate.objects.exists()
    refused = officer.post(url, {**WORDS, "place": "Binjai \U0001f600"})
    assert refused.status_code == 422
    assert "U+1F600" in refused.content.decode()
    assert officer.get(url).status_code == 405


def test_the_browser_may_show_the_preview(officer):
    answer = officer.post(reverse("visits_certificate_templates:preview"), WORDS)

    assert "object-src 'self'" in answer["Content-Security-Policy"]
    assert "object-src 'none'" in officer.get(reverse("visits_certificate_templates:add"))["Content-Security-Policy"]


def test_a_killed_preview_process_is_restarted(officer, warm):
    url = reverse("visits_certificate_templates:preview")
    officer.post(url, WORDS)
    warm._process.kill()
    warm._process.wait()

    assert officer.post(url, WORDS).status_code == 200


def test_readers_cannot_edit_or_preview_templates(auditor, receptionist):
    for client in (auditor, receptionist):
        add(client)
        assert client.post(reverse("visits_certificate_templates:preview"), WORDS).status_code == 302
    assert not CertificateTemplate.objects.exists()


def test_issued_certificates_keep_their_template_values(officer):
    add(officer, usual="on", signatory_name="Nama Lama, S.H.", signature_file=upload(png()))
    visit = VisitFactory(completed=True, days_ahead=-2, delegates=1, attended=True)
    [certificate] = certificates.plan(visit)
    template = CertificateTemplate.objects.get()

    officer.post(reverse("visits_certificate_templates:edit", args=[template.pk]), {**WORDS, "signatory_name": "Nama Baru, S.H."})

    certificate.refresh_from_db()
    content = CertificateContent.from_snapshot(certificate.snapshot, verify_url="https://contoh.invalid/v/A")
    assert "Nama Lama, S.H." in reading.text_of(next(render_certificates([content])))
    assert certificate.snapshot["template"] == {"name": template.name, "version": 1}


@pytest.mark.parametrize(("field", "text"), [("signatory_rank", "Wm" * 30), ("signatory_name", "Budi \U0001f600")])
def test_what_the_paper_cannot_show_is_told_at_its_field(officer, field, text):
    answer = add(officer, **{field: text})

    assert list(answer.context["form"].errors) == [field]
    assert not CertificateTemplate.objects.exists()
