"""The questions of the survey after a visit: each is declared once; form, results and the annual report go over them.

The first nine are the elements of the public satisfaction survey (Permenpan-RB 14/2017).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Element:
    """A question answered with a mark from 1 to 4.

    Attributes:
        field: of SurveyResponse.
        question: as guests read it.
        marks: what 1, 2, 3 and 4 mean.
    """

    field: str
    question: Promise
    marks: tuple[Promise, Promise, Promise, Promise]


@dataclass(frozen=True)
class Words:
    """A question answered in own words; never required."""

    field: str
    question: Promise


_GOOD = (_("Bad"), _("Fair"), _("Good"), _("Very good"))
_SUITABLE = (_("Not suitable"), _("Less suitable"), _("Suitable"), _("Very suitable"))

ELEMENTS = (
    Element("requirements", _("How suitable were the requirements for the visit?"), _SUITABLE),
    Element(
        "procedure",
        _("How easy was it to ask for the visit and to prepare it?"),
        (_("Not easy"), _("Less easy"), _("Easy"), _("Very easy")),
    ),
    Element("time", _("How fast did we answer and serve you?"), (_("Not fast"), _("Less fast"), _("Fast"), _("Very fast"))),
    Element(
        "cost",
        _("How reasonable was the cost of our service? It is free of charge."),
        (_("Very expensive"), _("Rather expensive"), _("Cheap"), _("Free of charge")),
    ),
    Element("product", _("How well did the visit match what was announced?"), _SUITABLE),
    Element(
        "competence",
        _("How competent were the speakers and the staff?"),
        (_("Not competent"), _("Less competent"), _("Competent"), _("Very competent")),
    ),
    Element(
        "conduct",
        _("How polite and friendly were they?"),
        (_("Not polite"), _("Less polite"), _("Polite and friendly"), _("Very polite and friendly")),
    ),
    Element("complaints", _("How well do we deal with complaints and questions?"), _GOOD),
    Element("facilities", _("How good were rooms and equipment?"), _GOOD),
)
"""The nine official elements; all of them are required."""

LEARNING = (
    Element(
        "learnt",
        _("How much of what you saw was new to you?"),
        (_("Nothing"), _("A little"), _("Much"), pgettext_lazy("of what you saw", "Nearly all")),
    ),
    Element(
        "likely",
        _("How likely is it that your region adopts something of it?"),
        (_("Not likely"), _("Less likely"), _("Likely"), _("Very likely")),
    ),
)

WORDS = (
    Words("adopt", _("What do you want to adopt?")),
    Words("unanswered", _("Which of your questions stayed unanswered?")),
    Words("words", _("What else do you want to tell us?")),
)
