"""QR codes are drawn as vectors, and another program can read them."""

import pytest

from knowledge_hub.papers import Paper, Sheet, renderer
from knowledge_hub.papers.qr import qr_marks
from tests.papers import reading

SHEET = Sheet(css="@page { size: A4; margin: 0 } body { font-family: 'Plus Jakarta Sans' }")


@pytest.mark.parametrize(
    "address",
    ["https://binjai.example/v/ABCDEFGHIJKLMNOPQRST", "HTTPS://BINJAI.EXAMPLE/V/ABCDEFGHIJKLMNOPQRST", "https://a.example/" + "x" * 150],
)
@pytest.mark.parametrize("dpi", [75, 100, 300])
def test_qr_codes_can_be_read_at_any_resolution(tmp_path, address, dpi):
    size = 60 if len(address) > 100 else 26
    mark = qr_marks(address, x=30, y=40, size=size, page_height=297)

    pdf = renderer().draw(Paper(body="<p>x</p>", title="x", marks={0: mark}), SHEET)

    assert reading.qr_code_of(pdf, tmp_path, dpi=dpi) == address


def test_qr_codes_are_vectors():
    mark = qr_marks("https://binjai.example/", x=0, y=0, size=20, page_height=297)

    assert b" re" in mark
    assert b"Do" not in mark
