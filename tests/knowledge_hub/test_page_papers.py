"""PDFs of pages conform to their standards and match reference pictures."""

import datetime as dt
from pathlib import Path

import pytest
from wagtail.models import Page

from knowledge_hub.core import audience
from knowledge_hub.exports import page_pdf
from knowledge_hub.models import CaseStudyPage, KnowledgeIndexPage
from knowledge_hub.papers import Sheet, renderer
from tests import initial_content
from tests.knowledge_hub.test_case_template import FULL
from tests.papers import pictures, standards

pytestmark = pytest.mark.django_db
REFERENCES = Path(__file__).parent / "references"
WORDS = "Kolaborasi tiga pihak menyatukan basis data dan membagi risiko kegagalan sejak tahap pertama. "
RESULTS = [
    ("result", {"indicator": "Waktu layanan", "unit": "hari", "baseline": "14", "result": "3", "year": 2018, "source": "Laporan tahunan"})
]


def draw_pdf(page) -> bytes:
    return renderer().draw(page_pdf.compose(page), Sheet(css=page_pdf._style()))


@pytest.fixture
def case():
    """A complete case study, published on a fixed day."""
    initial_content.load()
    index = KnowledgeIndexPage.objects.get(locale__language_code="id")
    sections = {name: f"<h3>Bagian</h3><p>{WORDS * 3}</p><ul><li>{WORDS}</li></ul>" for name, value in FULL.items() if "<p>" in value}
    page = index.add_child(
        instance=CaseStudyPage(title="Studi kasus contoh", slug="contoh", summary=WORDS, **{**FULL, **sections, "results": RESULTS})
    )
    page.save_revision().publish()
    moment = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
    Page.objects.filter(pk=page.pk).update(first_published_at=moment, last_published_at=moment)
    return CaseStudyPage.objects.get(pk=page.pk)


def test_a_complete_case_study_matches_its_reference(case, tmp_path):
    pdf = draw_pdf(case)

    standards.assert_conforms(pdf, language="id")
    pictures.assert_looks_as_before(pdf, REFERENCES / "case-study.png", tmp_path)


def test_pdfs_of_all_pages_conform_to_standards():
    initial_content.load()
    pages = [page for page in audience.public(Page.objects.all()).specific() if page_pdf.is_offered(page)]

    assert {audience.language_of(page) for page in pages} == {"id", "en"}
    for page in pages:
        standards.assert_conforms(draw_pdf(page), language=audience.language_of(page))
