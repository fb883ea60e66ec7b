"""Forms in which staff enter and correct delegates."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.encrypted import or_encrypted
from visits.domain.delegate_corrections import CorrectedRow, fingerprint
from visits.domain.delegates import FIELDS, DelegateRow
from visits.models import Delegate

EMPTY_ROWS = 3
MOST_ROWS = 1000

_no_suggestions = forms.TextInput(attrs={"autocomplete": "off"})


class PersonForm(forms.Form):
    """One person. ``seen`` is the fingerprint of what the form showed."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31)
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    name = forms.CharField(label=_("Full name with titles"), required=False, widget=_no_suggestions)
    position = forms.CharField(label=_("Position"), required=False, widget=_no_suggestions)
    unit = forms.CharField(label=_("Unit or organisation"), required=False, widget=_no_suggestions)
    rank = forms.CharField(label=_("Rank and grade"), required=False, widget=_no_suggestions)
    nip = forms.CharField(label=_("NIP"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}))
    needs = forms.CharField(label=_("Special needs"), required=False, widget=_no_suggestions)
    came = forms.BooleanField(
        label=_("Came, according to the signed sheet"),
        required=False,
        help_text=_("Recorded as attendance. If the visit is completed, a certificate is made."),
    )

    def person(self, number: int) -> DelegateRow:
        """The values as a row of the list."""
        return DelegateRow(number, **{name: self.cleaned_data.get(name, "") for name in FIELDS})


class RowForm(PersonForm):
    """One person on the form of the whole list; an empty row of a new person is ignored."""

    remove = forms.BooleanField(label=_("Take off the list"), required=False)

    def corrected(self, number: int) -> CorrectedRow | None:
        """The row for the domain; None for an empty one."""
        data = self.cleaned_data
        if not data.get("pk") and not any(data.get(name) for name in FIELDS):
            return None
        return CorrectedRow(
            self.person(number), data.get("pk"), data.get("seen", ""), bool(data.get("came")), bool(data.get("remove") and data.get("pk"))
        )


RowFormSet = forms.formset_factory(RowForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 20, validate_max=True)


class ReasonForm(forms.Form):
    """Why the list is corrected."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("The guest reads this. For example: title of Mr Contoh added at his wish."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CorrectForm(PersonForm, ReasonForm):
    """Corrects one person with a reason."""

    field_order = ["pk", "seen", *FIELDS, "came", "reason"]

    def __init__(self, *args, may_come: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_come:
            del self.fields["came"]


def shown(delegate: Delegate) -> dict[str, str | int]:
    """What a form shows of a delegate; the NIP is masked."""
    values = {name: or_encrypted(delegate, name) for name in FIELDS}
    return {**values, "nip": delegate.masked_nip, "pk": delegate.pk, "seen": fingerprint(delegate)}


@dataclass(frozen=True)
class Cell:
    """A field of a row for the template. A thousand people have six thousand fields; rendering widgets would take seconds."""

    name: str
    label: str
    value: str
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A row of the list for the template. ``prefix`` starts the names of its fields."""

    prefix: str
    pk: str
    seen: str
    cells: list[Cell]
    errors: tuple[str, ...]
    came: bool
    remove: bool
    is_present: bool


def rows_of(formset, present: set[int]) -> list[Row]:
    """The rows of a formset with typed values and errors.

    Args:
        formset: of RowForm.
        present: primary keys of the delegates who are checked in.
    """
    labels = {name: str(RowForm.base_fields[name].label) for name in FIELDS}
    rows = []
    for form in formset.forms:
        errors = form.errors if form.is_bound else {}
        read = (lambda name, form=form: form.data.get(f"{form.prefix}-{name}", "")) if form.is_bound else form.initial.get
        cells = [Cell(f"{form.prefix}-{name}", label, read(name) or "", tuple(errors.get(name, ()))) for name, label in labels.items()]
        pk = str(read("pk") or "")
        rows.append(
            Row(
                form.prefix,
                pk,
                read("seen") or "",
                cells,
                tuple(errors.get("__all__", ())),
                bool(read("came")),
                bool(read("remove")),
                pk.isdecimal() and int(pk) in present,
            )
        )
    return rows
