"""QR codes as PDF vector operators, and as SVG for papers that are written in HTML."""

from collections.abc import Iterable

import segno
from django.utils.html import escape

POINTS = 72 / 25.4


def qr_marks(text: str, *, x: float, y: float, size: float, page_height: float, colour: tuple[float, float, float] = (0, 0, 0)) -> bytes:
    """PDF operators that draw a QR code for ``text``.

    Args:
        text: an address; upper-case letters and digits give a smaller code.
        x, y, size: left and top edge and width in millimetres from the upper left corner of the page. The layout must keep
            free the quiet zone of four modules around it.
        page_height: height of the page in millimetres.
        colour: colour of the dark modules: red, green and blue from 0 to 1.
    """
    # A fixed mask: choosing the best of eight takes five times as long and makes no difference for scanners.
    code = segno.make_qr(text, error="m", mask=3, boost_error=False)
    rows = list(code.matrix)
    module = size * POINTS / len(rows)
    left, top = x * POINTS, (page_height - y) * POINTS
    operators = ["{:.3g} {:.3g} {:.3g} rg".format(*colour)]
    for row_number, row in enumerate(rows):
        bottom = top - (row_number + 1) * module
        for start, length in _runs(row):
            # A small overlap, because viewers draw white lines between adjacent rectangles.
            operators.append(f"{left + start * module:.3f} {bottom:.3f} {length * module + 0.02:.3f} {module + 0.02:.3f} re")
    return "\n".join([*operators, "f"]).encode()


def qr_svg(text: str, title: str) -> str:
    """A QR code for ``text`` as an SVG element with its quiet zone of four modules; its size is set by the style sheet.

    Args:
        title: the alternative text, in the language of the page.
    """
    rows = list(segno.make_qr(text, error="m", mask=3, boost_error=False).matrix)
    side = len(rows) + 8
    path = "".join(f"M{start + 4} {number + 4}h{length}v1h-{length}z" for number, row in enumerate(rows) for start, length in _runs(row))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><title>{escape(title)}</title><path d="{path}"/></svg>'


def _runs(row: Iterable[int]) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs
