"""A model field for texts that papers print."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from knowledge_hub.papers.coverage import undrawable


def validate_drawable(text: str) -> None:
    """Refuse letters and signs that no font of the papers has, such as emoji, where they are typed.

    Raises:
        ValidationError: there are some; it names them.
    """
    if letters := undrawable(text):
        named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters)
        raise ValidationError(_("No paper can show: %(letters)s. Write it with other letters.") % {"letters": named}, code="undrawable")


class PrintedField(models.CharField):
    """A line that papers print. For the database and its migrations it is a CharField."""

    default_validators = [validate_drawable]

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """As a CharField, so that no migration depends on papers."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", list(args), dict(kwargs)
