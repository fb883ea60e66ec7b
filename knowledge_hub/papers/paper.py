"""What is asked of the renderer, in plain values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

# No such host exists (RFC 2606), so an address that escaped the fetcher would still reach nobody.
BASE_URL = "https://papers.invalid/"

A4_PORTRAIT = (210.0, 297.0)
A4_LANDSCAPE = (297.0, 210.0)
F4_PORTRAIT = (215.0, 330.0)


@dataclass(frozen=True)
class Sheet:
    """What all papers of one kind share.

    Attributes:
        css: the style sheet, with its own ``@page`` rule.
        size: width and height of the page in millimetres, portrait or landscape.
        background: HTML of the art under the text, drawn once and then placed into every page as decoration; empty for none.
            It may not hold text: what it shows is invisible to screen readers.
        one_page: refuse a paper that runs onto a second page.
    """

    css: str
    size: tuple[float, float] = A4_PORTRAIT
    background: str = ""
    one_page: bool = False


@dataclass(frozen=True)
class Attachment:
    """A file inside a paper: data that says the same for machines.

    Attributes:
        made_on: the date it carries; no clock is read.
    """

    name: str
    content: bytes
    made_on: dt.date


@dataclass(frozen=True)
class Paper:
    """One document.

    Attributes:
        body: HTML of its body, already escaped.
        title, language, author, subject: what its metadata say; the language is a BCP 47 tag.
        created: the date it carries; no clock is read, so that the same paper always has the same bytes.
        marks: PDF operators drawn above the art and below the text as decoration, one entry per page counted from 0
            (a QR code); coordinates in points from the lower left corner.
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
    """A line of a form that each filled paper says otherwise.

    In the form's HTML the line holds :attr:`mark` and nothing else, in ``face``, with a fixed line height and no wrapping.

    Attributes:
        number: tells the slots of a form apart; from 0 to 9.
        face: a key of :data:`knowledge_hub.papers.fonts.FACES`.
        centred: whether the middle of the line stays where it is, else its left end does.
    """

    number: int
    face: str
    centred: bool = True

    @property
    def mark(self) -> str:
        """Letters that no paper says."""
        return f"Qx{self.number}qX"


@dataclass(frozen=True)
class Form:
    """A paper of one page that is laid out once and then filled many times.

    Attributes:
        paper: the page with the marks of its slots; a slot inside a link has ``BASE_URL`` and its mark as address.
        slots: by name.
    """

    paper: Paper
    sheet: Sheet
    slots: Mapping[str, Slot]

    @property
    def key(self) -> tuple[str, ...]:
        """The same for forms that look the same."""
        paper, sheet = self.paper, self.sheet
        return (paper.body, paper.language, paper.author, sheet.css, sheet.background, str((sheet.size, bool(paper.attachment))))


@dataclass(frozen=True)
class Filling:
    """What one filled paper says.

    Attributes:
        lines: text and size in points for each slot of the form.
        links: the address for each slot that is a link.
        title, subject, created, marks, attachment: as of :class:`Paper`; a form with an attachment is filled with one.
    """

    lines: Mapping[str, tuple[str, float]]
    title: str
    subject: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    created: dt.date | None = None
    marks: bytes = b""
    attachment: Attachment | None = None
