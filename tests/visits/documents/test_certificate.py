"""Certificates of delegates: contents, layout, accessibility, QR code, refusals."""

import io

import pikepdf
import pytest
from django.core.files import File
from django.utils.translation import override
from PIL import Image, ImageChops
from pypdf import PdfReader

from knowledge_hub.papers import PaperRefused, renderer
from tests.papers import reading
from visits.documents import certificate as paper
from visits.documents import certificate_designs as designs
from visits.documents.certificate_designs import DESIGNS, source
from visits.documents.print_file import print_file

POINTS_PER_MM = 72 / 25.4
ADDRESS = "https://binjai.example/v/ABCDEFGHIJKLMNOPQRST"
SNAPSHOT = {
    "number": "000.5/0042/KH/2026",
    "name": "Drs. H. Ahmad Fauzi, S.STP., M.A.P.",
    "position": "Wakil Ketua Komisi B",
    "organisation": "DPRD Kabupaten Contoh",
    "region": "Kabupaten Contoh",
    "programme_id": "Kunjungan setengah hari",
    "programme_en": "Half-day visit",
    "venue_id": "Ruang Contoh",
    "venue_en": "Example Room",
    "visit_reference": "KJ-2026-0042",
    "visit_date": "2026-11-18",
    "issued_on": "2026-11-24",
    "topics_id": ["Layanan Publik"],
    "topics_en": ["Public Services"],
}


def content(**changes) -> paper.CertificateContent:
    return paper.CertificateContent.from_snapshot({**SNAPSHOT, **changes}, verify_url=ADDRESS)


def certificate(**changes) -> bytes:
    return next(paper.render_certificates([content(**changes)]))


def test_the_certificate_contains_its_facts_in_both_languages():
    said = reading.text_of(certificate())

    for words in (
        "000.5/0042/KH/2026",
        "Drs. H. Ahmad Fauzi, S.STP., M.A.P.",
        "Wakil Ketua Komisi B",
        "DPRD Kabupaten Contoh",
        "Kunjungan setengah hari",
        "Half-day visit",
        "Rabu, 18 November 2026, Ruang Contoh",
        "Wednesday, 18 November 2026, Example Room",
        "Binjai, 24 November 2026",
        "Certificate of Participation",
        ADDRESS,
    ):
        assert words in said


def test_the_region_is_not_repeated():
    assert reading.text_of(certificate()).count("Kabupaten Contoh") == 1
    assert "DPRD Contoh, Kabupaten Contoh" in reading.text_of(certificate(organisation="DPRD Contoh"))


def test_the_qr_code_contains_the_verification_address(tmp_path):
    assert reading.qr_code_of(certificate(), tmp_path, dpi=100) == ADDRESS


def test_the_certificate_is_one_small_accessible_page():
    pdf = certificate()

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
        width, height = (float(side) for side in document.pages[0].MediaBox[2:])
        assert (round(width), round(height)) == (842, 595)
        assert document.open_metadata().pdfa_status == "3A"
        assert document.open_metadata()["dc:title"].endswith(SNAPSHOT["number"])
    assert [kind for kind, _alt in reading.structure_of(pdf)].count("/H1") == 1
    assert all(reading.fonts_of(pdf).values())
    assert len(pdf) <= 110 * 1024


def test_the_active_language_does_not_change_the_certificate():
    with override("en"):
        english = certificate()
    with override("id"):
        indonesian = certificate()

    assert english == indonesian


def test_each_delegate_gets_only_their_own_page():
    people = [content(name=f"Anggota {number:03}", number=f"N-{number}") for number in range(32)]

    drawn = list(paper.render_certificates(people))

    assert len(drawn) == len(people)
    for number in (0, 29, 30, 31):
        assert f"Anggota {number:03}" in reading.text_of(drawn[number])
        assert reading.text_of(drawn[number]).count("Anggota") == 1
    assert drawn[30] == next(paper.render_certificates([people[30]]))


@pytest.mark.parametrize(
    "name",
    [
        "W" * 120,
        "Raden Mas Soeryo Adiningrat Kusumawardhana Purbaningrum " * 2,
        "محمد بن عبد الله",
        "משה כהן",
        "岩崎尚子",
        "김민수",
        "สมชาย ใจดี",
        "अनिल शर्मा",
        "Nguyễn Thị Minh Khai",
        "Юлия Ковалёва",
        "ꦱꦶꦠꦶ",
        "ᯅᯖᯂ᯲",
        "a\u202egnp.exe",
        "{{ 7*7 }} <b>x</b> & 'y'",
    ],
)
def test_any_name_fits_inside_the_frame(name):
    pdf = certificate(name=name.strip())

    left, right = reading.text_extent(pdf)
    # Between the bands of the frame, which end 24 mm from the edges.
    assert left >= 24 * POINTS_PER_MM
    assert right <= (297 - 24) * POINTS_PER_MM
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_the_measured_text_width_grows_with_the_name():
    # Control for the test above: lines are centred, so a longer name starts further to the left.
    assert reading.text_extent(certificate(name="W" * 120))[0] < reading.text_extent(certificate(name="Ani"))[0] - 50


@pytest.mark.parametrize("design", DESIGNS)
def test_filled_and_fully_laid_out_certificates_match(design, tmp_path):
    one = content(design=design, credential=b"{}")

    filled = next(paper.render_certificates([one]))
    laid_out = renderer().draw(paper.paper_of(one), designs.sheet_of(DESIGNS[design]))

    assert filled != laid_out
    assert sorted(reading.text_of(filled).split()) == sorted(reading.text_of(laid_out).split())
    assert reading.structure_of(filled) == reading.structure_of(laid_out)
    assert reading.spoken_in_order(filled) == reading.spoken_in_order(laid_out)
    pictures = [Image.open(reading.picture_of(pdf, tmp_path, dpi=80)).convert("L") for pdf in (filled, laid_out)]
    difference = ImageChops.difference(*pictures).histogram()
    # Small differences by rounding are allowed, a letter in another place is not.
    assert sum(difference[96:]) == 0


@pytest.mark.parametrize("design", DESIGNS)
def test_each_design_fits_long_names_completely(design):
    name, position = "Raden " * 19 + "Mas", "Kepala Bidang Contoh Panjang " * 5
    pdf = certificate(design=design, name=name, position=position, organisation="Dinas Contoh Panjang " * 9)

    said = reading.text_of(pdf)
    assert said.count("Raden") == 19
    assert said.count("Kepala Bidang Contoh Panjang") + said.count("Kepala Bidang Contoh\nPanjang") >= 4
    left, right = reading.text_extent(pdf)
    width = DESIGNS[design].size[0]
    assert left >= 20 * POINTS_PER_MM
    assert right <= (width - 18) * POINTS_PER_MM


def test_text_that_is_too_long_is_refused():
    with pytest.raises(PaperRefused):
        certificate(organisation="Dinas Contoh " * 40)


def test_designs_have_their_own_wording():
    assert "PIAGAM PENGHARGAAN" in reading.text_of(certificate(design="speaker"))
    assert "menerangkan bahwa" in reading.text_of(certificate(design="letter"))


def test_texts_of_staff_replace_the_default_wording():
    said = reading.text_of(certificate(heading_id="Piagam", heading_en="Charter", deed_id="atas kunjungannya", deed_en="for visiting"))

    assert "PIAGAM" in said
    assert "Charter" in said
    assert "atas kunjungannya · for visiting" in said


def test_markup_in_a_name_is_printed_as_typed():
    assert "{{ 7*7 }} <b>x</b>" in reading.text_of(certificate(name="{{ 7*7 }} <b>x</b>"))


def test_an_unprintable_name_refuses_one_certificate_only():
    people = [content(name="Siti"), content(name="Budi \U0001f600"), content(name="x" * 121), content(name="Rahma")]

    drawn = list(paper.render_each(people))

    assert [isinstance(one, PaperRefused) for one in drawn] == [False, True, True, False]
    assert "Rahma" in reading.text_of(drawn[3])


def test_an_incomplete_record_is_refused_naming_the_field():
    with pytest.raises(PaperRefused, match="visit_date"):
        paper.CertificateContent.from_snapshot({key: value for key, value in SNAPSHOT.items() if key != "visit_date"}, verify_url=ADDRESS)
    with pytest.raises(PaperRefused, match="18 November"):
        content(visit_date="18 November 2026")


def test_the_signatory_is_printed():
    said = reading.text_of(certificate(signatory_name="Nama Contoh, S.H.", signatory_position="Jabatan Contoh"))

    assert "Jabatan Contoh" in said
    assert "Nama Contoh, S.H." in said


def test_the_print_file_contains_all_pages_compactly(tmp_path):
    papers = []
    for number, drawn in enumerate(paper.render_certificates([content(name=f"Anggota {number:03}") for number in range(12)])):
        (tmp_path / f"{number}.pdf").write_bytes(drawn)
        papers.append(File(tmp_path.joinpath(f"{number}.pdf").open("rb")))

    together = print_file(papers).read()

    pages = PdfReader(io.BytesIO(together)).pages
    assert [f"Anggota {number:03}" in " ".join(page.extract_text().split()) for number, page in enumerate(pages)] == [True] * 12
    assert reading.qr_code_of(together, tmp_path) == ADDRESS
    assert len(together) < 4 * (tmp_path / "0.pdf").stat().st_size


@pytest.mark.parametrize("design", DESIGNS.values(), ids=list(DESIGNS))
def test_the_design_version_covers_words_fonts_and_style(design, monkeypatch):
    before = designs.version_of.__wrapped__(design)
    assert before.startswith(f"{design.key}-")
    assert len(before) <= 40

    with monkeypatch.context() as changed:
        changed.setattr(designs, "source", lambda name: source(name) + ("p { color: red }" if name.endswith("css") else ""))
        changed.setattr(designs, "sheet_of", designs.sheet_of.__wrapped__)
        assert designs.version_of.__wrapped__(design) != before
    with monkeypatch.context() as changed:
        changed.setattr(type(design), "spoken", lambda self: {"heading": ("Lain", "Other")})
        assert designs.version_of.__wrapped__(design) != before
    with monkeypatch.context() as changed:
        changed.setattr(designs, "FACES", {"serif": "CormorantGaramond-Medium.ttf"})
        assert designs.version_of.__wrapped__(design) != before
    assert designs.version_of.__wrapped__(design) == before
