"""Names on papers: what is removed from them, and what is refused."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from knowledge_hub.papers.errors import PaperRefused
from knowledge_hub.papers.fields import validate_drawable

LONGEST_NAME = 120
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters and characters that change the direction of text."""
JOINERS = "\u200c\u200d"  # needed in Arabic, Persian and Indic names; all other invisible characters are removed


def without_controls(text: str) -> str:
    """A text without control characters and direction marks; line breaks stay."""
    return CONTROLS.sub("", text)


def clean_name(name: str, *, longest: int = LONGEST_NAME) -> str:
    """A name for printing: composed letters, single spaces, no control characters.

    Direction marks are removed, because with them a name could look like another name.

    Raises:
        PaperRefused: the name is empty, longer than ``longest`` letters, or contains symbols or letters that no font has.
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
        raise PaperRefused(_("%(count)d letters are too many; a paper holds %(most)d.") % {"count": len(cleaned), "most": longest})
    for sign in cleaned:
        if unicodedata.category(sign) in {"So", "Co", "Cn", "Cs"}:
            raise PaperRefused(_("Papers show no signs such as %(sign)s. Write it with letters.") % {"sign": f"U+{ord(sign):04X}"})
    try:
        validate_drawable(cleaned)
    except ValidationError as error:
        raise PaperRefused(error.message) from error
    return cleaned
