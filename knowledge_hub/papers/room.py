"""The measured room of a text on a fixed layout: what does not fit is shrunk, then wrapped, then refused."""

import math
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from knowledge_hub.papers.errors import PaperRefused
from knowledge_hub.papers.shaping import shaped

POINTS_PER_MM = 72 / 25.4
WORDS_APART = 1.02
"""Layout rounds up the width of each word."""

OTHER_SCRIPTS = 0.8
"""Fonts of other scripts have higher lines."""

STEP = 0.25


@dataclass(frozen=True)
class Room:
    """Where a text may stand: on one line of ``largest`` to ``smallest`` points, otherwise on more lines of ``wrapped`` to ``least``.

    Attributes:
        face: a key of :data:`knowledge_hub.papers.fonts.FACES`.
        width, height: in millimetres; the height holds for wrapped lines.
        rows: the most lines.
        leading: distance of wrapped lines, in em.
        spacing: room between letters, in em.
        centred: whether it is centred.
    """

    face: str
    width: float
    height: float
    largest: float
    smallest: float
    wrapped: float
    least: float = 6
    rows: int = 2
    leading: float = 1.05
    spacing: float = 0
    centred: bool = True


@dataclass(frozen=True)
class Line:
    """A text with its font size in points and the number of lines it takes."""

    text: str
    size: float
    rows: int = 1
    leading: float = 1.05

    @property
    def style(self) -> str:
        """The value of the style attribute."""
        return f"font-size:{self.size:g}pt" + (f";line-height:{self.leading:g}" if self.rows > 1 else "")

    @property
    def kind(self) -> str:
        """The value of the class attribute."""
        return "more" if self.rows > 1 else "one"


@lru_cache(maxsize=4096)
def fitted(text: str, room: Room) -> Line:
    """The text in the largest size at which it fits. Cached, because delegates share their organisation.

    Raises:
        PaperRefused: it does not fit in the smallest size.
    """
    width = room.width * POINTS_PER_MM
    run = shaped(text, room.face)
    scale = 1 if run.complete else OTHER_SCRIPTS
    size = min(room.largest * scale, width / (max(run.width, 0.01) * WORDS_APART + room.spacing * len(text)))
    if size >= room.smallest:
        return Line(text, math.floor(size * 100) / 100)
    words = [_width(word, room) for word in text.split()]
    space = shaped(" ", room.face).width + room.spacing
    sizes = {rows: _size_on(rows, words, space, room, scale) for rows in range(2, room.rows + 1)}
    rows = max(sizes, key=lambda rows: sizes[rows], default=0)
    if rows and sizes[rows]:
        return Line(text, math.floor(sizes[rows] * 100) / 100, rows, room.leading)
    raise PaperRefused(_("This text is too long for its place on the paper: %(text)s") % {"text": text})


def _size_on(rows: int, words: list[float], space: float, room: Room, scale: float) -> float:
    """The largest size at which the words fit so many lines; zero if they do not."""
    size = min(room.wrapped, room.height * POINTS_PER_MM / rows / room.leading) * scale
    while size >= room.least:
        if _rows(words, space, room.width * POINTS_PER_MM / size) <= rows:
            return size
        size -= STEP
    return 0


def _width(word: str, room: Room) -> float:
    return shaped(word, room.face).width * WORDS_APART + room.spacing * len(word)


def _rows(words: list[float], space: float, width: float) -> int:
    """How many lines words of such widths need; a word that is wider than a line begins a new one and breaks anywhere."""
    rows, used = 1, 0.0
    for word in words:
        if used and used + space + word > width:
            rows, used = rows + 1, 0.0
        elif used:
            used += space
        if word > width:
            # Less than a letter is lost at each break.
            full = max(width - 1.2, width / 2)
            rows += math.ceil(word / full) - 1
            word = word % full
        used += word
    return rows
