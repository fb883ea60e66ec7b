"""Viewset of the number sequences of letters, papers and certificates."""

from django.utils.translation import gettext_lazy

from visits.models import NumberSequence
from visits.staff.tables import StaffViewSet


class NumberSequenceViewSet(StaffViewSet):
    """Yearly number sequences; only their patterns can be changed."""

    model = NumberSequence
    name = "visits_numbers"
    url_prefix = "visits/numbers"
    icon = "list-ol"
    menu_label = gettext_lazy("Number sequences")
    list_display = ["key", "year", "pattern", "last_number"]
    ordering = ("key", "-year")
    form_fields = ["pattern"]
    copy_view_enabled = False

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{**dict.fromkeys(["add_url_name", "delete_url_name", "usage_url_name"]), **kwargs})

    def get_urlpatterns(self):
        kept = {"index", "index_results", "edit", "history", "history_results"}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in kept]
