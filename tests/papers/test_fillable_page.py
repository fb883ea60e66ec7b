"""A page is laid out once and filled many times; filled papers are as good as papers laid out one by one."""

import datetime as dt
import io

import pikepdf
import pytest

from knowledge_hub.papers import FillablePage, Paper, Sheet, Slot, SlotValues, renderer
from knowledge_hub.papers.fillable_page import FillablePageError
from knowledge_hub.papers.paper import BASE_URL, Attachment
from tests.papers import reading

CSS = (
    "@page { size: A4; margin: 20mm } body { font-family: 'Cormorant Garamond', 'Noto Sans' }"
    "p { margin: 0; line-height: 10mm; white-space: nowrap; font-size: 14pt } .name { font-weight: 700; text-align: center }"
    ".link { font-family: 'Plus Jakarta Sans' }"
)
NAME, LINK = Slot(0, "serif-bold"), Slot(1, "sans", centred=False)
DAY = dt.date(2026, 11, 24)


def page(**changes) -> FillablePage:
    name, link = NAME.marker, LINK.marker
    body = f"<h1>Piagam</h1><p class='name'>{name}</p><p>Tetap</p><p class='link'><a href='{BASE_URL}{link}'>{link}</a></p>"
    return FillablePage(Paper(**{"body": body, "title": "-", **changes}), Sheet(css=CSS), {"name": NAME, "link": LINK})


def values(name: str = "Siti Rahma", address: str = "https://binjai.example/v/ABC", **changes) -> SlotValues:
    known = {"lines": {"name": (name, 20), "link": (address, 8)}, "links": {"link": address}, "title": f"Piagam {name}", "created": DAY}
    return SlotValues(**{**known, **changes})


def test_a_filled_form_has_text_and_metadata(tmp_path):
    pdf = renderer().fill(page(), values(subject="Piagam untuk Siti"))

    assert reading.text_of(pdf) == "Piagam Siti Rahma Tetap https://binjai.example/v/ABC"
    assert [line for line in reading.spoken_in_order(pdf) if "Siti Rahma" in line]
    assert all(reading.fonts_of(pdf).values())
    with pikepdf.open(io.BytesIO(pdf)) as document:
        metadata = document.open_metadata()
        assert metadata.pdfa_status == "3A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == document.docinfo.Title == "Piagam Siti Rahma"
        assert metadata["dc:description"] == document.docinfo.Subject == "Piagam untuk Siti"
        assert len(document.pages) == 1
        [annotation] = document.pages[0].Annots
        assert annotation.A.URI == annotation.Contents == "https://binjai.example/v/ABC"
        assert not document.check_pdf_syntax()


def test_the_same_filling_gives_the_same_bytes():
    first = renderer().fill(page(), values())
    renderer().fill(page(), values("Muhammad Iqbal", "https://binjai.example/v/XYZ/longer"))

    assert renderer().fill(page(), values()) == first


def test_a_filled_form_contains_no_other_text():
    renderer().fill(page(), values("Orang Lain"))
    pdf = renderer().fill(page(), values())

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len([item for item in document.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Page"]) == 1
        tree = document.Root.StructTreeRoot
        assert len(tree.ParentTree.Nums) == 4  # the page and the link
    assert "Lain" not in reading.text_of(pdf)
    assert "ABCDEFG" not in reading.text_of(pdf)


@pytest.mark.parametrize("name", ["محمد", "岩崎尚子", "Łukasz", "ꦱꦶꦠꦶ", "Siti \U0001f600"])
def test_unsupported_letters_need_a_full_layout(name):
    assert renderer().fill(page(), values(name)) is None


def test_a_filled_form_has_its_own_attachment():
    with_file = page(attachment=Attachment("data.json", b"{}", DAY))
    renderer().fill(with_file, values(attachment=Attachment("data.json", b'{"name": "Orang Lain"}', DAY)))

    pdf = renderer().fill(with_file, values(attachment=Attachment("data.json", b'{"name": "Siti"}', DAY)))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.attachments["data.json"].get_file().read_bytes() == b'{"name": "Siti"}'
        assert len(document.Root.AF) == 1
        assert document.Root.AF[0].AFRelationship == "/Data"


def test_a_form_without_its_slot_raises_an_error():
    with pytest.raises(FillablePageError, match="name"):
        renderer().fill(page(body="<p>Tetap</p>"), values())
