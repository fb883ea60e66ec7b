"""What is declared of one question of the booking form."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.db import models
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from visits.models import Visit


class Step(StrEnum):
    """Pages of the booking form on which questions are asked; dates have pages of their own."""

    GROUP = "group"
    PURPOSE = "purpose"
    CONTACT = "contact"


class Target(StrEnum):
    """Where an answer is kept once the request is sent."""

    VISIT = "visit"
    """In the field of the visit with the question's name."""

    LETTER = "letter"
    """In the request letter: ``letter_number`` is its number."""

    RULES = "rules"
    """Nowhere: the booking rules use it, and keep what follows from it."""


def in_words(value: Any) -> str:
    """An answer as readers see it; several values have a line each. Empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return formats.date_format(value, "j F Y")
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "\n".join(str(item) for item in value)
    return str(value)


@dataclass(frozen=True, kw_only=True)
class FormQuestion:
    """One question of the booking form, with all that the places which ask, keep and show it need to know.

    Only name, step, label and heading must be given where the field of the visit says the rest.

    Attributes:
        name: of the field in the forms, of the answer in the draft, and of the field of the visit.
        step: the page on which guests are asked.
        label: the question, as guests read it.
        heading: names the answer on the page on which guests check it.
        staff_heading: names the answer for staff: in their form, on the desk and in the export; the heading if empty.
        beside: the question in whose row the answer is shown, instead of a row of its own.
        field: asks guests; if missing, the form field of the visit's field, with the label.
        staff_field: asks staff who enter a request for a guest; if missing, the form field of the visit's field.
        asks_staff: whether staff answer it when they enter a request for a guest.
        target: where the answer is kept.
        words: the answer as readers see it.
        has_own_place: the template of the desk has a place for the answer, instead of a line among the facts of the visit.
        export: whether the export has the answer, or its columns: by name, the heading and a function of the answer.
        is_personal: names a person or how to reach one; never exported.
    """

    name: str
    step: Step
    label: str | Promise = ""
    heading: str | Promise
    staff_heading: str | Promise = ""
    beside: str = ""
    field: forms.Field | None = None
    staff_field: forms.Field | None = None
    asks_staff: bool = True
    target: Target = Target.VISIT
    words: Callable[[Any], str] | None = None
    has_own_place: bool = False
    export: bool | Mapping[str, tuple[str | Promise, Callable[[Any], object]]] = False
    is_personal: bool = False

    @property
    def model_field(self) -> models.Field:
        """The field of the visit that keeps the answer."""
        return Visit._meta.get_field(self.name)

    @property
    def heading_for_staff(self) -> str | Promise:
        """Names the answer for staff."""
        return self.staff_heading or self.heading

    def guest_form_field(self) -> forms.Field:
        """The form field that asks guests."""
        return self.field or self.model_field.formfield(label=self.label)

    def staff_form_field(self) -> forms.Field:
        """The form field that asks staff."""
        return self.staff_field or self.model_field.formfield(label=self.heading_for_staff)

    def in_words(self, value: Any) -> str:
        """An answer as readers see it; empty where there is none."""
        if self.words:
            return self.words(value)
        if self.target == Target.VISIT and self.model_field.choices:
            return str(dict(self.model_field.flatchoices).get(value, ""))
        return in_words(value)

    def answer_of(self, visit: Visit) -> Any:
        """The answer that a visit keeps; a list where there may be several."""
        value = getattr(visit, self.name)
        return list(value.all()) if self.model_field.many_to_many else value

    def export_columns(self) -> dict[str, tuple[str | Promise, Callable[[Visit], object]]]:
        """Columns of the export: by name, the heading and a function of the visit."""
        columns = self.export
        if isinstance(columns, bool):
            columns = {self.name: (self.heading_for_staff, self.in_words)} if columns else {}
        return {name: (heading, self._reader(read)) for name, (heading, read) in columns.items()}

    def _reader(self, read: Callable[[Any], object]) -> Callable[[Visit], object]:
        return lambda visit: read(self.answer_of(visit))
