"""What all office papers share: the sheet, the letterhead, dates in words."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from django.core.files.storage import storages
from django.template.loader import get_template, render_to_string
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image

from knowledge_hub.papers import Paper, PaperRefused, Sheet
from knowledge_hub.papers.names import without_controls
from knowledge_hub.papers.paper import A4_PORTRAIT, F4_PORTRAIT
from visits.domain.calendar_days import VENUE_ZONE, day_of
from visits.domain.replies import LANGUAGE
from visits.models import OfficeSettings
from visits.queries.dossier import Dossier

FOLDER = "visits/documents/office"
PICTURE_BYTES = 190_000
"""What the renderer takes as a picture written into the page."""


@dataclass(frozen=True)
class Kind:
    """One kind of office paper.

    Attributes:
        key: names it in addresses, templates and style sheets.
        body: writes its HTML.
        missing: what must be entered first, in sentences; nothing is drawn while something is missing.
        in_guests_language: drawn in the language of the visit; else in Indonesian, as official papers are.
    """

    key: str
    title: str | Promise
    explanation: str | Promise
    body: Callable[[Dossier], dict]
    missing: Callable[[Dossier], list[str]] = lambda dossier: []
    landscape: bool = False
    one_page: bool = False
    in_guests_language: bool = False

    def paper(self, dossier: Dossier) -> Paper:
        """The paper of a visit, to be drawn on :meth:`sheet`.

        Raises:
            PaperRefused: something is missing; the text says what.
        """
        if missing := self.missing(dossier):
            raise PaperRefused(" ".join(missing))
        language = dossier.visit.language if self.in_guests_language else LANGUAGE
        with override(language):
            when = day_of(dossier.visit)
            days = {"day": date_format(when, "l, j F Y"), "signed_on": date_format(when, "j F Y")} if when else {"day": ""}
            return composed(
                self.key,
                {"d": dossier, "visit": dossier.visit, "title": str(self.title), **days, **self.body(dossier)},
                dossier.office,
                title=f"{self.title} {dossier.visit.reference or ''}".strip(),
                language=language,
                subject=dossier.visit.organisation,
                created=when,
            )

    def sheet(self, office: OfficeSettings) -> Sheet:
        """The page that it is drawn on, in the size that the office uses."""
        return sheet_of(self.key, office, landscape=self.landscape, one_page=self.one_page)


def composed(key: str, context: dict, office: OfficeSettings, **metadata) -> Paper:
    """A paper from its template, below the letterhead of the office; signs that turn text around or are no letters are left out.

    Raises:
        PaperRefused: the crest is gone or broken.
    """
    body = render_to_string(f"{FOLDER}/{key}.html", {"office": office, "crest": crest(office), **context})
    return Paper(body=without_controls(body), author=office.government, **metadata)


def sheet_of(key: str, office: OfficeSettings, *, landscape: bool = False, one_page: bool = False) -> Sheet:
    """A page in the size that the office uses, with the styles that all office papers share and its own."""
    size = F4_PORTRAIT if office.paper_size == OfficeSettings.PaperSize.F4 else A4_PORTRAIT
    width, height = reversed(size) if landscape else size
    css = f"@page {{ size: {width}mm {height}mm }}\n{_style('base')}\n{_style(key)}"
    return Sheet(css=css, size=(width, height), one_page=one_page)


def digest_of(paper: Paper, sheet: Sheet) -> str:
    """Tells papers apart that would look different."""
    return hashlib.sha256("\0".join((paper.body, paper.title, paper.language, sheet.css)).encode()).hexdigest()


def times_of(dossier: Dossier) -> str:
    """Begin and end of the session: “09.00–11.30 WIB”; empty without a session."""
    if not dossier.visit.slot_id:
        return ""
    start, end = (moment.astimezone(VENUE_ZONE) for moment in (dossier.visit.slot.starts_at, dossier.visit.slot.ends_at))
    return f"{start:%H.%M}–{end:%H.%M} WIB"


def needs_day(dossier: Dossier) -> list[str]:
    """For papers that carry the day."""
    return [] if day_of(dossier.visit) else [_("The visit has no day yet.")]


def needs_delegates(dossier: Dossier) -> list[str]:
    """For papers that name the delegation."""
    return [*needs_day(dossier), *([] if dossier.delegates else [_("Nobody of the delegation is named yet.")])]


def lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def crest(office: OfficeSettings) -> str:
    """The crest of the letterhead as an address that holds it; empty without one.

    Raises:
        PaperRefused: its file is gone or broken.
    """
    picture = crest_picture(office)
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}" if picture else ""


def crest_picture(office: OfficeSettings) -> bytes:
    """The crest as PNG, as large as print needs; empty without one.

    Raises:
        PaperRefused: its file is gone or broken.
    """
    if office.crest is None:
        return b""
    try:
        with office.crest.file.storage.open(office.crest.file.name) as file:
            return _as_png(file.read())
    except OSError as error:
        raise PaperRefused(_("The crest of the letterhead cannot be read. Choose it again in the settings.")) from error


@lru_cache(maxsize=4)
def _as_png(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as picture:
        small = picture.convert("RGBA")
    small.thumbnail((260, 260))
    written = BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()


@lru_cache(maxsize=64)
def photo_url(name: str) -> str:
    """A kept photo, as large as half a page needs, as an address that holds it. Photos never change under their name.

    Raises:
        PaperRefused: the file is gone.
    """
    try:
        with storages["private"].open(name) as file, Image.open(file) as picture:
            small = picture.convert("RGB")
    except OSError as error:
        raise PaperRefused(_("A photo of this visit is missing: %(name)s") % {"name": name}) from error
    for side, quality in ((1000, 80), (800, 70), (600, 60)):
        small.thumbnail((side, side))
        written = BytesIO()
        small.save(written, "JPEG", quality=quality)
        if written.tell() < PICTURE_BYTES:
            break
    return f"data:image/jpeg;base64,{base64.b64encode(written.getvalue()).decode()}"


@cache
def _style(name: str) -> str:
    return Path(get_template(f"{FOLDER}/{name}.css").origin.name).read_text(encoding="utf-8")
