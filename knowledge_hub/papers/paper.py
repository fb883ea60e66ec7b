"""Data classes for the renderer: papers, sheets, and pages with slots."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

# A host that cannot exist (RFC 2606); if the fetcher failed to stop a request, it would reach nobody.
BASE_URL = "https://papers.invalid/"

A4_PORTRAIT = (210.0, 297.0)
A4_LANDSCAPE = (297.0, 210.0)
F4_PORTRAIT = (215.0, 330.0)


@dataclass(frozen=True)
class Sheet:
    """Layout that all papers of one kind share.

    Attributes:
        css: the style sheet, including an ``@page`` rule.
        size: width and height of the page in millimetres, portrait or landscape.
        background: HTML of the background of every page; empty for none. It is drawn once. Screen readers skip it, so it must
            not contain text.
        one_page: whether a paper with a second page is refused.
    """

    css: str
    size: tuple[float, float] = A4_PORTRAIT
    background: str = ""
    one_page: bool = False


@dataclass(frozen=True)
class Attachment:
    """A file attached to a paper: its data in machine-readable form.

    Attributes:
        made_on: date of the file.
        description: what it is, for readers who list the files.
    """

    name: str
    content: bytes
    made_on: dt.date
    description: str = ""


@dataclass(frozen=True)
class Paper:
    """One document.

    Attributes:
        body: HTML of the body, already escaped.
        title, language, author, subject: metadata; the language is a BCP 47 tag.
        created: date of the paper; the current time is never used, so that the same paper always has the same bytes.
        marks: PDF operators between background and text, for example a QR code, by page number from 0; screen readers skip
            them. Coordinates in points from the lower left corner.
    """

    body: str
    title: str
    language: str = "id"
    author: str = ""
    subject: str = ""
    created: dt.date | None = None
    marks: dict[int, bytes] = field(default_factory=dict)
    attachment: Attachment | None = None


@dataclass(frozen=True)
class Slot:
    """A line of a fillable page.

    In the HTML the line contains :attr:`marker` and nothing else, in ``face``, with a fixed line height and without wrapping.

    Attributes:
        number: number of the slot on its page, from 0 to 9.
        face: a key of :data:`knowledge_hub.papers.fonts.FACES`.
        centred: whether the line is centred; otherwise it is aligned left.
    """

    number: int
    face: str
    centred: bool = True

    @property
    def marker(self) -> str:
        """Text that marks the line and that no paper contains."""
        return f"Qx{self.number}qX"


@dataclass(frozen=True)
class FillablePage:
    """A page that is laid out once and then filled many times.

    Attributes:
        paper: the page with the markers of its slots; a link in a slot has ``BASE_URL`` and the marker as address.
        slots: the slots by name.
    """

    paper: Paper
    sheet: Sheet
    slots: Mapping[str, Slot]

    @property
    def key(self) -> tuple[str, ...]:
        """Cache key: equal for pages with the same layout."""
        paper, sheet = self.paper, self.sheet
        return (paper.body, paper.language, paper.author, sheet.css, sheet.background, str((sheet.size, bool(paper.attachment))))


@dataclass(frozen=True)
class SlotValues:
    """Values for the slots of a fillable page, and metadata of the filled paper.

    Attributes:
        lines: text and font size in points for each slot.
        links: address for each slot that is a link.
        title, subject, created, marks, attachment: as in :class:`Paper`; a page with an attachment needs one here.
    """

    lines: Mapping[str, tuple[str, float]]
    title: str
    subject: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    created: dt.date | None = None
    marks: bytes = b""
    attachment: Attachment | None = None
