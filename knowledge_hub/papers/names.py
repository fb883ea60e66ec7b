"""Names on papers: what may be printed, and how large."""

import unicodedata
from functools import cache

import uharfbuzz
from django.utils.translation import gettext as _

from knowledge_hub.papers.errors import PaperRefused
from knowledge_hub.papers.fonts import FACES, FONT_DIR

LONGEST_NAME = 120
JOINERS = "\u200c\u200d"  # shape letters of Arabic, Persian and Indic names; all other invisible signs are dropped


def clean_name(name: str, *, longest: int = LONGEST_NAME) -> str:
    """The name as it may be printed: composed letters, single spaces, no control or direction signs.

    Direction signs are dropped because they let a name show other letters than it holds.

    Raises:
        PaperRefused: empty, longer than ``longest`` letters, or with signs that are no letters (pictures, private characters).
    """
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Zs"} else sign
        for sign in composed
        if sign in JOINERS or unicodedata.category(sign) != "Cf"
    )
    cleaned = " ".join(visible.split())
    if not cleaned.strip(JOINERS + " "):
        raise PaperRefused(_("The name is empty."))
    if len(cleaned) > longest:
        raise PaperRefused(_("The name has %(count)d letters; a paper holds %(most)d.") % {"count": len(cleaned), "most": longest})
    for sign in cleaned:
        if unicodedata.category(sign) in {"So", "Co", "Cn", "Cs"}:
            raise PaperRefused(_("The name holds a sign that is not a letter: %(sign)s") % {"sign": f"U+{ord(sign):04X}"})
    return cleaned


@cache
def _font(face: str) -> tuple[uharfbuzz.Font, int]:
    loaded = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FONT_DIR / FACES[face])))
    return uharfbuzz.Font(loaded), loaded.upem


def measured(text: str, face: str) -> tuple[float, bool]:
    """Width of ``text`` in em, and whether the face has all its letters.

    Letters that it lacks count as one em, the widest that a fallback font draws.
    """
    font, upem = _font(face)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    advances = [
        position.x_advance / upem if info.codepoint else None
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]
    return sum(1.0 if advance is None else advance for advance in advances), None not in advances


def fitted_size(text: str, face: str, *, width: float, largest: float, smallest: float, two_lines: float) -> float:
    """Font size in points at which ``text`` fits ``width`` points: one line from ``largest`` to ``smallest``, else two lines.

    Args:
        two_lines: the largest size of a text on two lines; it shrinks from there until it fits.
    """
    em, complete = measured(text, face)
    # Two in a hundred kept back: layout rounds each word's width up.
    em = max(em, 0.01) * 1.02
    # Other scripts reach further up and down from the line than ours.
    size = min(largest if complete else largest * 0.8, width / em)
    if size >= smallest:
        return round(size, 2)
    # A line breaks between words, so a line of two is rarely full: reckon with a tenth lost.
    return round(min(two_lines, 2 * 0.9 * width / em), 2)
