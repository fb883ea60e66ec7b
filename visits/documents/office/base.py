"""What all office papers share: the sheet, the letterhead, dates in words."""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from django.core.files.storage import storages
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image

from knowledge_hub.core import keys
from knowledge_hub.core.personal_fields import personal
from knowledge_hub.papers import Paper, PaperRefused, Sheet
from knowledge_hub.papers.names import without_controls
from visits.documents.declaration import WORKING_ON_VISITS, EnteredValue, PaperDeclaration
from visits.domain.calendar_days import day_of, session_times
from visits.domain.place import place_of
from visits.domain.replies import LANGUAGE
from visits.models import OfficePaper, OfficeSettings, Visit
from visits.queries.dossier import Dossier

FOLDER = "visits/documents/office"
OFFICIAL = personal("visits.HostOfficial", "name", "position", "rank")
"""What stands under a signature."""

OFFICIAL_WITH_NIP = (*OFFICIAL, *personal("visits.HostOfficial", "nip"))
"""What stands under the signature of a letter or travel order."""

PICTURE_BYTES = 190_000
"""What the renderer takes as a picture written into the page."""


@dataclass(frozen=True, eq=False, kw_only=True)
class VisitPaper(PaperDeclaration):
    """A paper of a visit, which stands on the visit's list of papers.

    Attributes:
        missing: what must be there first, in sentences; required entered values are named by themselves.
        entered: values that staff enter for it.
        entered_by: any of these permissions for visits enters them.
        other_forms: the same for other programs, such as a file for a word processor.
        is_made_with_all: one press makes it with the other papers.
    """

    missing: Callable[[Dossier], list[str]] = lambda dossier: []
    entered: tuple[EnteredValue, ...] = ()
    entered_by: tuple[str, ...] = WORKING_ON_VISITS
    other_forms: tuple[PaperDeclaration, ...] = ()
    is_made_with_all: bool = True

    def values(self, visit: Visit) -> dict[str, str | dt.date | bool]:
        """What was entered, by name."""
        stored = visit.paper_values.get(self.key, {})
        return {value.name: value.read(stored.get(value.name)) for value in self.entered}

    def obstacles(self, dossier: Dossier) -> list[str]:
        """Why it cannot be made, in sentences; empty if it can."""
        values = self.values(dossier.visit)
        empty = [value.label for value in self.entered if value.required and not values[value.name]]
        return [*self.missing(dossier), *(_("“%(value)s” is not entered yet.") % {"value": label} for label in empty)]

    def check(self, dossier: Dossier) -> None:
        """Raise PaperRefused, which says why, unless it can be made."""
        if obstacles := self.obstacles(dossier):
            raise PaperRefused(" ".join(obstacles))

    def digest(self, dossier: Dossier) -> str:
        """Tells it apart from versions that say something else. Raises PaperRefused if it cannot be made."""
        raise NotImplementedError

    def expires_at(self, paper: OfficePaper, office: OfficeSettings) -> dt.datetime | None:
        """Until when guests may download it; None for papers that guests do not download."""
        return None


@dataclass(frozen=True, eq=False, kw_only=True)
class Kind(VisitPaper):
    """A paper of a visit that is drawn from a template, with the values of ``body`` and what was entered for it.

    Attributes:
        body: values for its template.
        in_guests_language: drawn in the language of the visit; else in Indonesian, as official papers are.
        in_pack: guests find it in their pack.
    """

    body: Callable[[Dossier], dict]
    one_page: bool = False
    in_guests_language: bool = False
    in_pack: bool = False

    def check(self, dossier: Dossier) -> None:
        """Raise PaperRefused unless it can be made; finds a name that cannot be printed, or a photo that is gone."""
        self.paper(dossier)

    def paper(self, dossier: Dossier) -> Paper:
        """The paper of a visit, to be drawn on :meth:`sheet`.

        Raises:
            PaperRefused: something is missing or was encrypted with another key; the text says what.
        """
        super().check(dossier)
        try:
            return self._composed(dossier)
        except keys.WrongKey as wrong:
            raise PaperRefused(str(wrong)) from wrong

    def _composed(self, dossier: Dossier) -> Paper:
        visit = dossier.visit
        language = visit.language if self.in_guests_language else LANGUAGE
        with override(language):
            when = day_of(visit)
            days = {"day": date_format(when, "l, j F Y"), "signed_on": date_format(when, "j F Y")} if when else {"day": ""}
            shared = {"d": dossier, "visit": visit, "title": str(self.title), "entered": self.values(visit), "place": place_of(visit)}
            return composed(
                self.key,
                {**shared, **days, **self.body(dossier)},
                dossier.office,
                title=f"{self.title} {visit.reference or ''}".strip(),
                language=language,
                subject=visit.organisation,
                created=when,
            )

    def sheet(self, office: OfficeSettings) -> Sheet:
        """The page that it is drawn on."""
        return sheet_of(self, office, one_page=self.one_page)

    def digest(self, dossier: Dossier) -> str:
        """Of its words and its look."""
        return digest_of(self.paper(dossier), self.sheet(dossier.office))


def composed(key: str, context: dict, office: OfficeSettings, **metadata) -> Paper:
    """A paper from its template, below the letterhead of the office; signs that turn text around or are no letters are left out.

    Raises:
        PaperRefused: the crest is gone or broken.
    """
    body = render_to_string(f"{FOLDER}/{key}.html", {"office": office, "crest": crest(office), **context})
    return Paper(body=without_controls(body), author=office.government, **metadata)


def sheet_of(paper: PaperDeclaration, office: OfficeSettings, *, one_page: bool = False) -> Sheet:
    """A page in the size that is declared, with the styles that all office papers share and its own."""
    width, height = size = paper.size_for(office)
    css = f"@page {{ size: {width}mm {height}mm }}\n{_style('base')}\n{_style(paper.key)}"
    return Sheet(css=css, size=size, one_page=one_page)


def digest_of(paper: Paper, sheet: Sheet) -> str:
    """Tells papers apart that would look different."""
    return hashlib.sha256("\0".join((paper.body, paper.title, paper.language, sheet.css)).encode()).hexdigest()


def times_of(dossier: Dossier) -> str:
    """Begin and end of the session: “09.00–11.30 WIB”; empty without a session."""
    if not dossier.visit.slot:
        return ""
    return session_times(dossier.visit.slot)


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
    """A style sheet; empty where a paper needs no more than the shared one."""
    try:
        found = get_template(f"{FOLDER}/{name}.css")
    except TemplateDoesNotExist:
        return ""
    return Path(found.origin.name).read_text(encoding="utf-8")
