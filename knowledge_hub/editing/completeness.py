"""Completeness and publish checklist of a case study."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel

VERIFIED_FOR = dt.timedelta(days=365)
"""After this, a case is listed for its owner to verify again (acceptance story 21: twelve months)."""

MOST_WORDS = 200
ANSWERS = ("context", "solution", "novelty", "implementation", "challenges", "lessons", "sustainability")
# Shorter texts are labels, not answers.
LEAST_WORDS = 8
_ELSEWHERE = re.compile(
    r"\b(lihat|silakan buka|see|refer to)\b[^.]{0,40}\b(tautan|lampiran|dokumen|laman|link|attachment|document|website)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """A section of the case template: name, label, whether it is filled, and its weight in the KIPP assessment of 2023 (percent)."""

    name: str
    label: str
    filled: bool
    weight: int = 0


@dataclass(frozen=True)
class Check:
    """One line of the publish checklist: the requirement, whether it is met, and what to do if not."""

    label: str
    holds: bool
    advice: str = ""


@dataclass(frozen=True)
class Completeness:
    """Completeness of a case, as the editor shows it above the form."""

    parts: tuple[Part, ...]
    checks: tuple[Check, ...]
    is_proven: bool

    @property
    def filled(self) -> int:
        """Number of filled sections."""
        return sum(part.filled for part in self.parts)

    @property
    def percent(self) -> int:
        """Share of filled sections in percent, rounded down: 100 means nothing is missing."""
        return 100 * self.filled // len(self.parts)

    @property
    def kipp(self) -> int:
        """Sum of the KIPP weights of filled sections, at most 100: a self-assessment of what is written, not of its quality."""
        return sum(part.weight for part in self.parts if part.filled)

    @property
    def missing(self) -> list[str]:
        """Labels of the empty sections."""
        return [part.label for part in self.parts if not part.filled]

    @property
    def holding(self) -> int:
        """Number of requirements that are met."""
        return sum(check.holds for check in self.checks)

    @property
    def is_ready(self) -> bool:
        """Whether all requirements are met."""
        return all(check.holds for check in self.checks)


def of_case(page) -> Completeness:
    """Completeness of a case study as last saved; two queries, for topics and translations."""
    parts = _parts(page)
    return Completeness(parts, _checks(page, parts), page.is_proven)


def _parts(page) -> tuple[Part, ...]:
    return (
        Part("summary", _("Summary"), bool(page.summary)),
        Part("context", _("Context and problem"), _says(page.context), 10),
        Part("solution", _("Solution"), _says(page.solution)),
        Part("novelty", _("What is new"), _says(page.novelty), 15),
        Part("partners", _("Partners and roles"), bool(page.partners)),
        Part("implementation", _("Implementation"), _says(page.implementation), 3),
        Part("milestones", _("Timeline"), bool(page.milestones), 2),
        Part("costs", _("Costs and funds"), bool(page.costs) or page.cost_band == page.CostBand.NONE, 5),
        Part("legal_basis", _("Legal basis"), bool(page.legal_basis)),
        Part("results", _("Results"), page.is_proven, 30),
        Part("challenges", _("Challenges and failures"), _says(page.challenges), 5),
        Part("lessons", _("Lessons"), _says(page.lessons), 5),
        Part("readiness", _("What an adopter needs"), bool(page.readiness), 5),
        Part("shareable", _("What can be shared"), bool(page.shareable), 5),
        Part("sustainability", _("Sustainability"), _says(page.sustainability), 15),
        Part("contact", _("Contact"), bool(page.contact) or bool(page.contacts)),
    )


def _checks(page, parts) -> tuple[Check, ...]:
    missing = [part.label for part in parts if not part.filled]
    words = len(page.summary.split())
    answers = [(part.label, _plain(getattr(page, part.name))) for part in parts if part.filled and part.name in ANSWERS]
    elsewhere = [label for label, text in answers if _leads_elsewhere(text)]
    short = [label for label, text in answers if len(text.split()) < LEAST_WORDS]
    verified = page.last_verified_at is not None and timezone.localdate() - page.last_verified_at <= VERIFIED_FOR
    return (
        Check(_("Every section is filled"), not missing, _("Still empty: %(parts)s.") % {"parts": ", ".join(missing)}),
        Check(
            _("The summary has at most 200 words"),
            0 < words <= MOST_WORDS,
            _("It has %(words)d. Say in plain language what was done, for whom and with which result.") % {"words": words},
        ),
        Check(
            _("Answers stand on the page, not behind a link"),
            not elsewhere,
            _("Write out what readers are sent elsewhere for: %(parts)s.") % {"parts": ", ".join(elsewhere)},
        ),
        Check(_("Answers are sentences"), not short, _("Very short: %(parts)s.") % {"parts": ", ".join(short)}),
        Check(
            _("It was really carried out"),
            page.status not in ("", "unknown", "idea"),
            _("State whether it is on trial, running or stopped."),
        ),
        Check(_("Its facts name their source"), bool(page.sources), _("Name at least one source with its publisher and date.")),
        Check(_("An office answers for it"), bool(page.owner_unit), _("Enter the owner under “Settings”.")),
        Check(
            _("Its owner verified it within twelve months"),
            verified,
            _("Have the owner check every figure, then enter the day under “Settings”."),
        ),
        Check(
            _("It has topics"), bool(page.page_topics.all()), _("Choose at least one topic; without it nobody finds the case by its field.")
        ),
        Check(_("It exists in both languages"), _is_translated(page), _("Use “Translate this page”, then translate the draft.")),
    )


def _says(text: str) -> bool:
    return bool(_plain(text))


def _plain(text: str) -> str:
    return strip_tags(text).strip()


def _leads_elsewhere(text: str) -> bool:
    return bool(_ELSEWHERE.search(text)) and len(text.split()) < 3 * LEAST_WORDS


def _is_translated(page) -> bool:
    return bool(page.pk) and page.get_translations().exists()


class CompletenessPanel(Panel):
    """The completeness meter and the publish checklist of a case study, as it was last saved."""

    def clone_kwargs(self):
        """Leave out the help text, which this panel does not have."""
        kwargs = super().clone_kwargs()
        del kwargs["help_text"]
        return kwargs

    class BoundPanel(Panel.BoundPanel):
        """The panel for one page."""

        template_name = "knowledge_hub/staff/completeness.html"

        def get_context_data(self, parent_context=None):
            """Add the ``completeness`` of the case."""
            return {**super().get_context_data(parent_context), "completeness": of_case(self.instance)}
