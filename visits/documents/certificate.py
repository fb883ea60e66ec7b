"""Certificates of delegates and speakers as PDF, from their snapshots. One layout for a delegation is filled for each person."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge_hub.papers import FillablePage, Paper, PaperRefused, Slot, SlotValues, renderer
from knowledge_hub.papers.names import clean_name, fitted
from knowledge_hub.papers.paper import BASE_URL, Attachment
from knowledge_hub.papers.qr import qr_marks
from visits.documents import pictures
from visits.documents.certificate_designs import DESIGNS, Design, LineSpec, sheet_of

POINTS_PER_MM = 72 / 25.4
LONGEST_LINE = 320
CREDENTIAL_NAME = "credential.json"
CREDENTIAL_DESCRIPTION = "Data sertifikat untuk mesin (Open Badges 3.0)"


@dataclass(frozen=True)
class CertificateContent:
    """The content of one certificate. ``_id`` and ``_en`` are Indonesian and English; dates are in the venue's time zone.

    Attributes:
        design: a key of :data:`visits.documents.certificate_designs.DESIGNS`.
        heading_id, heading_en, deed_id, deed_en, closing_id, closing_en: texts of staff that replace those of the design;
            empty to use the design's texts.
        signature, logos: names of pictures in the storage of :mod:`visits.documents.pictures`.
        credential: the machine-readable credential attached to the file, or empty.
    """

    number: str
    name: str
    organisation: str
    programme_id: str
    programme_en: str
    visit_date: dt.date
    issued_on: dt.date
    verify_url: str
    design: str = "participant"
    position: str = ""
    region: str = ""
    venue_id: str = ""
    venue_en: str = ""
    topics_id: tuple[str, ...] = ()
    topics_en: tuple[str, ...] = ()
    issuer: str = "Pemerintah Kota Binjai"
    issuer_address: str = ""
    place: str = "Binjai"
    signatory_name: str = ""
    signatory_position: str = ""
    signatory_rank: str = ""
    heading_id: str = ""
    heading_en: str = ""
    deed_id: str = ""
    deed_en: str = ""
    closing_id: str = ""
    closing_en: str = ""
    signature: str = ""
    logos: tuple[str, ...] = ()
    credential: bytes = b""

    @classmethod
    def from_snapshot(cls, snapshot: Mapping, *, verify_url: str, credential: bytes = b"") -> "CertificateContent":
        """Content from a certificate's snapshot, whose keys are these fields, with ISO dates; other keys are ignored.

        Raises:
            PaperRefused: a field is missing or a date is invalid.
        """
        known = {field.name: snapshot[field.name] for field in fields(cls) if field.name in snapshot}
        try:
            dates = {name: dt.date.fromisoformat(known[name]) for name in ("visit_date", "issued_on")}
            lists = {name: tuple(known[name]) for name in ("topics_id", "topics_en", "logos") if name in known}
            return cls(**{**known, **dates, **lists, "verify_url": verify_url, "credential": credential})
        except (KeyError, TypeError, ValueError) as error:
            raise PaperRefused(_("The certificate's record is incomplete: %(reason)s") % {"reason": error}) from error


@dataclass(frozen=True)
class Line:
    """A text with its font size in points and the number of lines it takes."""

    text: str
    size: float
    rows: int = 1

    @property
    def style(self) -> str:
        """The value of the style attribute."""
        return f"font-size:{self.size:g}pt"

    @property
    def kind(self) -> str:
        """The value of the class attribute."""
        return "two" if self.rows == 2 else "one"


def render_certificates(contents: Sequence[CertificateContent]) -> Iterator[bytes]:
    """Yield the PDFs of the certificates in order; the bytes of each do not depend on the others.

    Raises:
        PaperRefused: a certificate cannot be drawn; none after it is yielded.
    """
    for drawn in render_each(contents):
        if isinstance(drawn, PaperRefused):
            raise drawn
        yield drawn


def render_each(contents: Sequence[CertificateContent]) -> Iterator[bytes | PaperRefused]:
    """Yield for each certificate in order its PDF, or the reason why it cannot be drawn."""
    for content in contents:
        try:
            yield _render(content)
        except PaperRefused as refusal:
            yield refusal


def draw_alone(content: CertificateContent) -> bytes:
    """One certificate with a full layout. It looks the same as a filled one, and for a single paper takes half the time.

    Raises:
        PaperRefused: it cannot be drawn.
    """
    [drawn] = renderer().draw_each([paper_of(content)], sheet_of(_design(content)))
    if isinstance(drawn, PaperRefused):
        raise drawn
    return drawn


def paper_of(content: CertificateContent) -> Paper:
    """One certificate as a paper for a full layout.

    Raises:
        PaperRefused: a text cannot be printed.
    """
    design = _design(content)
    return Paper(
        body=_body(content, design, lines_of(content, design), content.verify_url),
        language="id",
        author=content.issuer,
        marks={0: _code(content, design)},
        attachment=_attachment(content),
        **_metadata(content, design),
    )


def lines_of(content: CertificateContent, design: Design) -> dict[str, Line]:
    """The lines that differ between delegates, with fitted font sizes.

    Raises:
        PaperRefused: one is too long or contains an unprintable character.
    """
    number = design.spoken()["number"]
    organisation = _clean(content.organisation)
    if content.region and content.region.casefold() not in organisation.casefold():
        organisation = f"{organisation}, {_clean(content.region)}"
    texts = {
        "number": f"{number[0]} / {number[1]}: {content.number}",
        "name": clean_name(content.name),
        "position": _clean(content.position),
        "organisation": organisation,
        "link": content.verify_url,
    }
    return {name: _fit(texts[name], spec) for name, spec in design.lines.items() if texts[name]}


def _render(content: CertificateContent) -> bytes:
    design = _design(content)
    lines = lines_of(content, design)
    if all(line.rows == 1 for line in lines.values()):
        shared = replace(
            content, number="", name="", position=content.position and "x", organisation="", region="", verify_url="", credential=b""
        )
        values = SlotValues(
            lines={name: (line.text, line.size) for name, line in lines.items()},
            links={"link": content.verify_url},
            marks=_code(content, design),
            attachment=_attachment(content),
            **_metadata(content, design),
        )
        filled = renderer().fill(_page_of(shared, has_credential=bool(content.credential)), values)
        if filled is not None:
            return filled
    return draw_alone(content)


@lru_cache(maxsize=8)
def _page_of(shared: CertificateContent, *, has_credential: bool) -> FillablePage:
    """The page that the certificates of a delegation share, with slots for the lines that differ."""
    design = _design(shared)
    names = [name for name in design.lines if name != "position" or shared.position]
    slots = {name: Slot(number, design.lines[name].face, centred=design.lines[name].centred) for number, name in enumerate(names)}
    lines = {name: Line(slots[name].marker, design.lines[name].largest) for name in names}
    example = replace(shared, credential=b"{}" if has_credential else b"")
    paper = Paper(
        body=_body(shared, design, lines, BASE_URL + slots["link"].marker),
        title="-",
        language="id",
        author=shared.issuer,
        created=shared.issued_on,
        attachment=_attachment(example),
    )
    return FillablePage(paper=paper, sheet=sheet_of(design), slots=slots)


def _body(content: CertificateContent, design: Design, lines: Mapping[str, Line], address: str) -> str:
    """The HTML of one certificate around its ``lines``."""
    words = design.spoken()
    for key in ("heading", "deed", "closing"):
        own = (getattr(content, f"{key}_id"), getattr(content, f"{key}_en"))
        if own[0]:
            words[key] = (own[0], own[1] or own[0])
    when = {language: _day(content.visit_date, language) for language in ("id", "en")}
    venue = {"id": content.venue_id, "en": content.venue_en or content.venue_id}
    texts = {
        "programme": content.programme_id,
        "programme_en": content.programme_en if content.programme_en != content.programme_id else "",
        "when": when["id"] if "venue" in words else ", ".join(filter(None, (when["id"], venue["id"]))),
        "when_en": when["en"] if "venue" in words else ", ".join(filter(None, (when["en"], venue["en"]))),
        "venue": venue["id"],
    }
    return get_template(design.html).render(
        {
            "c": content,
            "words": words,
            "heading": words["heading"][0].upper(),
            "issuer": content.issuer.upper(),
            "line": lines,
            "shared": {name: _fit(texts[name], spec) for name, spec in design.shared_lines.items() if texts[name]},
            "address": address,
            "issued": _date(content.issued_on, "id"),
            "topics": " · ".join(content.topics_id),
            "signature": pictures.data_url(content.signature) if content.signature else "",
            "logos": [pictures.data_url(name) for name in content.logos],
        }
    )


def _design(content: CertificateContent) -> Design:
    try:
        return DESIGNS[content.design]
    except KeyError as error:
        raise PaperRefused(_("This design does not exist: %(design)s") % {"design": content.design}) from error


def _metadata(content: CertificateContent, design: Design) -> dict:
    heading = content.heading_id or design.spoken()["heading"][0]
    return {
        "title": f"{heading} {content.number}",
        "subject": f"{heading}: {clean_name(content.name)}, {content.programme_id}",
        "created": content.issued_on,
    }


def _attachment(content: CertificateContent) -> Attachment | None:
    if not content.credential:
        return None
    return Attachment(CREDENTIAL_NAME, content.credential, content.issued_on, CREDENTIAL_DESCRIPTION)


def _code(content: CertificateContent, design: Design) -> bytes:
    return qr_marks(content.verify_url, page_height=design.size[1], colour=design.qr_colour, **design.qr)


def _fit(text: str, spec: LineSpec) -> Line:
    """The text in the largest font size that fits.

    Raises:
        PaperRefused: it is too long even for two lines of the smallest size.
    """
    limits = {"largest": spec.largest, "smallest": spec.smallest, "two_lines": spec.two_lines}
    size, rows = fitted(text, spec.face, width=spec.width * POINTS_PER_MM, **limits)
    if rows == 2 and size < spec.least:
        raise PaperRefused(_("This text is too long for its place on the paper: %(text)s") % {"text": text})
    return Line(text, size, rows)


def _clean(text: str) -> str:
    return clean_name(text, longest=LONGEST_LINE) if text.strip() else ""


def _date(day: dt.date, language: str) -> str:
    with override(language):
        return date_format(day, "j F Y")


def _day(day: dt.date, language: str) -> str:
    with override(language):
        return date_format(day, "l, j F Y")
