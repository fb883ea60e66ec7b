"""Checking a certificate file in the browser sends only its fingerprint."""

from django.core.files.storage import storages

from tests.factories import VisitFactory
from visits.documents import issue
from visits.domain import certificates


def test_checking_a_file_sends_only_its_fingerprint(visitor):
    visit = VisitFactory(completed=True, today=True, delegates=1, attended=True)
    certificates.plan(visit)
    issue.issue_planned(visit.pk)
    certificate = visit.certificates.get()
    paper = storages["private"].path(certificate.file.name)
    auditor = visitor("auditor")
    page, sent = auditor.page, []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.post_data_buffer))

    auditor.open("/v/", picture="periksa berkas")
    page.get_by_label("Sertifikat (PDF)").set_input_files(paper)
    page.get_by_role("button", name="Periksa", exact=True).click()
    page.get_by_role("heading", name="Sertifikat ini sah").wait_for()
    assert certificate.number in page.inner_text("main")

    page.goto("/v/")
    page.get_by_label("Sertifikat (PDF)").set_input_files({"name": "lain.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 lain"})
    page.get_by_role("button", name="Periksa", exact=True).click()
    page.get_by_role("heading", name="bukan terbitan kami").wait_for()

    assert auditor.complaints == []
    assert len(sent) == 2
    assert not any(b"%PDF" in body for body in sent)
