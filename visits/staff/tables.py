"""Shared parts of lists in the admin: columns, safe spreadsheet exports, and viewsets without some of Wagtail's pages."""

from collections import OrderedDict
from collections.abc import Callable

from django.db import models
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet


class YesNoColumn(Column):
    """Yes or no in words."""

    cell_template_name = "visits/staff/cells/yes_no.html"


class WhenSlotColumn(Column):
    """Date and time of a session at the venue."""

    cell_template_name = "visits/staff/cells/when_slot.html"


_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value):
    """Prefix texts that spreadsheet programs would run as formulas with an apostrophe (OWASP, CSV injection)."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value


class SafeExportMixin:
    """Exports ``export_columns``, which maps names to a heading and a function of the row, without formulas."""

    export_columns: dict[str, tuple[str, Callable[[models.Model], object]]] = {}

    def get_heading(self, queryset, field):
        return str(self.export_columns[field][0])

    def to_row_dict(self, item):
        return OrderedDict((name, read(item)) for name, (_heading, read) in self.export_columns.items())

    def preprocess_field_value(self, field, value, export_format):
        """Make texts harmless in all formats."""
        return harmless(super().preprocess_field_value(field, value, export_format))


class ReadOnlyViewSet(ModelViewSet):
    """A viewset with only the list."""

    copy_view_enabled = False
    form_fields = []

    def get_common_view_kwargs(self, **kwargs):
        nowhere = dict.fromkeys(["add_url_name", "edit_url_name", "delete_url_name", "usage_url_name", "history_url_name"])
        return super().get_common_view_kwargs(**{**nowhere, **kwargs})

    def register_admin_url_finder(self):
        """Register none, because rows have no page."""

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ("index", "index_results")]


class ReadableHistoryView(HistoryView):
    """The history of a row, also for those who may see the row but not change it."""

    any_permission_required = ["view", "add", "change", "delete"]


class StaffViewSet(ModelViewSet):
    """A viewset with a history that auditors can read."""

    history_view_class = ReadableHistoryView


class UndeletableViewSet(StaffViewSet):
    """A viewset without deletion, for rows that visits or papers refer to."""

    copy_view_enabled = False

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{"delete_url_name": None, "usage_url_name": None, **kwargs})

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in ("delete", "usage")]
