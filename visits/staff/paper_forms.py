"""The form of what staff enter for one paper, made from the declaration of the paper."""

from collections.abc import Iterable

from django import forms
from wagtail.admin.widgets import AdminDateInput

from visits.documents.declaration import EnteredValue, ValueKind


def field_of(value: EnteredValue) -> forms.Field:
    """The form field of an entered value. All may be left empty: the list of papers shows what a paper still lacks."""
    options = {"label": value.label, "help_text": value.help_text, "required": False}
    match value.kind:
        case ValueKind.TEXT:
            return forms.CharField(max_length=value.longest, **options)
        case ValueKind.DATE:
            return forms.DateField(widget=AdminDateInput, **options)
        case ValueKind.YES_NO:
            return forms.BooleanField(**options)


class PaperValuesForm(forms.Form):
    """The declared values of one paper."""

    def __init__(self, *args, declared: Iterable[EnteredValue], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {value.name: field_of(value) for value in declared}

    def stored(self) -> dict[str, str | bool]:
        """What was entered, as JSON holds it."""
        return {name: value if isinstance(value, bool) else str(value or "") for name, value in self.cleaned_data.items()}
