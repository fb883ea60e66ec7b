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
from visits.documents import certificate_art
from visits.documents.declaration import EntryPage, PaperDeclaration
from visits.enums import CertificateDesign
from visits.permissions import CERTIFY

FOLDER = "visits/documents"


@dataclass(frozen=True)
class LineSpec:
    """A text whose size is fitted: one line of ``largest`` to ``smallest`` points, otherwise two lines of ``two_lines`` to ``least``.

    Attributes:
        width: in millimetres.
    """

    face: str
    width: float
    largest: float
    smallest: float
    two_lines: float
    least: float = 6
    centred: bool = True


@dataclass(frozen=True, eq=False, kw_only=True)
class Design(PaperDeclaration):
    """One certificate design; the template of staff adds texts, signature and logos (``visits.CertificateTemplate``).

    Attributes:
        template: name of its HTML and CSS in templates/visits/documents, without extension.
        background: function that makes the HTML of its art.
        criteria: for what it is given, in English, for machines.
        words: its fixed texts as message ids, in the order of the paper.
        lines: the lines that differ between delegates.
        shared_lines: the fitted lines that are the same for a delegation.
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
    lines: Mapping[str, LineSpec]
    shared_lines: Mapping[str, LineSpec]
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
        "number": LineSpec("sans", _LANDSCAPE, 8.4, 7, 7),
        "name": LineSpec("serif-bold", _LANDSCAPE, 38, 20, 22),
        "position": LineSpec("serif", _LANDSCAPE, 14.5, 8, 8),
        "organisation": LineSpec("serif-bold", _LANDSCAPE, 15.5, 8, 9.5),
        "link": LineSpec("sans", 84, 6.8, 4.5, 4.5, centred=False),
    },
    shared_lines={
        "programme": LineSpec("serif-bold", _LANDSCAPE, 19, 9, 9),
        "programme_en": LineSpec("serif-italic", _LANDSCAPE, 14.5, 8, 8),
        "when": LineSpec("serif", _LANDSCAPE, 13, 7, 7),
        "when_en": LineSpec("serif-italic", _LANDSCAPE, 13, 7, 7),
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
        "number": LineSpec("sans", _SPEAKER, 8.4, 7, 7, centred=False),
        "name": LineSpec("serif-bold", _SPEAKER, 36, 20, 21, centred=False),
        "position": LineSpec("serif", _SPEAKER, 14.5, 8, 8, centred=False),
        "organisation": LineSpec("serif-bold", _SPEAKER, 15.5, 8, 9, centred=False),
        "link": LineSpec("sans", 84, 6.8, 4.5, 4.5, centred=False),
    },
    shared_lines={
        "programme": LineSpec("serif-bold", _SPEAKER, 19, 9, 9),
        "programme_en": LineSpec("serif-italic", _SPEAKER, 14.5, 8, 8),
        "when": LineSpec("serif", _SPEAKER, 13, 7, 7),
        "when_en": LineSpec("serif-italic", _SPEAKER, 13, 7, 7),
    },
    qr={"x": 69.0, "y": 163.0, "size": 23.0},
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
        "number": LineSpec("sans", 165, 9.5, 8, 8),
        "name": LineSpec("serif-bold", _LETTER, 14, 11, 12, centred=False),
        "position": LineSpec("serif", _LETTER, 13, 10, 11, centred=False),
        "organisation": LineSpec("serif", _LETTER, 13, 10, 11, centred=False),
        "link": LineSpec("sans", 110, 6.8, 4.5, 4.5, centred=False),
    },
    shared_lines={
        "programme": LineSpec("serif", _LETTER, 13, 9, 9),
        "programme_en": LineSpec("serif-italic", _LETTER, 11, 8, 8),
        "when": LineSpec("serif", _LETTER, 13, 9, 9),
        "when_en": LineSpec("serif-italic", _LETTER, 11, 8, 8),
        "venue": LineSpec("serif", _LETTER, 13, 9, 9),
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
