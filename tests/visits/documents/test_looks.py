"""Every paper conforms to its standards and matches its reference picture."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from django.db import transaction
from PIL import Image

from knowledge_hub.papers import Paper, Sheet, renderer
from tests.papers import pictures, standards
from tests.visits.documents.test_certificate import content
from tests.visits.office.prepared import prepared_visit
from visits.documents import certificate as paper
from visits.documents import signing
from visits.documents.all_papers import ALL
from visits.documents.certificate_designs import DESIGNS, Design
from visits.documents.office import make
from visits.documents.office.gift_register import REGISTER, register_of
from visits.documents.office.kinds import KINDS
from visits.domain import replies
from visits.models import Disposition, OfficeSettings, ReplyLetter
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db
REFERENCES = Path(__file__).parent / "references"
LONG = {
    "name": "Prof. Dr. Ir. H. Muhammad Abdurrahman Syaifuddin Al-Hafizh Nasution, S.T., M.T., Ph.D., IPU.",
    "position": "Kepala Bidang Penyelenggaraan Pemerintahan Berbasis Elektronik",
    "organisation": "Dinas Komunikasi, Informatika, Statistik dan Persandian Kabupaten Contoh",
}
SIGNED = {"signatory_name": "Contoh Pejabat, S.STP., M.AP.", "signatory_position": "Sekretaris Daerah Kota Binjai"}


@pytest.fixture(scope="module")
def office(django_db_setup, django_db_blocker):
    """Every office paper of one visit in both paper sizes: its bytes by size and key. Drawn once."""
    drawn = {}
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        visit = prepared_visit(delegates=6)
        visit.delegates.filter(protocol_order=1).update(name=LONG["name"], position=LONG["position"], unit=LONG["organisation"])
        settings = OfficeSettings.load()
        settings.address = "Jalan Jenderal Sudirman Nomor 6, Kota Binjai, Sumatera Utara 20714"
        settings.contact = "Telepon (061) 0000000 · surel setda@contoh.invalid"
        reply = replies.issue(replies.valid_reply(visit))
        # The letter would contain the current day.
        number, day = "000/0001/SETDA/2026", dt.date(2026, 9, 4)
        snapshot = reply.snapshot.replace(reply.number, number).replace(replies.content_of(reply)["date"], "4 September 2026")
        ReplyLetter.objects.filter(pk=reply.pk).update(number=number, date=day, snapshot=snapshot)
        Disposition.objects.update(written_at=dt.datetime(2026, 9, 3, 2, 30, tzinfo=dt.UTC))
        for size in OfficeSettings.PaperSize.values:
            settings.paper_size = size
            settings.save()
            facts = dossier(visit)
            drawn |= {(size, key): make.drawn(facts, key)[0] for key in KINDS}
            drawn[size, REGISTER.key] = renderer().draw(*register_of(2026))
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
    return drawn


def assert_size(pdf: bytes, declared: tuple[float, float]) -> None:
    """Every page is as wide and high as declared, in millimetres."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            assert [float(side) / 72 * 25.4 for side in page.MediaBox[2:]] == pytest.approx(declared, abs=0.1)


PAPERS = [paper for paper in ALL if paper.is_shown]
OFFICE = {paper.key: paper for paper in PAPERS if not isinstance(paper, Design)}


@pytest.mark.parametrize("key", OFFICE)
class TestOfficePapers:
    def test_each_paper_conforms_to_standards(self, office, key):
        for size in OfficeSettings.PaperSize.values:
            standards.assert_conforms(office[size, key], language="id")

    def test_each_paper_has_its_declared_size(self, office, key):
        for size in OfficeSettings.PaperSize.values:
            assert_size(office[size, key], OFFICE[key].size_for(OfficeSettings(paper_size=size)))

    def test_each_paper_matches_its_a4_reference(self, office, key, tmp_path):
        pictures.assert_looks_as_before(office["a4", key], REFERENCES / f"{key}.png", tmp_path)

    def test_each_paper_matches_its_f4_reference(self, office, key, tmp_path):
        pictures.assert_looks_as_before(office["f4", key], REFERENCES / f"{key}-f4.png", tmp_path)


@pytest.mark.parametrize("design", DESIGNS)
class TestCertificates:
    def test_each_design_conforms_to_standards_when_sealed(self, design, local_signer):
        one = replace(content(design=design), credential=b'{"type": ["OpenBadgeCredential"]}')
        [drawn] = paper.render_certificates([one])
        standards.assert_conforms(drawn, language="id", attachments=1)
        standards.assert_conforms(paper.draw_alone(one), language="id", attachments=1)

        [sealed] = local_signer.seal([signing.Drawn(1, drawn)], signing.Secrets())
        standards.assert_conforms(sealed.pdf, language="id", attachments=1)

    def test_each_design_matches_its_reference_in_the_declared_size(self, design, tmp_path):
        [drawn] = paper.render_certificates([content(design=design, topics_id=["Layanan Publik", "Tata Kelola"], **SIGNED)])
        assert_size(drawn, DESIGNS[design].size_for(OfficeSettings(paper_size="f4")))
        pictures.assert_looks_as_before(drawn, REFERENCES / f"certificate-{design}.png", tmp_path)

    def test_each_design_matches_its_reference_with_long_names(self, design, tmp_path):
        [drawn] = paper.render_certificates([content(design=design, **LONG, **SIGNED)])
        pictures.assert_looks_as_before(drawn, REFERENCES / f"certificate-{design}-long.png", tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "is_noticed"),
    [
        ("9 September", "18 Oktober", True),
        ("Seratus", "Seribu", True),
        ("padding-top:0", "padding-top:1mm", True),
        ("color:#000", "color:#010101", False),
    ],
)
def test_small_visible_changes_are_noticed(before, after, is_noticed, tmp_path):
    said = "Surat balasan 000/0001/SETDA/2026, 9 September 2026. Seratus dua."
    body = f"<h1>Surat</h1><p style='padding-top:0;color:#000;font-size:9pt'>{said}</p>"
    sheet = Sheet(css="@page { size: A4; margin: 20mm } body { font-family: 'Plus Jakarta Sans' }")
    strips = []
    for number, words in enumerate((body, body.replace(before, after))):
        directory = tmp_path / str(number)
        directory.mkdir()
        strips.append(pictures.strip_of(renderer().draw(Paper(body=words, title="Surat"), sheet), directory))

    assert (pictures.difference(*strips) > pictures.MOST_NOTICED) is is_noticed
    assert pictures.difference(strips[0], Image.new("L", (10, 10))) > pictures.MOST_NOTICED


@pytest.mark.parametrize("change", ["unmarked", "no alternative text", "no intent", "another language"])
def test_violations_of_standards_are_noticed(office, change):
    broken = io.BytesIO()
    with pikepdf.open(io.BytesIO(office["a4", "agenda"])) as document:
        if change == "unmarked":
            document.pages[0].contents_add(b"0 0 1 1 re f")
        elif change == "no alternative text":
            document.Root.StructTreeRoot.K[0].S = pikepdf.Name.Figure
        elif change == "no intent":
            document.Root.OutputIntents = pikepdf.Array()
        else:
            document.Root.Lang = pikepdf.String("en")
        document.save(broken, linearize=False)

    with pytest.raises((AssertionError, ValueError)):
        standards.assert_conforms(broken.getvalue(), language="id")
