"""Properties of every rendered paper: standards, fonts, reproducible bytes, refusals."""

import datetime as dt
import hashlib
import io
import os
import subprocess
import sys

import pikepdf
import pytest

from knowledge_hub.papers import Paper, PaperRefused, PapersUnavailable, Sheet, fonts, renderer
from tests.papers import reading

CSS = "@page { size: A4; margin: 20mm } body { font-family: 'Cormorant Garamond'; font-size: 12pt }"
SHEET = Sheet(css=CSS)
ART = Sheet(
    css=CSS, background="<svg xmlns='http://www.w3.org/2000/svg' width='210mm' height='297mm'><path fill='#aa2200' d='M9 9H90V90Z'/></svg>"
)


def paper(body: str = "<h1>Agenda</h1><p>Selamat datang</p>", **fields) -> Paper:
    return Paper(**{"body": body, "title": "Agenda kunjungan", "created": dt.date(2026, 11, 24), **fields})


def test_a_paper_is_archival_and_accessible():
    pdf = renderer().draw(paper(author="Pemerintah Kota Binjai"), ART)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        metadata = document.open_metadata()
        assert metadata.pdfa_status == "3A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Agenda kunjungan"
        assert document.Root.Lang == "id"
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/DestOutputProfile" in document.Root.OutputIntents[0]
        assert document.docinfo.Author == "Pemerintah Kota Binjai"
    assert [kind for kind, _alt in reading.structure_of(pdf)][:1] == ["/Document"]
    assert ("/H1", "") in reading.structure_of(pdf)


def test_a_paper_passes_qpdf(tmp_path):
    (tmp_path / "paper.pdf").write_bytes(renderer().draw(paper(), ART))

    checked = subprocess.run(["qpdf", "--check", tmp_path / "paper.pdf"], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_all_fonts_are_embedded():
    found = reading.fonts_of(renderer().draw(paper(), SHEET))

    assert found
    assert all(found.values())
    assert all(name.startswith("Cormorant") for name in found)


def test_another_process_gives_the_same_bytes():
    script = (
        "import django; django.setup(); import hashlib, sys\n"
        "from knowledge_hub.papers import renderer\n"
        "from tests.papers.test_renderer import ART, paper\n"
        "sys.stdout.write(hashlib.sha256(renderer().draw(paper(), ART)).hexdigest())"
    )
    elsewhere = {**os.environ, "TZ": "Asia/Jayapura", "PYTHONHASHSEED": "1"}

    there = subprocess.run([sys.executable, "-c", script], env=elsewhere, capture_output=True, text=True, check=True).stdout

    assert there == hashlib.sha256(renderer().draw(paper(), ART)).hexdigest()


def test_earlier_papers_do_not_change_later_ones():
    before = renderer().draw(paper(), ART)
    for other in (
        "<p>\u0645\u062d\u0645\u062f</p>",
        "<p>fi ffi</p>",
        "<svg width='9' height='9'><title>x</title><path d='M0 0H9V9Z'/></svg>",
    ):
        renderer().draw(paper(other), SHEET)

    assert renderer().draw(paper(), ART) == before


def test_a_batch_gives_the_same_bytes():
    papers = [paper(f"<div style='break-after:page'><h1>Nama {number}</h1></div>", title=f"Surat {number}") for number in range(33)]

    batch = list(renderer().draw_each(papers, ART))

    assert batch == [renderer().draw(one, ART) for one in papers]


def test_the_background_is_drawn_as_an_artifact(tmp_path):
    from PIL import Image

    pdf = renderer().draw(paper("<p>Isi</p>"), ART)

    with Image.open(reading.picture_of(pdf, tmp_path, dpi=72)) as picture:
        assert picture.convert("RGB").getpixel((60, 20)) == (0xAA, 0x22, 0x00)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.pages[0].Contents.read_bytes().startswith(b"/Artifact BMC q /Art Do Q EMC")
    assert "/Figure" not in dict(reading.structure_of(pdf))


@pytest.mark.parametrize(
    ("body", "css", "reason"),
    [
        ("<p>\U0001f600</p>", "", "\U0001f600"),
        ("<p>x</p>", "p { colour: red }", "colour"),
        ("<p>x</p>", "p { color: reddish }", "reddish"),
        ('<p><a href="#nowhere">x</a></p>', "", "nowhere"),
    ],
)
def test_layout_warnings_refuse_the_paper(body, css, reason):
    with pytest.raises(PaperRefused, match=reason):
        renderer().draw(paper(body), Sheet(css=CSS + css))


def test_only_faulty_papers_of_a_batch_are_refused():
    good, missing_letter, broken_picture = (
        paper("<p style='break-after:page'>Baik</p>"),
        "<p style='break-after:page'>\U0001f600</p>",
        "<p style='break-after:page'><img src='x.png' alt=''></p>",
    )

    drawn = list(renderer().draw_each([good, paper(missing_letter), paper(broken_picture), good], SHEET))

    assert [isinstance(one, PaperRefused) for one in drawn] == [False, True, True, False]
    assert drawn[0] == drawn[3] == renderer().draw(good, SHEET)


def test_a_paper_longer_than_allowed_is_refused():
    with pytest.raises(PaperRefused, match="satu halaman"):
        renderer().draw(paper("<p>baris</p>" * 300), Sheet(css=CSS, one_page=True))


def test_a_missing_font_file_is_named(tmp_path):
    with pytest.raises(PapersUnavailable, match=r"CormorantGaramond-Medium\.ttf"), fonts.own_fonts(tmp_path):
        pass


def test_a_missing_system_library_is_explained():
    # In another process, make loading the libraries fail, as on a machine without Pango.
    script = (
        "import django; django.setup(); import sys, cffi\n"
        "def missing(*args): raise OSError('cannot load library libpango')\n"
        "cffi.FFI.dlopen = missing\n"
        "from knowledge_hub.papers import PapersUnavailable, renderer\n"
        "try: renderer()\n"
        "except PapersUnavailable as error: sys.stdout.write(f'SAID {error}')\n"
    )

    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert "SAID" in said
    assert "apt install libpango-1.0-0" in said


def test_the_renderer_does_not_change_fontconfig(monkeypatch):
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    renderer()

    assert "FONTCONFIG_FILE" not in os.environ
