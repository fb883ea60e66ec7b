"""Draws papers with WeasyPrint. Get the renderer of the process from :func:`knowledge_hub.papers.renderer`."""

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

from knowledge_hub.papers.errors import PaperRefused
from knowledge_hub.papers.fetcher import AssetFetcher
from knowledge_hub.papers.fillable_page import LaidOutPage
from knowledge_hub.papers.fonts import own_fonts
from knowledge_hub.papers.form_xobject import FormXObject, FrozenStream
from knowledge_hub.papers.metadata import PaperMetadata
from knowledge_hub.papers.paper import BASE_URL, Attachment, FillablePage, Paper, Sheet, SlotValues

Key = TypeVar("Key")
Kept = TypeVar("Kept")

VARIANT = "pdf/a-3a"
# A name of our own for sRGB: for its own name WeasyPrint opens the profile for each paper and does not close it.
INTENT = "paper-srgb"
# Papers laid out together. Larger chunks are hardly faster and need more memory.
CHUNK = 30
MAX_CACHED = 8

# Interpolated images are forbidden in PDF/A (ISO 19005-3, 6.2.8).
ALWAYS = "img { image-rendering: crisp-edges }"


class _WarningCollector(logging.Handler):
    """Collects the warnings that WeasyPrint logs in this thread; a paper with warnings is refused."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = threading.get_ident()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.messages.append(record.getMessage())


class _ScreenColours(ColorProfile):
    """The sRGB profile of WeasyPrint with the bytes of its file; Pillow writes other bytes each time."""

    def __init__(self) -> None:
        raw = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
        super().__init__(BytesIO(raw), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))
        self._raw = raw

    @property
    def content(self) -> bytes:
        return self._raw


class Renderer:
    """Draws papers with fonts, style sheets and backgrounds that are loaded once per process.

    Thread-safe: one thread draws at a time, because Pango is not known to be thread-safe.
    """

    def __init__(self, asset_roots: Sequence[Path] | None = None):
        with own_fonts():
            self._fonts = FontConfiguration()
        self._colours = _ScreenColours()
        self._fetcher = AssetFetcher([settings.BASE_DIR / "static" / "img"] if asset_roots is None else asset_roots)
        self._styles: dict[str, CSS] = {}
        self._backgrounds: dict[tuple[str, str], FormXObject] = {}
        self._laid_out_pages: dict[tuple[str, ...], LaidOutPage] = {}
        self._lock = threading.RLock()

    def draw(self, paper: Paper, sheet: Sheet) -> bytes:
        """One paper as tagged PDF/A-3a and PDF/UA-1, always with the same bytes.

        Raises:
            PaperRefused: a glyph, a picture or a CSS rule is missing or wrong.
        """
        with self._lock, self._refuse_warnings():
            document = self._lay_out([paper], sheet)
            if sheet.one_page and len(document.pages) != 1:
                raise PaperRefused(_("The text does not fit on one page."))
            return self._write(document, paper, sheet, paper.marks)

    def fill(self, page: FillablePage, values: SlotValues) -> bytes | None:
        """A filled page as tagged PDF/A-3a and PDF/UA-1, always with the same bytes. The first call lays out the page.

        Returns:
            The PDF; None if a line has letters that the page cannot show, so that the caller must draw the paper in full.

        Raises:
            PaperRefused: the page itself cannot be drawn.
        """
        with self._lock:
            laid_out = _get_or_make(self._laid_out_pages, page.key, lambda: LaidOutPage(page, partial(self._draw_page, sheet=page.sheet)))
            return laid_out.fill(values)

    def draw_each(self, papers: Iterable[Paper], sheet: Sheet) -> Iterator[bytes | PaperRefused]:
        """Draw many papers of one page each.

        Yields:
            For each paper in order, its PDF with the same bytes as from :meth:`draw`, or the reason why it was refused.
        """
        papers = iter(papers)
        while chunk := list(islice(papers, CHUNK)):
            with self._lock:
                yield from self._draw_chunk(chunk, sheet)

    def _draw_page(self, papers: Sequence[Paper], *, sheet: Sheet) -> bytes:
        with self._refuse_warnings():
            return self._write(self._lay_out(papers, sheet), papers[0], sheet, papers[0].marks)

    def _draw_chunk(self, papers: list[Paper], sheet: Sheet) -> list[bytes | PaperRefused]:
        try:
            with self._refuse_warnings():
                document = self._one_page_each(papers, sheet)
        except PaperRefused as refusal:
            if len(papers) == 1:
                return [refusal]
            # Lay out each paper alone to find the one that was refused.
            return [drawn for paper in papers for drawn in self._draw_chunk([paper], sheet)]
        return [self._write_page(document, page, paper, sheet) for page, paper in zip(document.pages, papers, strict=True)]

    def _write_page(self, document: Document, page: Page, paper: Paper, sheet: Sheet) -> bytes | PaperRefused:
        try:
            with self._refuse_warnings():
                return self._write(document.copy([page]), paper, sheet, paper.marks)
        except PaperRefused as refusal:
            return refusal

    def _one_page_each(self, papers: Sequence[Paper], sheet: Sheet) -> Document:
        document = self._lay_out(papers, sheet)
        if len(document.pages) != len(papers):
            raise PaperRefused(_("The text does not fit on one page."))
        return document

    def _lay_out(self, papers: Sequence[Paper], sheet: Sheet) -> Document:
        # Each body has its own language, so that it is drawn as if it were alone.
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
            # Writing consumes attachments.
            document.metadata.attachments = [_attached(paper.attachment)]
        return document.write_pdf(
            pdf_variant=VARIANT, output_intent=INTENT, finisher=partial(_decorate, background=self._background_of(sheet), marks=marks)
        )

    def _background_of(self, sheet: Sheet) -> FormXObject | None:
        if not sheet.background:
            return None
        return _get_or_make(self._backgrounds, (sheet.background, str(sheet.size)), lambda: self._draw_background(sheet))

    def _draw_background(self, sheet: Sheet) -> FormXObject:
        width, height = sheet.size
        css = CSS(string=f"@page {{ size: {width}mm {height}mm; margin: 0 }} html, body {{ margin: 0 }} svg {{ display: block }}" + ALWAYS)
        drawn = self._html(sheet.background).render(self._fonts, stylesheets=[css], dpi=300, optimize_images=True, cache={})
        if len(drawn.pages) != 1:
            raise PaperRefused(_("The background does not fit on one page."))
        return FormXObject(drawn.write_pdf(dpi=300, optimize_images=True))

    def _style(self, css: str) -> CSS:
        return _get_or_make(
            self._styles,
            css,
            lambda: CSS(string=ALWAYS + css, base_url=BASE_URL, url_fetcher=self._fetcher, font_config=self._fonts),
        )

    def _html(self, page: str) -> HTML:
        return HTML(string=page, base_url=BASE_URL, url_fetcher=self._fetcher)

    @contextmanager
    def _refuse_warnings(self) -> Iterator[None]:
        """Raise PaperRefused at the end of the block if WeasyPrint logged a warning in it."""
        warnings = _WarningCollector()
        self._fetcher.refused.clear()
        LOGGER.addHandler(warnings)
        try:
            yield
        except FatalURLFetchingError as error:
            # WeasyPrint derives it from BaseException, so that its own code does not catch it.
            raise PaperRefused(_("A picture could not be loaded: %(reason)s") % {"reason": self._fetcher.refused or error}) from error
        finally:
            LOGGER.removeHandler(warnings)
        if self._fetcher.refused:
            raise PaperRefused(_("A picture could not be loaded: %(reason)s") % {"reason": "; ".join(self._fetcher.refused)})
        if warnings.messages:
            raise PaperRefused(_refusal_text(warnings.messages))


def _attached(attachment: Attachment) -> WeasyAttachment:
    made = dt.datetime.combine(attachment.made_on, dt.time())
    return WeasyAttachment(
        string=attachment.content,
        name=attachment.name,
        description=attachment.description or attachment.name,
        relationship="Data",
        created=made,
        modified=made,
    )


def _refusal_text(messages: Sequence[str]) -> str:
    missing = [sentence for sentence in messages if sentence.startswith(".notdef glyph")]
    if missing:
        letters = ", ".join(dict.fromkeys(_letter(sentence) for sentence in missing))
        return _("No installed font can draw: %(letters)s. Fonts of other scripts come with the package fonts-noto-core.") % {
            "letters": letters
        }
    return "; ".join(dict.fromkeys(messages))


def _letter(sentence: str) -> str:
    """The letter in quotation marks in a warning about a missing glyph, with its Unicode number."""
    return sentence.split('"', 1)[-1].replace('" (', " (")


def _get_or_make(store: dict[Key, Kept], key: Key, make: Callable[[], Kept]) -> Kept:
    """The cached value of ``key``, made if it is missing; the oldest value is removed when there are more than MAX_CACHED."""
    if key not in store:
        made = make()
        while len(store) >= MAX_CACHED:
            del store[next(iter(store))]
        store[key] = made
    return store[key]


def _decorate(document: Document, pdf: pydyf.PDF, *, background: FormXObject | None, marks: dict[int, bytes]) -> None:
    """Put background and marks under the text of each page, as artifacts, and correct what WeasyPrint writes wrong."""
    reference = background.add_to(pdf) if background else None
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
        # WeasyPrint lists each attached file twice.
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for number, item in enumerate(pdf.objects):
        if isinstance(item, pydyf.Stream) and item.compress:
            # WeasyPrint reads the bytes of each object twice, once for the file identifier; compress them once.
            pdf.objects[number] = FrozenStream(item)
