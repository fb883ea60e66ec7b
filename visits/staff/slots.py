"""Viewset of sessions, which staff can close and open."""

import django_filters
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import availability
from visits.models import VisitSlot
from visits.queries import inbox
from visits.staff.tables import ReadOnlyViewSet, WhenSlotColumn


class SlotFilterSet(WagtailFilterSet):
    """Filters by day, programme and state."""

    day = django_filters.DateFromToRangeFilter(label=gettext_lazy("Date"), field_name="starts_at", widget=DateRangePickerWidget)

    class Meta:
        model = VisitSlot
        fields = ["programme", "is_open"]


class SlotActionColumn(Column):
    """A button to open or close a session."""

    cell_template_name = "visits/staff/cells/slot_action.html"


class SlotIndexView(IndexView):
    """Sessions from today on."""

    page_title = gettext_lazy("Sessions")

    def get_base_queryset(self):
        """Future sessions; earlier ones only if a date is filtered."""
        queryset = VisitSlot.objects.select_related("programme").order_by("starts_at", "programme__sort_order")
        period = self.filters.form
        if period.is_valid() and period.cleaned_data.get("day"):
            return queryset
        return queryset.filter(starts_at__gte=inbox.day_bounds(inbox.local_date(timezone.now()))[0])

    @cached_property
    def columns(self):
        """Computed for each request, because only some users may open and close."""
        shown = [
            WhenSlotColumn("starts_at", label=gettext_lazy("Date and time"), sort_key="starts_at"),
            Column("programme", label=gettext_lazy("Programme"), accessor="programme.name", sort_key="programme__sort_order"),
            Column("taken", label=gettext_lazy("Seats taken"), accessor=lambda s: f"{s.used_persons} / {s.capacity_persons}"),
            Column("state", label=gettext_lazy("State"), accessor=lambda s: gettext_lazy("open") if s.is_open else gettext_lazy("closed")),
        ]
        return [*shown, SlotActionColumn("action", label="")] if self.user_has_permission("change") else shown


class SlotSwitchView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """Closes or opens a session; its visits stay."""

    model = VisitSlot
    permission_required = "change"
    http_method_names = ["post", "options"]
    index_url_name = None

    def post(self, request, *args, **kwargs):
        """Set the posted state, so that pressing twice has no further effect."""
        wanted = request.POST.get("open")
        if wanted in ("0", "1"):
            availability.set_open(self.object, is_open=wanted == "1", user=request.user)
            messages.success(request, _("The session is open.") if wanted == "1" else _("The session is closed; visits in it stay."))
        return redirect(reverse(self.index_url_name))


class SlotViewSet(ReadOnlyViewSet):
    """Sessions are created from opening hours; here they are listed, closed and opened."""

    model = VisitSlot
    name = "visits_slots"
    url_prefix = "visits/sessions"
    icon = "time"
    menu_label = gettext_lazy("Sessions")
    index_view_class = SlotIndexView
    filterset_class = SlotFilterSet
    list_per_page = 50

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("switch/<int:pk>/", self.construct_view(SlotSwitchView), name="switch")]
