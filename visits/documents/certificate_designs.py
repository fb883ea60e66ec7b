"""The certificate designs that staff choose from: appearance, fixed texts, and position and size of the lines."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template.loader import get_template
from django.utils.translation import gettext, gettext_lazy, gettext_noop, override

from knowledge_hub.core.personal_fields import PersonalField, personal
from knowledge_hub.papers import Sheet
from knowledge_hub.papers.fonts import FACES, FONT_DIR
from knowledge_hub.papers.paper import A4_LANDSCAPE, A4_PORTRAIT
from knowledge_hub.papers.room import Room
from visits.documents import certificate_art
from visits.documents.declaration import EntryPage, PaperDeclaration
from visits.enums import CertificateDesign
from visits.permissions import CERTIFY

FOLDER = "visits/documents"


@dataclass(frozen=True, eq=False, kw_only=True)
class Design(PaperDeclaration):
    """One certificate design; the template of staff adds texts, signature and logos (``visits.CertificateTemplate``).

    Attributes:
        template: name of its HTML and CSS in templates/visits/documents, without extension.
        background: function that makes the HTML of its art.
        criteria: for what it is given, in English, for machines.
        words: its fixed texts as message ids, in the order of the paper.
        lines: the rooms of the lines that differ between delegates.
        shared_lines: the rooms of the texts that are the same for a delegation; every other word on the paper is a fixed one.
        qr: left, top and size of the QR code in millimetres.
    """

    made_by: tuple[str, ...] = (CERTIFY,)
    carries: tuple[PersonalField, ...] = (
        *personal("visits.Certificate", "snapshot", "credential"),
        *personal("visits.CertificateTemplate", "signatory_name", "signatory_position", "signatory_rank", "signature"),
    )
    entry: EntryPage = EntryPage(name="visits_staff:certificates", label=gettext_lazy("Certificates"), permissions=(CERTIFY,))
    opened_at: str = "visits_staff:certificate"
    template: str
    background: Callable[[], str]
    criteria: str
    words: Mapping[str, str]
    lines: Mapping[str, Room]
    shared_lines: Mapping[str, Room]
    qr: Mapping[str, float]
    qr_colour: tuple[float, float, float] = (0.17, 0.09, 0.09)

    @property
    def html(self) -> str:
        """Name of the HTML template."""
        return f"{FOLDER}/{self.template}.html"

    def spoken(self) -> dict[str, tuple[str, str]]:
        """The fixed texts in Indonesian and English, by key."""
        spoken = []
        for language in ("id", "en"):
            with override(language):
                spoken.append({key: gettext(words) for key, words in self.words.items()})
        return {key: (spoken[0][key], spoken[1][key]) for key in spoken[0]}


CHECK = gettext_noop("Scan the code or open the address to check that this certificate is genuine.")
ELECTRONIC = gettext_noop("Issued electronically; it is genuine if the address beside the code says so.")

_LANDSCAPE = 221
_SPEAKER = 205
_LETTER = 112
_WHOLE_LETTER = 164


def _foot(width: float, *, centred: bool) -> dict[str, Room]:
    """Place and day, and under the signature who signed, at the foot of a landscape page."""
    return {
        "dated": Room("serif", width, 4.7, 11.5, 8, 7, leading=1, centred=centred),
        "office": Room("serif", width, 7.8, 11.5, 9, 9.5, centred=centred),
        "signatory": Room("serif-bold", width, 6.6, 13, 9.5, 9, leading=1, centred=centred),
        "rank": Room("serif", width, 3.4, 9.5, 5.5, 5.5, rows=1, centred=centred),
    }


PARTICIPANT = Design(
    key="participant",
    title=CertificateDesign.PARTICIPANT.label,
    template="certificate",
    size=A4_LANDSCAPE,
    background=certificate_art.participant_background,
    criteria="Attendance recorded by the host on the day of the visit.",
    words={
        "heading": gettext_noop("Certificate of Participation"),
        "number": gettext_noop("Number"),
        "given": gettext_noop("presented to"),
        "deed": gettext_noop("for taking part in"),
        "check": CHECK,
        "electronic": ELECTRONIC,
    },
    lines={
        "number": Room("sans", _LANDSCAPE, 6.2, 8.4, 7, 7),
        "name": Room("serif-bold", _LANDSCAPE, 18.4, 38, 20, 22, leading=1.02, rows=3),
        "position": Room("serif", _LANDSCAPE, 5.8, 14.5, 8, 8, leading=1),
        "organisation": Room("serif-bold", _LANDSCAPE, 7.8, 15.5, 8, 9.5, rows=3),
        "link": Room("sans", 84, 6, 6.8, 4.5, 4.5, least=4, leading=1.2, centred=False),
    },
    shared_lines={
        "issuer": Room("serif-bold", 140, 5, 10.5, 7, 6.5, leading=1, spacing=0.22),
        "heading": Room("serif-bold", _LANDSCAPE, 14.4, 39, 20, 20, leading=1, spacing=0.16),
        "heading_en": Room("serif-italic", _LANDSCAPE, 7.2, 16, 10, 9),
        "deed": Room("serif", _LANDSCAPE, 5.6, 13.5, 8, 7.4),
        "programme": Room("serif-bold", _LANDSCAPE, 7.6, 19, 10, 10),
        "programme_en": Room("serif-italic", _LANDSCAPE, 6.8, 14.5, 8, 9),
        "when": Room("serif", _LANDSCAPE, 5.3, 13, 7, 7),
        "when_en": Room("serif-italic", _LANDSCAPE, 5.3, 13, 7, 7),
        "topics": Room("serif", _LANDSCAPE, 6.6, 12.5, 9, 9, leading=1),
        **_foot(92, centred=True),
    },
    qr={"x": 39.0, "y": 157.8, "size": 23.0},
)

SPEAKER = Design(
    key="speaker",
    title=CertificateDesign.SPEAKER.label,
    template="speaker_certificate",
    size=A4_LANDSCAPE,
    background=certificate_art.speaker_background,
    criteria="Spoke to the guests of the visit, as the host recorded.",
    words={
        "heading": gettext_noop("Certificate of Appreciation"),
        "number": gettext_noop("Number"),
        "given": gettext_noop("presented with gratitude to"),
        "deed": gettext_noop("as a speaker at"),
        "check": CHECK,
        "electronic": ELECTRONIC,
    },
    lines={
        "number": Room("sans", _SPEAKER, 8, 8.4, 7, 7, centred=False),
        "name": Room("serif-bold", _SPEAKER, 18.4, 36, 20, 21, leading=1.02, rows=3, centred=False),
        "position": Room("serif", _SPEAKER, 5.8, 14.5, 8, 8, leading=1, centred=False),
        "organisation": Room("serif-bold", _SPEAKER, 8.4, 15.5, 8, 9, rows=3, centred=False),
        "link": Room("sans", 84, 6, 6.8, 4.5, 4.5, least=4, leading=1.2, centred=False),
    },
    shared_lines={
        "issuer": Room("serif-bold", 130, 5, 10.5, 7, 6.5, leading=1, spacing=0.2, centred=False),
        "heading": Room("serif-bold", _SPEAKER, 14.4, 35, 20, 20, leading=1, spacing=0.06, centred=False),
        "heading_en": Room("serif-italic", _SPEAKER, 8, 17, 10, 10, centred=False),
        "deed": Room("serif", _SPEAKER, 6, 14, 8, 7.6, centred=False),
        "programme": Room("serif-bold", _SPEAKER, 7.8, 19, 10, 10, centred=False),
        "programme_en": Room("serif-italic", _SPEAKER, 6.8, 14.5, 8, 9, centred=False),
        "when": Room("serif", _SPEAKER, 5.4, 13, 7, 7, centred=False),
        "when_en": Room("serif-italic", _SPEAKER, 5.4, 13, 7, 7, centred=False),
        "topics": Room("serif", _SPEAKER, 6.6, 12.5, 9, 9, leading=1, centred=False),
        **_foot(82, centred=False),
    },
    qr={"x": 69.0, "y": 165.0, "size": 23.0},
    qr_colour=(0.05, 0.2, 0.15),
)

LETTER = Design(
    key="letter",
    title=CertificateDesign.LETTER.label,
    template="attendance_letter",
    size=A4_PORTRAIT,
    background=certificate_art.letter_background,
    criteria="Attendance recorded by the host on the day of the visit.",
    words={
        "heading": gettext_noop("Letter of Attendance"),
        "number": gettext_noop("Number"),
        "opening": gettext_noop("The undersigned certifies that:"),
        "name": gettext_noop("Name"),
        "position": gettext_noop("Position"),
        "organisation": gettext_noop("Organisation"),
        "deed": gettext_noop("was present at the following event of the Government of Kota Binjai:"),
        "programme": gettext_noop("Event"),
        "when": gettext_noop("Day and date"),
        "venue": gettext_noop("Place"),
        "closing": gettext_noop("This letter is issued to be used as required."),
        "check": CHECK,
        "electronic": ELECTRONIC,
    },
    lines={
        "number": Room("sans", 165, 9, 9.5, 8, 8),
        "name": Room("serif-bold", _LETTER, 8.5, 14, 11, 12, rows=3, centred=False),
        "position": Room("serif", _LETTER, 8.5, 13, 10, 11, rows=3, centred=False),
        "organisation": Room("serif", _LETTER, 8.5, 13, 10, 11, rows=3, centred=False),
        "link": Room("sans", 110, 6, 6.8, 4.5, 4.5, least=4, leading=1.2, centred=False),
    },
    shared_lines={
        "issuer": Room("serif-bold", 114, 8, 19, 11, 11, leading=1, spacing=0.05),
        "seat": Room("sans", 114, 10.5, 8, 7, 7.5, leading=1.25, rows=3),
        "heading": Room("serif-bold", _WHOLE_LETTER, 8.8, 21, 12, 12, leading=1, spacing=0.06),
        "heading_en": Room("serif-italic", _WHOLE_LETTER, 6, 13, 8, 8),
        "deed": Room("serif", _WHOLE_LETTER, 5.5, 13, 8, 7.4, centred=False),
        "deed_en": Room("serif-italic", _WHOLE_LETTER, 5.5, 11, 8, 7.4, centred=False),
        "programme": Room("serif", _LETTER, 8.2, 13, 9, 11, centred=False),
        "programme_en": Room("serif-italic", _LETTER, 7, 11, 8, 9, centred=False),
        "when": Room("serif", _LETTER, 6, 13, 9, 8, centred=False),
        "when_en": Room("serif-italic", _LETTER, 5, 11, 8, 7, centred=False),
        "venue": Room("serif", _LETTER, 8.2, 13, 9, 11, rows=3, centred=False),
        "closing": Room("serif", _WHOLE_LETTER, 5.5, 13, 8, 7.4, centred=False),
        "closing_en": Room("serif-italic", _WHOLE_LETTER, 5.5, 11, 8, 7.4, centred=False),
        "dated": Room("serif", 78, 5.5, 13, 9, 7, leading=1, centred=False),
        "office": Room("serif", 78, 9, 13, 9, 11, centred=False),
        "signatory": Room("serif-bold", 78, 8.6, 13.5, 10, 11, leading=1, centred=False),
        "rank": Room("serif", 78, 4.2, 11, 5, 5, rows=1, centred=False),
    },
    qr={"x": 24.0, "y": 249.0, "size": 23.0},
    qr_colour=(0.1, 0.1, 0.1),
)

DESIGNS = {design.key: design for design in (PARTICIPANT, SPEAKER, LETTER)}


def heading_of(snapshot: Mapping, language: str) -> str:
    """The heading of a certificate's paper in a language, such as “Letter of Attendance”: that of its template, else of its design."""
    with override(language):
        return snapshot.get(f"heading_{language}") or gettext(design_of(snapshot).words["heading"])


def design_of(snapshot: Mapping) -> Design:
    """The design of a certificate's paper; certificates without a template have that of participants."""
    return DESIGNS[snapshot.get("design") or PARTICIPANT.key]


def source(name: str) -> str:
    """The unrendered source of a template file."""
    return Path(get_template(name).origin.name).read_text(encoding="utf-8")


@cache
def sheet_of(design: Design) -> Sheet:
    """Style sheet and background of a design."""
    return Sheet(css=source(f"{FOLDER}/{design.template}.css"), size=design.size, background=design.background(), one_page=True)


@cache
def version_of(design: Design) -> str:
    """A version that changes with every part of the design: template, style, art, texts, line fitting, fonts."""
    parts = [
        source(design.html),
        repr(sheet_of(design)),
        json.dumps(design.spoken(), sort_keys=True),
        repr((design.lines, design.shared_lines, design.qr)),
    ]
    parts += [hashlib.sha256((FONT_DIR / name).read_bytes()).hexdigest() for name in sorted(FACES.values())]
    parts.append((FONT_DIR / "fonts.conf").read_text(encoding="utf-8"))
    return f"{design.key}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16]}"
