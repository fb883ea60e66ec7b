"""Viewset of programmes with their opening hours."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import CreateView, EditView

from visits.domain import availability
from visits.models import Programme
from visits.staff.tables import UndeletableViewSet


class RefreshSlotsMixin:
    """Updates the sessions after a change of opening hours or exceptions."""

    def save_action(self):
        """Save, then update the sessions."""
        response = super().save_action()
        availability.refresh_slots(now=timezone.now())
        return response


class ProgrammeCreateView(RefreshSlotsMixin, CreateView):
    """Adds a programme."""


class ProgrammeEditView(RefreshSlotsMixin, EditView):
    """Changes a programme."""


class ProgrammeViewSet(UndeletableViewSet):
    """Programmes; visits refer to them, so they are deactivated instead of deleted."""

    model = Programme
    name = "visits_programmes"
    url_prefix = "visits/programmes"
    icon = "form"
    menu_label = _("Programmes")
    add_view_class = ProgrammeCreateView
    edit_view_class = ProgrammeEditView
    inspect_view_enabled = True
    inspect_view_fields_exclude = ["id"]
    list_display = ["name_id", "duration_minutes", "max_persons", "lead_working_days", BooleanColumn("active", label=_("Bookable"))]
    ordering = ("sort_order", "slug")
