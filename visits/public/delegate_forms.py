"""The delegation's list as rows to type, filled from an uploaded file if there was one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from visits.domain.delegates import FIELDS, DelegateRow, RowError
from visits.exports.spreadsheets import MAX_ROWS
from visits.models import Delegate

MORE_ROWS = 5


class PersonForm(forms.Form):
    """One person; an empty row is nobody. ``line`` is the row of the spreadsheet that it came from."""

    line = forms.IntegerField(required=False, min_value=1, max_value=2_000_000, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Full name with titles"), required=False, strip=True)
    position = forms.CharField(label=_("Position"), required=False)
    unit = forms.CharField(label=_("Unit or organisation"), required=False)
    rank = forms.CharField(label=_("Rank and grade"), required=False)
    nip = forms.CharField(label=_("NIP"), required=False)
    needs = forms.CharField(label=_("Special needs"), required=False)

    def row(self, number: int) -> DelegateRow | None:
        """The person, or None for an empty row."""
        values = {field: self.cleaned_data.get(field, "") for field in FIELDS}
        return DelegateRow(number, **values) if any(values.values()) else None


PersonFormSet = forms.formset_factory(PersonForm, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS + 20, validate_max=True)


class UploadForm(forms.Form):
    """A list in a file."""

    file = forms.FileField(
        label=_("List as XLSX or CSV"),
        help_text=_("At most %(limit)d MB. Fill in our template, or use your own list with a column “Nama”.")
        % {"limit": settings.VISIT_DELEGATES_MAX_BYTES // 1024 // 1024},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


def formset_of(rows: Iterable, *, empty: int = MORE_ROWS, bound: bool = False):
    """Rows to edit with empty ones below; ``bound`` so that errors can be shown beside what was read."""
    initial = [{field: _shown(row, field) for field in FIELDS} | {"line": getattr(row, "row", None)} for row in rows]
    initial += [{}] * empty
    if not bound:
        formset = PersonFormSet(initial=initial)
        formset.extra = 0
        return formset
    data = {"form-TOTAL_FORMS": len(initial), "form-INITIAL_FORMS": 0}
    for number, values in enumerate(initial):
        data |= {f"form-{number}-{name}": "" if value is None else value for name, value in values.items()}
    return PersonFormSet(data)


@dataclass(frozen=True)
class Cell:
    """One field of a person as the page writes it. A thousand people have six thousand: rendering a widget for each takes seconds."""

    name: str
    label: str
    value: str
    errors: tuple[str, ...]
    is_number: bool


@dataclass(frozen=True)
class Person:
    """One row of the list as the page writes it."""

    prefix: str
    line: str
    errors: tuple[str, ...]
    cells: list[Cell]


def person_rows(formset) -> list[Person]:
    """The rows of a formset with what was typed and what is wrong with it."""
    labels = {name: str(field.label) for name, field in PersonForm.base_fields.items() if name != "line"}
    rows = []
    for form in formset.forms:
        errors = form.errors if form.is_bound else {}
        values = {name: form.data.get(f"{form.prefix}-{name}", "") if form.is_bound else form.initial.get(name) for name in form.fields}
        cells = [
            Cell(f"{form.prefix}-{name}", label, values[name] or "", tuple(errors.get(name, ())), name == "nip")
            for name, label in labels.items()
        ]
        rows.append(Person(form.prefix, values["line"] or "", tuple(errors.get(NON_FIELD_ERRORS, ())), cells))
    return rows


def _shown(row, field: str) -> str:
    """What a field shows: a NIP that is kept is masked."""
    return row.masked_nip if field == "nip" and isinstance(row, Delegate) else getattr(row, field)


@dataclass(frozen=True)
class ShownError:
    """An error of the list as its summary shows it, with a link to the place."""

    row: int
    label: str
    message: str
    anchor: str


def add_row_errors(errors: Sequence[RowError], form_of_row: dict[int, forms.Form]) -> list[ShownError]:
    """Put the errors of the list beside the fields that they are about; returns them for the summary above."""
    shown = []
    for error in errors:
        form = form_of_row.get(error.row)
        if form is None:
            shown.append(ShownError(error.row, "", error.message, "main"))
            continue
        form.add_error(error.field or None, error.message)
        label, anchor = (form[error.field].label, form[error.field].auto_id) if error.field else ("", form.prefix)
        shown.append(ShownError(error.row, label, error.message, anchor))
    return shown
