"""A field for a set of spoken languages."""

from django import forms
from django.db import models

from visits.enums import SpokenLanguage


class LanguagesField(models.CharField):
    """Codes of SpokenLanguage: a tuple in Python, comma-separated text in the database, checkboxes in forms."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 40, **kwargs})

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if isinstance(value, str):
            return tuple(code for code in value.split(",") if code)
        return tuple(value or ())

    def get_prep_value(self, value):
        return ",".join(self.to_python(value))

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs):
        """A checkbox for each language; if none is ticked, Indonesian is used."""
        return forms.TypedMultipleChoiceField(
            choices=SpokenLanguage.choices,
            coerce=str,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            empty_value=(SpokenLanguage.INDONESIAN.value,),
            label=self.verbose_name,
            help_text=self.help_text,
            initial=self.get_default(),
        )
