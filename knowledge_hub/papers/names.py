"""Names on papers: what may be printed, and how large."""

import re
import unicodedata

from django.utils.translation import gettext as _

from knowledge_hub.papers.errors import PaperRefused
from knowledge_hub.papers.shaping import shaped

LONGEST_NAME = 120
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""What is no letter, and what turns the text after it around."""
JOINERS = "\u200c\u200d"  # shape letters of Arabic, Persian and Indic names; all other invisible signs are dropped


def without_controls(text: str) -> str:
    """A text without signs that cannot be printed or that let it show other letters than it holds; lines stay."""
    return CONTROLS.sub("", text)


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


def fitted(text: str, face: str, *, width: float, largest: float, smallest: float, two_lines: float) -> tuple[float, int]:
    """Font size in points at which ``text`` fits ``width`` points, and on how many lines: one from ``largest`` to ``smallest``, else two.

    Args:
        two_lines: the largest size of a text on two lines; it shrinks from there until it fits.
    """
    run = shaped(text, face)
    # Two in a hundred kept back: layout rounds each word's width up.
    em = max(run.width, 0.01) * 1.02
    # Other scripts reach further up and down from the line than ours.
    size = min(largest if run.complete else largest * 0.8, width / em)
    if size >= smallest:
        return round(size, 2), 1
    # A line breaks between words, so a line of two is rarely full: reckon with a tenth lost.
    return round(min(two_lines, 2 * 0.9 * width / em), 2), 2
