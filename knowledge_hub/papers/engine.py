"""Draws papers. One per process; see the package for how to get it."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from html import escape
from importlib.resources import files
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TypeVar

import pydyf
from django.conf import settings
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint import Attachment as WeasyAttachment
from weasyprint.css import ColorProfile
from weasyprint.document import Document, Page
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from knowledge_hub.papers.art import Art, Finished
from knowledge_hub.papers.errors import PaperRefused
from knowledge_hub.papers.fetcher import AssetFetcher
from knowledge_hub.papers.fonts import own_fonts
from knowledge_hub.papers.forms import Blank
from knowledge_hub.papers.metadata import PaperMetadata
from knowledge_hub.papers.paper import BASE_URL, Attachment, Filling, Form, Paper, Sheet

Key = TypeVar("Key")
Kept = TypeVar("Kept")

VARIANT = "pdf/a-3a"
# The colours of screens, named by us: under its own name WeasyPrint opens the profile again for each paper and leaves it open.
INTENT = "paper-srgb"
# Larger chunks save little more and hold more pages in memory at once.
CHUNK = 30
KEPT_SHEETS = 8

# Interpolated images are forbidden in PDF/A (ISO 19005-3, 6.2.8).
ALWAYS = "img { image-rendering: crisp-edges }"


class _Complaints(logging.Handler):
    """Collects what WeasyPrint complains of on this thread; it only logs what should stop a paper."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = threading.get_ident()
        self.sentences: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.sentences.append(record.getMessage())


class _ScreenColours(ColorProfile):
    """The sRGB profile of WeasyPrint, as it is in the file: Pillow's copy has other bytes each time it is written out."""

    def __init__(self) -> None:
        raw = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
        super().__init__(BytesIO(raw), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))
        self._raw = raw

    @property
    def content(self) -> bytes:
        return self._raw


class Renderer:
    """Fonts, parsed styles and art, loaded once and used for every paper of this process.

    Safe to call from threads, which then wait for each other: Pango makes no promise, and threads are not faster.
    """

    def __init__(self, asset_roots: Sequence[Path] | None = None):
        with own_fonts():
            self._fonts = FontConfiguration()
        self._colours = _ScreenColours()
        self._fetcher = AssetFetcher([settings.BASE_DIR / "static" / "img"] if asset_roots is None else asset_roots)
        self._styles: dict[str, CSS] = {}
        self._art: dict[tuple[str, str], Art] = {}
        self._blanks: dict[tuple[str, ...], Blank] = {}
        self._lock = threading.RLock()

    def draw(self, paper: Paper, sheet: Sheet) -> bytes:
        """One paper as PDF/A-3a and PDF/UA-1, tagged, with the same bytes each time.

        Raises:
            PaperRefused: something would be missing or wrong on it (a letter, a picture, a rule of its style sheet).
        """
        with self._lock, self._strict():
            document = self._lay_out([paper], sheet)
            if sheet.one_page and len(document.pages) != 1:
                raise PaperRefused(_("The text does not fit on one page."))
            return self._write(document, paper, sheet, paper.marks)

    def fill(self, form: Form, filling: Filling) -> bytes | None:
        """A filled form, as PDF/A-3a and PDF/UA-1 with the same bytes each time; the form is laid out at the first call.

        Returns:
            None where the lines need letters that the form does not hold: draw the paper in full instead.

        Raises:
            PaperRefused: the form itself cannot be drawn.
        """
        with self._lock:
            return _kept(self._blanks, form.key, lambda: Blank(form, partial(self._draw_form, sheet=form.sheet))).fill(filling)

    def draw_each(self, papers: Iterable[Paper], sheet: Sheet) -> Iterator[bytes | PaperRefused]:
        """Many papers of one page each, in order: each its PDF, or the refusal of that one while the others go on.

        Bytes are those of :meth:`draw`, whatever else is in the batch.
        """
        papers = iter(papers)
        while chunk := list(islice(papers, CHUNK)):
            with self._lock:
                yield from self._draw_chunk(chunk, sheet)

    def _draw_form(self, papers: Sequence[Paper], *, sheet: Sheet) -> bytes:
        with self._strict():
            return self._write(self._lay_out(papers, sheet), papers[0], sheet, papers[0].marks)

    def _draw_chunk(self, papers: list[Paper], sheet: Sheet) -> list[bytes | PaperRefused]:
        try:
            with self._strict():
                document = self._one_page_each(papers, sheet)
        except PaperRefused as refusal:
            if len(papers) == 1:
                return [refusal]
            # One bad paper spoils the layout of its chunk: lay out each alone to find it.
            return [drawn for paper in papers for drawn in self._draw_chunk([paper], sheet)]
        return [self._write_page(document, page, paper, sheet) for page, paper in zip(document.pages, papers, strict=True)]

    def _write_page(self, document: Document, page: Page, paper: Paper, sheet: Sheet) -> bytes | PaperRefused:
        try:
            with self._strict():
                return self._write(document.copy([page]), paper, sheet, paper.marks)
        except PaperRefused as refusal:
            return refusal

    def _one_page_each(self, papers: Sequence[Paper], sheet: Sheet) -> Document:
        document = self._lay_out(papers, sheet)
        if len(document.pages) != len(papers):
            raise PaperRefused(_("The text does not fit on one page."))
        return document

    def _lay_out(self, papers: Sequence[Paper], sheet: Sheet) -> Document:
        # Each body says its own language: in a batch it must be drawn as if it were alone.
        bodies = "".join(f'<div lang="{escape(paper.language)}">{paper.body}</div>' for paper in papers)
        page = f"<!DOCTYPE html><html><head><title>-</title></head><body>{bodies}</body></html>"
        return self._html(page).render(
            self._fonts,
            color_profiles={INTENT: self._colours},
            stylesheets=[self._style(sheet.css)],
            pdf_variant=VARIANT,
            output_intent=INTENT,
            cache={},
        )

    def _write(self, document: Document, paper: Paper, sheet: Sheet, marks: dict[int, bytes]) -> bytes:
        document.metadata = PaperMetadata.of(paper)
        if paper.attachment:
            # Used up by writing, so made for each.
            document.metadata.attachments = [_attached(paper.attachment)]
        return document.write_pdf(
            pdf_variant=VARIANT, output_intent=INTENT, finisher=partial(_decorate, art=self._art_of(sheet), marks=marks)
        )

    def _art_of(self, sheet: Sheet) -> Art | None:
        if not sheet.background:
            return None
        return _kept(self._art, (sheet.background, str(sheet.size)), lambda: self._draw_art(sheet))

    def _draw_art(self, sheet: Sheet) -> Art:
        width, height = sheet.size
        css = CSS(string=f"@page {{ size: {width}mm {height}mm; margin: 0 }} html, body {{ margin: 0 }} svg {{ display: block }}" + ALWAYS)
        drawn = self._html(sheet.background).render(self._fonts, stylesheets=[css], dpi=300, optimize_images=True, cache={})
        if len(drawn.pages) != 1:
            raise PaperRefused(_("The background does not fit on one page."))
        return Art(drawn.write_pdf(dpi=300, optimize_images=True))

    def _style(self, css: str) -> CSS:
        return _kept(
            self._styles,
            css,
            lambda: CSS(string=ALWAYS + css, base_url=BASE_URL, url_fetcher=self._fetcher, font_config=self._fonts),
        )

    def _html(self, page: str) -> HTML:
        return HTML(string=page, base_url=BASE_URL, url_fetcher=self._fetcher)

    @contextmanager
    def _strict(self) -> Iterator[None]:
        """Turn what WeasyPrint only logs into a refusal, at the end of the block: some complaints come while drawing."""
        complaints = _Complaints()
        self._fetcher.refused.clear()
        LOGGER.addHandler(complaints)
        try:
            yield
        except FatalURLFetchingError as error:
            # Not an Exception in WeasyPrint, so that nothing in between catches it; here it becomes one.
            raise PaperRefused(_("A picture could not be loaded: %(reason)s") % {"reason": self._fetcher.refused or error}) from error
        finally:
            LOGGER.removeHandler(complaints)
        if self._fetcher.refused:
            raise PaperRefused(_("A picture could not be loaded: %(reason)s") % {"reason": "; ".join(self._fetcher.refused)})
        if complaints.sentences:
            raise PaperRefused(_in_plain_words(complaints.sentences))


def _attached(attachment: Attachment) -> WeasyAttachment:
    made = dt.datetime.combine(attachment.made_on, dt.time())
    return WeasyAttachment(string=attachment.content, name=attachment.name, relationship="Data", created=made, modified=made)


def _in_plain_words(complaints: Sequence[str]) -> str:
    missing = [sentence for sentence in complaints if sentence.startswith(".notdef glyph")]
    if missing:
        letters = ", ".join(dict.fromkeys(_letter(sentence) for sentence in missing))
        return _("No installed font can draw: %(letters)s. Fonts of other scripts come with the package fonts-noto-core.") % {
            "letters": letters
        }
    return "; ".join(dict.fromkeys(complaints))


def _letter(sentence: str) -> str:
    """The letter that a complaint about a missing glyph names between quotation marks, and its number in Unicode."""
    return sentence.split('"', 1)[-1].replace('" (', " (")


def _kept(store: dict[Key, Kept], key: Key, make: Callable[[], Kept]) -> Kept:
    """The value of ``key``, made at the first call; the oldest goes when there are too many."""
    if key not in store:
        made = make()
        while len(store) >= KEPT_SHEETS:
            del store[next(iter(store))]
        store[key] = made
    return store[key]


def _decorate(document: Document, pdf: pydyf.PDF, *, art: Art | None, marks: dict[int, bytes]) -> None:
    """Put art and marks under the text of each page, as artifacts, and set the file right where WeasyPrint does not."""
    reference = art.add_to(pdf) if art else None
    references = pdf.pages["Kids"][::3]
    for number, page_number in enumerate(references):
        page = pdf.objects[int(page_number)]
        contents = pdf.objects[int(page["Contents"].split()[0])]
        under = []
        if reference:
            resources = pdf.objects[int(page["Resources"].split()[0])]
            resources["XObject"]["Art"] = reference
            under += [b"/Artifact BMC q /Art Do Q EMC"]
        if number in marks:
            under += [b"/Artifact BMC q", marks[number], b"Q EMC"]
        contents.stream[:0] = under
    if "AF" in pdf.catalog:
        # WeasyPrint names each attached file twice there.
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for place, item in enumerate(pdf.objects):
        if isinstance(item, pydyf.Stream) and item.compress:
            # WeasyPrint asks twice for the bytes of each object, once for the file's identifier; squeeze them once.
            pdf.objects[place] = Finished(item)
