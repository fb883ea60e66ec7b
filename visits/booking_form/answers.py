"""What forms, pages and the export read from the declared questions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django import forms
from django.utils.functional import Promise

from visits.booking_form.declarations import QUESTIONS
from visits.booking_form.question import FormQuestion, Step, Target
from visits.domain.booking import BookingDraft
from visits.domain.letters import LetterDraft
from visits.models import Visit

_LETTER_PREFIX = "letter_"


def guest_form(step: Step) -> type[forms.Form]:
    """A form with the questions that guests answer in a step; the form of the step is its subclass."""
    return type("QuestionsOfStep", (forms.Form,), {q.name: q.guest_form_field() for q in QUESTIONS if q.step == step})


def staff_form() -> type[forms.Form]:
    """A form with the questions that staff answer for a guest; the form that enters requests is its subclass."""
    return type("QuestionsForStaff", (forms.Form,), {q.name: q.staff_form_field() for q in QUESTIONS if q.asks_staff})


@dataclass(frozen=True)
class Row:
    """A line of a list of answers: those of one question and of the ones that are shown beside it, without empty ones."""

    question: FormQuestion
    heading: str | Promise
    answers: list[str]


def answers_of_step(step: Step, answers: Mapping[str, Any]) -> list[Row]:
    """Answers of a step as guests check them before they send the request; questions without an answer have a row as well."""
    return _rows([q for q in QUESTIONS if q.step == step], answers, heading=lambda q: q.heading)


def facts_of(visit: Visit) -> list[Row]:
    """Answers that staff see among the facts of a visit; those without a place of their own on the desk."""
    questions = [q for q in QUESTIONS if q.target == Target.VISIT and not q.has_own_place]
    rows = _rows(questions, {q.name: q.answer_of(visit) for q in questions}, heading=lambda q: q.heading_for_staff)
    return [row for row in rows if row.answers]


def request_of(visit: Visit) -> list[Row]:
    """All answers that a visit keeps, as its guest gave them; those without an answer are left out."""
    questions = [q for q in QUESTIONS if q.target == Target.VISIT]
    rows = _rows(questions, {q.name: q.answer_of(visit) for q in questions}, heading=lambda q: q.heading)
    return [row for row in rows if row.answers]


def _rows(questions: Iterable[FormQuestion], answers: Mapping[str, Any], *, heading: Callable[[FormQuestion], str | Promise]) -> list[Row]:
    rows = {q.name: Row(q, heading(q), []) for q in questions if not q.beside}
    for question in questions:
        if words := question.in_words(answers.get(question.name)):
            rows[question.beside or question.name].answers.append(words)
    return list(rows.values())


def export_columns() -> dict[str, tuple[str | Promise, Callable[[Visit], object]]]:
    """Columns of the export that are answers: by name, the heading and a function of the visit."""
    return {name: column for question in QUESTIONS for name, column in question.export_columns().items()}


def booking_draft(answers: Mapping[str, Any], **more) -> BookingDraft:
    """A request made of answers that passed the forms.

    Args:
        answers: by the name of the question; those of questions that were not asked are missing.
        more: what else the draft needs and no question asks, such as the session.
    """
    given = {q.name: answers[q.name] for q in QUESTIONS if q.target != Target.LETTER and q.name in answers}
    of_draft = given.keys() & {field.name for field in fields(BookingDraft)}
    return BookingDraft(
        **{name: given[name] for name in of_draft},
        details={name: value for name, value in given.items() if name not in of_draft},
        letter=_letter(answers),
        **more,
    )


def _letter(answers: Mapping[str, Any]) -> LetterDraft | None:
    if not answers.get("letter_number"):
        return None
    return LetterDraft(**{q.name.removeprefix(_LETTER_PREFIX): answers[q.name] for q in QUESTIONS if q.target == Target.LETTER})
