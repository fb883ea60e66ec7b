"""The anonymous survey after a visit: one answer for each delegate's link and one for the contact person's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, QuerySet
from django.utils.translation import gettext as _

from knowledge_hub.papers.names import without_controls
from visits.domain.errors import Refused
from visits.domain.survey_questions import ELEMENTS, LEARNING, WORDS
from visits.enums import VisitStatus
from visits.models import Delegate, SurveyResponse, Visit
from visits.models.survey import BEST, WORST

FEWEST_SHOWN = 3
"""The results of a visit are shown from this number of answers on, so that nobody can be recognised."""

MARK_TO_INDEX = 25
"""A mean mark from 1 to 4 times 25 is the index (Permenpan-RB 14/2017)."""


@dataclass(frozen=True)
class Grade:
    """A class of the index (Permenpan-RB 14/2017, annex)."""

    letter: str
    from_index: float


GRADES = (Grade("A", 88.31), Grade("B", 76.61), Grade("C", 65.0), Grade("D", 25.0))


@dataclass(frozen=True)
class Results:
    """Means of the answers; ``index`` and ``grade`` are None if there are none.

    Attributes:
        means: by field, from 1 to 4; None where nobody answered.
    """

    answers: int
    means: Mapping[str, float | None]
    index: float | None
    grade: str | None


def is_open(visit: Visit) -> bool:
    """Whether the survey can be answered: after the visit has taken place, until it was made anonymous."""
    return visit.status == VisitStatus.COMPLETED and visit.anonymised_at is None


def has_answered(who: Delegate | Visit) -> bool:
    """Whether a delegate, or the contact person of a visit, has answered."""
    return who.survey_answered


@transaction.atomic
def answer(who: Delegate | Visit, marks: Mapping[str, int | None], words: Mapping[str, str]) -> None:
    """Save an answer that leads to nobody, and note that this link was used.

    Args:
        who: the delegate, or the visit for its contact person.
        marks: by field of ELEMENTS and LEARNING.
        words: by field of WORDS.

    Raises:
        Refused: the link was used before, the visit did not take place, or a mark is missing.
    """
    visit = who.visit if isinstance(who, Delegate) else who
    if not is_open(visit):
        raise Refused(_("The survey can be answered after the visit has taken place."))
    values: dict[str, Any] = {}
    for element in (*ELEMENTS, *LEARNING):
        mark = marks.get(element.field)
        if element in ELEMENTS and mark is None:
            raise Refused(_("Please answer this too: %(question)s") % {"question": element.question})
        if mark is not None and not WORST <= mark <= BEST:
            raise Refused(_("Choose one of the four answers: %(question)s") % {"question": element.question})
        values[element.field] = mark
    values |= {field.field: without_controls(words.get(field.field, "")).strip()[:1000] for field in WORDS}
    # The same statement for all who answer at once: only one of them finds the link unused.
    if not type(who)._base_manager.filter(pk=who.pk, survey_answered=False).update(survey_answered=True):
        raise Refused(_("This link was used to answer already. Thank you."))
    who.survey_answered = True
    SurveyResponse.objects.create(visit=visit, **values)


def results(responses: QuerySet[SurveyResponse]) -> Results:
    """The results of some answers; one query."""
    fields = [element.field for element in (*ELEMENTS, *LEARNING)]
    # Names with a prefix, because an aggregate may not have the name of a field.
    found = responses.aggregate(answers=Count("pk"), **{f"mean_{field}": Avg(field) for field in fields})
    means = {field: found[f"mean_{field}"] for field in fields}
    official = [means[element.field] for element in ELEMENTS]
    marks = [mark for mark in official if mark is not None]
    index = round(sum(marks) / len(marks) * MARK_TO_INDEX, 2) if marks else None
    return Results(found["answers"], means, index, grade_of(index))


def grade_of(index: float | None) -> str | None:
    """The class of an index from 25 to 100."""
    return None if index is None else next((grade.letter for grade in GRADES if index >= grade.from_index), GRADES[-1].letter)
