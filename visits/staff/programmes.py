"""Programmes and their opening hours; what is saved becomes bookable at once."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import CreateView, EditView

from visits.domain import availability
from visits.models import Programme
from visits.staff.tables import UndeletableViewSet


class RefreshSlotsMixin:
    """Makes the sessions anew after a change of what they are made from."""

    def save_action(self):
        """Save, then make the sessions."""
        response = super().save_action()
        availability.refresh_slots(now=timezone.now())
        return response


class ProgrammeCreateView(RefreshSlotsMixin, CreateView):
    """A new programme."""


class ProgrammeEditView(RefreshSlotsMixin, EditView):
    """Its rules and hours."""


class ProgrammeViewSet(UndeletableViewSet):
    """Kinds of visit. One that was ever booked cannot be deleted; switch it off instead."""

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
