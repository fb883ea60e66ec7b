"""A set of spoken languages in one field."""

from django import forms
from django.db import models

from visits.enums import SpokenLanguage


class LanguagesField(models.CharField):
    """Codes of SpokenLanguage; in Python a tuple, in the database text with commas between, in forms boxes to tick."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 40, **kwargs})

    def from_db_value(self, value, expression, connection):
        """Text to codes."""
        return self.to_python(value)

    def to_python(self, value):
        """Text or any list of codes to a tuple of codes."""
        if isinstance(value, str):
            return tuple(code for code in value.split(",") if code)
        return tuple(value or ())

    def get_prep_value(self, value):
        """Codes to text."""
        return ",".join(self.to_python(value))

    def value_to_string(self, obj):
        """What serialised data hold."""
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs):
        """A box for each language; none ticked means Indonesian, which no office can do without."""
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
