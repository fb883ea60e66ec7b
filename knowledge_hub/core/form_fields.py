"""Form fields that stand what an address or a forged form may hold."""

from django import forms
from django.core.exceptions import ValidationError

LONGEST_KEY = 18
"""Digits; a longer number is no key of any database, and SQLite breaks on it instead of finding nothing."""


class KeyLengthMixin:
    """For fields of several objects: a number that no key can have is a wrong choice."""

    def clean(self, value):
        """The objects. Raises ValidationError where one of the keys is none."""
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > LONGEST_KEY:
                wrong = {"pk": str(key)[:LONGEST_KEY]}
                raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value", params=wrong)
        return super().clean(value)


class ManyObjectsField(KeyLengthMixin, forms.ModelMultipleChoiceField):
    """Several objects, chosen by their keys."""
