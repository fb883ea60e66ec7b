"""The certificate of participation, drawn from a certificate's snapshot. Knows no model."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from knowledge_hub.papers import Paper, PaperRefused, Sheet, renderer
from knowledge_hub.papers.names import clean_name, fitted_size
from knowledge_hub.papers.paper import A4_LANDSCAPE
from knowledge_hub.papers.qr import qr_marks
from visits.documents import certificate_art

TEMPLATE = "visits/documents/certificate.html"
STYLE = "visits/documents/certificate.css"
TEXT_WIDTH = 221 * 72 / 25.4
NAME = {"largest": 38, "smallest": 20, "two_lines": 22}
NAME_HEIGHT = 18.4  # millimetres from the line above to the gold rule
QR = {"x": 39.0, "y": 157.8, "size": 23.0}
LONGEST_LINE = 220


def _source(name: str) -> str:
    return Path(get_template(name).origin.name).read_text(encoding="utf-8")


def _version() -> str:
    """Changes whenever the template, its style or its art does: which certificate looks like what is kept with each."""
    parts = (_source(TEMPLATE), _source(STYLE), certificate_art.background())
    return "certificate-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


TEMPLATE_VERSION = _version()


@dataclass(frozen=True)
class CertificateContent:
    """Everything that one certificate says. ``_id`` and ``_en`` are Indonesian and English; dates are the venue's."""

    number: str
    name: str
    organisation: str
    programme_id: str
    programme_en: str
    visit_date: dt.date
    issued_on: dt.date
    verify_url: str
    position: str = ""
    region: str = ""
    venue_id: str = ""
    venue_en: str = ""
    topics_id: Sequence[str] = ()
    topics_en: Sequence[str] = ()
    issuer: str = "Pemerintah Kota Binjai"
    place: str = "Binjai"
    signatory_name: str = ""
    signatory_position: str = ""

    @classmethod
    def from_snapshot(cls, snapshot: Mapping, *, verify_url: str) -> "CertificateContent":
        """Content from a certificate's snapshot, whose keys are these fields with ISO dates; other keys are left alone.

        Raises:
            PaperRefused: a field is missing or a date is none.
        """
        known = {name: snapshot[name] for name in cls.__dataclass_fields__ if name in snapshot}
        try:
            dates = {name: dt.date.fromisoformat(known[name]) for name in ("visit_date", "issued_on")}
            return cls(**{**known, **dates, "verify_url": verify_url})
        except (KeyError, TypeError, ValueError) as error:
            raise PaperRefused(gettext("The certificate's record is incomplete: %(reason)s") % {"reason": error}) from error


def render_certificates(contents: Sequence[CertificateContent]) -> Iterator[bytes]:
    """The PDFs of the certificates, in order; the bytes of each do not depend on its neighbours.

    Raises:
        PaperRefused: when the certificate that cannot be drawn is reached; none after it is given.
    """
    for drawn in render_each(contents):
        if isinstance(drawn, PaperRefused):
            raise drawn
        yield drawn


def render_each(contents: Sequence[CertificateContent]) -> Iterator[bytes | PaperRefused]:
    """The PDF of each certificate in order, or why it cannot be drawn, while the others go on."""
    papers = [_paper_or_refusal(content) for content in contents]
    drawn = renderer().draw_each([paper for paper in papers if isinstance(paper, Paper)], sheet())
    for paper in papers:
        yield paper if isinstance(paper, PaperRefused) else next(drawn)


def print_file(contents: Sequence[CertificateContent]) -> bytes:
    """All certificates of a delegation in one PDF for the printer.

    Raises:
        PaperRefused: one of them cannot be drawn.
    """
    return renderer().draw_together([paper_of(content) for content in contents], sheet())


@cache
def sheet() -> Sheet:
    """Style and art that all certificates share."""
    return Sheet(css=_source(STYLE), size=A4_LANDSCAPE, background=certificate_art.background(), one_page=True)


def paper_of(content: CertificateContent) -> Paper:
    """One certificate as the renderer wants it.

    Raises:
        PaperRefused: the name cannot stand on a paper.
    """
    name = clean_name(content.name)
    content = replace(content, position=_line(content.position), organisation=_line(content.organisation))
    organisation = content.organisation
    if content.region and content.region.casefold() not in organisation.casefold():
        organisation = f"{organisation}, {content.region}"
    when = [_when(content, "id", content.venue_id), _when(content, "en", content.venue_en or content.venue_id)]
    name_size = fitted_size(name, "serif-bold", width=TEXT_WIDTH, **NAME)
    lines = 1 if name_size >= NAME["smallest"] else 2
    fixed = words()
    heading = fixed["heading"][0]
    context = {
        "c": content,
        "name": name,
        # The last line of a name stands close to the gold rule, whatever its size.
        "name_drop": f"{max(0, NAME_HEIGHT - lines * name_size * 1.02 / 72 * 25.4):.2f}",
        "organisation": organisation,
        "issuer": content.issuer.upper(),
        "heading": heading.upper(),
        "words": fixed,
        "when": when,
        "issued": _date(content.issued_on, "id"),
        "topics": " · ".join(content.topics_id),
        "sizes": {
            "name": f"{name_size:g}",
            "position": _size(content.position, "serif", largest=14.5, smallest=6.5, two_lines=6.5),
            "organisation": _size(organisation, "serif-bold", largest=15.5, smallest=6.5, two_lines=6.5),
            "programme": _size(content.programme_id, "serif-bold", largest=19, smallest=7, two_lines=7),
            "programme_en": _size(content.programme_en, "serif-italic", largest=14.5, smallest=7, two_lines=7),
            "when": _size(max(when, key=len), "serif", largest=13, smallest=6, two_lines=6),
        },
    }
    return Paper(
        body=get_template(TEMPLATE).render(context),
        title=f"{heading} {content.number}",
        language="id",
        author=content.issuer,
        subject=f"{heading}: {name}, {content.programme_id}",
        created=content.issued_on,
        marks={0: qr_marks(content.verify_url, page_height=certificate_art.HEIGHT, colour=(0.17, 0.09, 0.09), **QR)},
    )


def words() -> dict[str, tuple[str, str]]:
    """The fixed words of the paper, Indonesian and English."""
    spoken = []
    for language in ("id", "en"):
        with override(language):
            spoken.append(
                {
                    "heading": gettext("Certificate of Participation"),
                    "number": gettext("Number"),
                    "given": gettext("presented to"),
                    "deed": gettext("for taking part in"),
                    "check": gettext("Scan the code or open the address to check that this certificate is genuine."),
                    "electronic": gettext("Issued electronically; it is genuine if the address beside the code says so."),
                }
            )
    return {key: (spoken[0][key], spoken[1][key]) for key in spoken[0]}


def _paper_or_refusal(content: CertificateContent) -> Paper | PaperRefused:
    try:
        return paper_of(content)
    except PaperRefused as refusal:
        return refusal


def _line(text: str) -> str:
    return clean_name(text[:LONGEST_LINE], longest=LONGEST_LINE) if text.strip() else ""


def _size(text: str, face: str, **limits: float) -> str:
    size = fitted_size(text, face, width=TEXT_WIDTH, **limits) if text else limits["largest"]
    return f"{size:g}"


def _date(day: dt.date, language: str) -> str:
    with override(language):
        return date_format(day, "j F Y")


def _when(content: CertificateContent, language: str, venue: str) -> str:
    with override(language):
        day = date_format(content.visit_date, "l, j F Y")
    return f"{day}, {venue}" if venue else day
