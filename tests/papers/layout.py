"""Where the words and pictures of a laid out paper stand; nothing is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from weasyprint.formatting_structure import boxes

from knowledge_hub.papers import Paper, Sheet, renderer

PIXELS_PER_MM = 96 / 25.4
ABOVE, BELOW = 0.62, 0.16
"""Height of letters over and under the baseline, in em; accents and descenders may come near each other."""


@dataclass(frozen=True)
class Area:
    """A line of words, or a picture, in millimetres from the upper left corner of its page."""

    said: str
    page: int
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Area") -> bool:
        """Whether both cover the same place, by more than the rounding of layout."""
        return (
            self.page == other.page
            and min(self.right, other.right) - max(self.left, other.left) > 0.1
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.1
        )


def areas_of(paper: Paper, sheet: Sheet) -> list[Area]:
    """The words and pictures of a paper."""
    document = renderer()._lay_out([paper], sheet)
    return [area for number, page in enumerate(document.pages) for area in _areas(page._page_box, number)]


def _areas(box, page: int) -> Iterator[Area]:
    for child in box.descendants():
        if isinstance(child, boxes.TextBox):
            size, baseline = child.style["font_size"], child.position_y + child.baseline
            yield _area(child.text, page, child.position_x, baseline - ABOVE * size, child.width, (ABOVE + BELOW) * size)
        elif isinstance(child, boxes.ReplacedBox):
            yield _area("picture", page, child.content_box_x(), child.content_box_y(), child.width, child.height)


def _area(said: str, page: int, x: float, y: float, width: float, height: float) -> Area:
    left, top, right, bottom = (length / PIXELS_PER_MM for length in (x, y, x + width, y + height))
    return Area(said, page, left, top, right, bottom)


def collisions(areas: list[Area]) -> list[tuple[str, str]]:
    """Pairs that are printed over each other."""
    return [(one.said, other.said) for one, other in combinations(areas, 2) if one.overlaps(other)]


def outside(areas: list[Area], left: float, top: float, right: float, bottom: float) -> list[str]:
    """What leaves a frame, given in millimetres."""
    return [
        area.said
        for area in areas
        if area.left < left - 0.1 or area.right > right + 0.1 or area.top < top - 0.1 or area.bottom > bottom + 0.1
    ]
