"""Spreadsheets of lists: what guests typed never becomes a formula in the reader's program."""

from collections import OrderedDict
from collections.abc import Callable

from django.db import models

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value):
    """A text that spreadsheet programs would run as a formula gets an apostrophe before it (OWASP, CSV injection)."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value


class SafeExportMixin:
    """Exports the columns of ``export_columns``: from a name to a heading and a function of the row."""

    export_columns: dict[str, tuple[str, Callable[[models.Model], object]]] = {}

    def get_heading(self, queryset, field):
        """The column's heading in the reader's language."""
        return str(self.export_columns[field][0])

    def to_row_dict(self, item):
        """The values of a row."""
        return OrderedDict((name, read(item)) for name, (_heading, read) in self.export_columns.items())

    def preprocess_field_value(self, field, value, export_format):
        """Texts made harmless in both formats."""
        return harmless(super().preprocess_field_value(field, value, export_format))
