"""The template of case studies: all sections, evidence, status, owner."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from knowledge_hub.models import CaseStudyPage, CustomDocument
from tests.knowledge_hub.content import CASE, ContentTestCase

FULL = {
    "context": "<p>isi-konteks</p>",
    "solution": "<p>isi-solusi</p>",
    "novelty": "<p>isi-kebaruan</p>",
    "implementation": "<p>isi-pelaksanaan</p>",
    "challenges": "<p>isi-kegagalan</p>",
    "lessons": "<p>isi-pelajaran</p>",
    "sustainability": "<p>isi-keberlanjutan</p>",
    "cost_band": "up_to_100",
    "effort": "m",
    "video_url": "https://contoh.invalid/video",
    "partners": [("role", {"partner": "isi-mitra", "role": "isi-peran", "risk": "isi-risiko"})],
    "milestones": [("milestone", {"when": "isi-kapan", "what": "isi-apa"})],
    "costs": [("cost", {"item": "isi-biaya", "amount": "isi-jumlah", "funding": "isi-dana", "source": "isi-sumber-biaya"})],
    "legal_basis": [("basis", {"title": "isi-dasar", "number": "isi-nomor"})],
    "readiness": [("requirement", {"area": "people", "requirement": "isi-syarat", "effort": "l"})],
    "shareable": [("item", {"kind": "code", "what": "isi-kode", "terms": "isi-ketentuan"})],
    "contacts": [("contact", {"role": "isi-urusan", "office": "isi-kantor", "mailbox": "kantor@contoh.invalid"})],
    "registers": [("entry", {"register": "jippnas", "number": "isi-register", "url": ""})],
}


class CaseTemplateTest(ContentTestCase):
    def publish(self, **values) -> str:
        page = self.case()
        for name, value in values.items():
            setattr(page, name, value)
        page.save_revision().publish()
        return self.client.get(CASE).content.decode()

    def test_every_filled_section_is_shown(self):
        html = self.publish(**FULL)

        said = [text for value in FULL.values() for text in self.texts(value) if text.startswith("isi-")]
        assert len(said) > 20
        assert [text for text in said if text not in html] == []
        for label in (
            "Sampai dengan Rp100 juta",
            "Sedang",
            "Sumber daya manusia",
            "Kode program",
            "JIPPNas",
            "https://contoh.invalid/video",
        ):
            assert label in html, label
        for anchor, _heading in self.case().contents:
            assert f'id="{anchor}"' in html

    def texts(self, value):
        if isinstance(value, str):
            return [value.removeprefix("<p>").removesuffix("</p>")]
        return [text for _name, row in value for text in row.values()]

    def test_files_of_a_case_can_be_downloaded(self):
        file = CustomDocument.objects.create(title="Paparan", file=ContentFile(b"isi", name="paparan.txt"))
        html = self.publish(attachments=[("attachment", {"document": file, "title": "Bahan"})])

        assert f'<a href="{file.url}">Bahan</a>' in html
        assert self.download(file.url) == b"isi"

    def test_only_measured_results_prove_a_case(self):
        assert "Belum terukur" in self.publish()

        html = self.publish(
            results=[("result", {"indicator": "Waktu", "unit": "hari", "baseline": "14", "result": "3", "year": 2026, "source": "Contoh"})]
        )

        assert "Terbukti" in html
        assert "Belum terukur" not in html[: html.index("Waktu")]
        evidence = {facet.name: facet for facet in self.client.get(self.index().url).context["listing"].facets}["evidence"]
        assert {choice.value: choice.count for choice in evidence.choices} == {"proven": 1, "unmeasured": 2}

    def test_a_stopped_case_says_why(self):
        html = self.publish(status=CaseStudyPage.Status.STOPPED, stopped_reason="Kontrak berakhir")

        assert "Berhenti" in html
        assert "Kontrak berakhir" in html

    def test_a_case_cannot_stop_without_a_reason(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseStudyPage.objects.filter(pk=self.case().pk).update(status="stopped")

    def test_every_page_names_owner_and_verification_date(self):
        for address in (CASE, "/mitra/polmed/", "/pertanyaan-umum/", "/pengetahuan/forum-bappenas-2018/", "/mitra/"):
            html = self.client.get(address).content.decode()
            assert "Penanggung jawab" in html, address
            assert "Belum diverifikasi penanggung jawab" in html, address
        html = self.publish(last_verified_at=dt.date(2026, 10, 1), owner_unit="Diskominfo")
        assert "1 Oktober 2026" in html
        assert "Diskominfo" in html
