"""Form fields that reject values which the database cannot handle."""

from django import forms
from django.core.exceptions import ValidationError

LONGEST_KEY = 18
"""Digits; SQLite raises OverflowError for longer numbers instead of finding nothing."""


class KeyLengthMixin:
    """For model choice fields with several values: a number that is too long for a key is an invalid choice."""

    def clean(self, value):
        """The chosen objects. Raises ValidationError if a key is too long."""
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > LONGEST_KEY:
                wrong = {"pk": str(key)[:LONGEST_KEY]}
                raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value", params=wrong)
        return super().clean(value)


class ManyObjectsField(KeyLengthMixin, forms.ModelMultipleChoiceField):
    """A ModelMultipleChoiceField that accepts any input safely."""
