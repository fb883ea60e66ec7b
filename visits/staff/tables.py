"""What lists in the admin share: cells, spreadsheets without formulas, and viewsets with fewer forms than Wagtail's."""

from collections import OrderedDict
from collections.abc import Callable

from django.db import models
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet


class YesNoColumn(Column):
    """A fact in words."""

    cell_template_name = "visits/staff/cells/yes_no.html"


class WhenSlotColumn(Column):
    """Day and time of a session at the venue."""

    cell_template_name = "visits/staff/cells/when_slot.html"


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


class ReadOnlyViewSet(ModelViewSet):
    """A list without forms."""

    copy_view_enabled = False
    form_fields = []

    def get_common_view_kwargs(self, **kwargs):
        """No forms."""
        nowhere = dict.fromkeys(["add_url_name", "edit_url_name", "delete_url_name", "usage_url_name", "history_url_name"])
        return super().get_common_view_kwargs(**{**nowhere, **kwargs})

    def register_admin_url_finder(self):
        """There is no page of one row to lead to."""

    def get_urlpatterns(self):
        """The list alone."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ("index", "index_results")]


class UndeletableViewSet(ModelViewSet):
    """Rows that visits or papers refer to for ever: they are switched off instead of deleted."""

    copy_view_enabled = False

    def get_common_view_kwargs(self, **kwargs):
        """No links to pages that do not exist."""
        return super().get_common_view_kwargs(**{"delete_url_name": None, "usage_url_name": None, **kwargs})

    def get_urlpatterns(self):
        """All but deleting."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in ("delete", "usage")]
