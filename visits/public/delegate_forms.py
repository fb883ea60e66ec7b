"""The list of delegates as rows of a formset, filled from an uploaded file if there is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from visits.delegate_sheets import MAX_ROWS
from visits.domain.delegates import FIELDS, DelegateRow, RowError
from visits.models import Delegate

MORE_ROWS = 5


class PersonForm(forms.Form):
    """One person; empty rows are ignored. ``line`` is the row number in the uploaded spreadsheet."""

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
    """The upload of a list."""

    file = forms.FileField(
        label=_("List as XLSX or CSV"),
        help_text=_("At most %(limit)d MB. Fill in our template, or use your own list with a column “Nama”.")
        % {"limit": settings.VISIT_DELEGATES_MAX_BYTES // 1024 // 1024},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


def formset_of(rows: Iterable, *, empty: int = MORE_ROWS, bound: bool = False):
    """A formset with rows to edit and empty rows below; ``bound`` so that it can show errors."""
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
    """A field of a person for the template. A thousand people have six thousand fields; rendering widgets would take seconds."""

    name: str
    label: str
    value: str
    errors: tuple[str, ...]
    is_number: bool


@dataclass(frozen=True)
class Person:
    """A row of the list for the template."""

    prefix: str
    line: str
    errors: tuple[str, ...]
    cells: list[Cell]


def person_rows(formset) -> list[Person]:
    """The rows of a formset with typed values and errors."""
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
    """The value that a field shows; a stored NIP is masked."""
    return row.masked_nip if field == "nip" and isinstance(row, Delegate) else getattr(row, field)


@dataclass(frozen=True)
class ShownError:
    """An error in the error summary, with a link to its field."""

    row: int
    label: str
    message: str
    anchor: str


def add_row_errors(errors: Sequence[RowError], form_of_row: dict[int, forms.Form]) -> list[ShownError]:
    """Add the errors of the list to the fields of the forms; returns them for the error summary."""
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
