"""What is asked of the renderer, in plain values."""

import datetime as dt
from dataclasses import dataclass, field

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
