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
from knowledge_hub.papers.names import clean_name
from knowledge_hub.papers.paper import BASE_URL, Attachment
from knowledge_hub.papers.qr import qr_marks
from knowledge_hub.papers.room import Line, fitted
from visits.documents import pictures
from visits.documents.certificate_designs import DESIGNS, Design, sheet_of

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
    return {name: fitted(texts[name], room) for name, room in design.lines.items() if texts[name]}


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
    return get_template(design.html).render(
        {
            "words": design.spoken(),
            "line": lines,
            "shared": shared_lines_of(content, design),
            "address": address,
            "signature": pictures.data_url(content.signature) if content.signature else "",
            "logos": [pictures.data_url(name) for name in content.logos],
        }
    )


def shared_lines_of(content: CertificateContent, design: Design) -> dict[str, Line]:
    """The texts that are the same for a delegation, with fitted font sizes; empty ones are left out.

    Raises:
        PaperRefused: one is too long for its place.
    """
    words = design.spoken()
    own = {key: (getattr(content, f"{key}_id"), getattr(content, f"{key}_en")) for key in ("heading", "deed", "closing")}
    words |= {key: (indonesian, english or indonesian) for key, (indonesian, english) in own.items() if indonesian}
    venue = {"id": content.venue_id, "en": content.venue_en or content.venue_id}
    beside = {"id": "", "en": ""} if "venue" in words else venue
    signed = bool(content.signatory_name)
    texts = {
        **{key: both[0] for key, both in words.items()},
        **{f"{key}_en": both[1] for key, both in words.items()},
        "heading": words["heading"][0].upper(),
        "issuer": content.issuer.upper(),
        "seat": content.issuer_address,
        "programme": content.programme_id,
        "programme_en": content.programme_en if content.programme_en != content.programme_id else "",
        "when": ", ".join(filter(None, (_day(content.visit_date, "id"), beside["id"]))),
        "when_en": ", ".join(filter(None, (_day(content.visit_date, "en"), beside["en"]))),
        "venue": venue["id"],
        "topics": " · ".join(content.topics_id),
        "dated": f"{content.place}, {_date(content.issued_on, 'id')}",
        "office": content.signatory_position if signed else content.issuer,
        "signatory": content.signatory_name,
        "rank": content.signatory_rank if signed else "",
    }
    if "deed_en" not in design.shared_lines:
        texts["deed"] = " · ".join(words["deed"])
    return {name: fitted(texts[name], room) for name, room in design.shared_lines.items() if texts[name]}


def too_long(example: Mapping, values: Mapping[str, str]) -> dict[str, str]:
    """Which texts of a template have no room on its design, and the sentence that says so, by field.

    Args:
        example: a snapshot; each text is tried on it alone.
        values: the texts of the template, with its design.
    """
    found = {}
    for name, text in values.items():
        tried = {**example, "design": values["design"], "signatory_name": "-", name: text}
        content = CertificateContent.from_snapshot(tried, verify_url="")
        try:
            shared_lines_of(content, _design(content))
        except PaperRefused as refusal:
            found[name] = str(refusal)
    return found


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


def _clean(text: str) -> str:
    return clean_name(text, longest=LONGEST_LINE) if text.strip() else ""


def _date(day: dt.date, language: str) -> str:
    with override(language):
        return date_format(day, "j F Y")


def _day(day: dt.date, language: str) -> str:
    with override(language):
        return date_format(day, "l, j F Y")
