"""Viewsets of resources, their kinds, and blocked times."""

import datetime as dt

from django import forms
from django.db.models import ProtectedError
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.widgets.button import HeaderButton

from visits.domain import resources
from visits.domain.calendar_days import VENUE_ZONE
from visits.models import Allocation, Resource, ResourceKind
from visits.staff.tables import ReadOnlyViewSet, StaffViewSet
from visits.staff.views import StaffFormView


class ProtectedDeleteView(DeleteView):
    """Shows a message if other rows refer to the object."""

    def form_valid(self, form):
        """Delete, or show a message."""
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, _("“%(name)s” is used by visits, programmes or other entries and stays.") % {"name": self.object})
            return redirect(self.index_url_name)


class KindViewSet(StaffViewSet):
    """Kinds of resources."""

    model = ResourceKind
    name = "visits_kinds"
    url_prefix = "visits/kinds"
    icon = "tag"
    menu_label = gettext_lazy("Kinds of resources")
    form_fields = ["name_id", "name_en", "slug"]
    delete_view_class = ProtectedDeleteView
    list_display = ["name_id", "name_en"]
    copy_view_enabled = False
    ordering = ("pk",)


class ResourceViewSet(StaffViewSet):
    """Rooms, speakers, guides and vehicles. Those with allocations cannot be deleted, only deactivated."""

    model = Resource
    name = "visits_resources"
    url_prefix = "visits/resources"
    icon = "home"
    delete_view_class = ProtectedDeleteView
    menu_label = gettext_lazy("Rooms and people")
    inspect_view_enabled = True
    inspect_view_fields_exclude = ["id"]
    copy_view_enabled = False
    list_display = ["name", "kind", "partner", "capacity_persons", BooleanColumn("active", label=gettext_lazy("In use"))]
    list_filter = ["kind", "active"]
    search_fields = ["name", "partner"]
    ordering = ("kind", "name")

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(queryset=Resource.objects.select_related("kind"), **kwargs)


class BlockForm(forms.Form):
    """A resource, the blocked period in local times of the venue, and the reason."""

    resource = forms.ModelChoiceField(Resource.objects.filter(active=True).select_related("kind"), label=gettext_lazy("Which one"))
    from_date = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    from_time = forms.TimeField(label=gettext_lazy("Time"), initial="08:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    until_date = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until_time = forms.TimeField(
        label=gettext_lazy("Time"), initial="16:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    note = forms.CharField(label=gettext_lazy("Why"), max_length=200, help_text=gettext_lazy("For example: repairs, leave. Staff see it."))

    def clean(self):
        cleaned = super().clean()
        if all(name in cleaned for name in ("from_date", "from_time", "until_date", "until_time")):
            cleaned["starts_at"] = dt.datetime.combine(cleaned["from_date"], cleaned["from_time"], VENUE_ZONE)
            cleaned["ends_at"] = dt.datetime.combine(cleaned["until_date"], cleaned["until_time"], VENUE_ZONE)
            if cleaned["starts_at"] >= cleaned["ends_at"]:
                self.add_error("until_date", _("The end must come after the start."))
        return cleaned


class BlockView(StaffFormView):
    """Blocks a resource; refused if a visit has it at that time."""

    model = Allocation
    permission_required = "add"
    template_name = "visits/staff/block.html"
    form_class = BlockForm
    page_title = gettext_lazy("Block a time")
    header_icon = "no-view"
    index_label = gettext_lazy("Blocked times")
    explanation = gettext_lazy(
        "A room under repair, a speaker on leave: in that time no visit takes it, and sessions that need it are not offered. Times are WIB."
    )
    button = gettext_lazy("Block the time")
    success_message = gettext_lazy("The time is blocked: no visit takes “%(name)s” then.")

    def perform(self, form):
        data = form.cleaned_data
        resources.block(data["resource"], data["starts_at"], data["ends_at"], data["note"])
        return {"name": data["resource"]}


class UnblockView(BaseObjectMixin, StaffFormView):
    """Deletes a blocked time after a confirmation."""

    model = Allocation
    permission_required = "delete"
    template_name = "visits/staff/unblock.html"
    form_class = forms.Form
    page_title = gettext_lazy("Give back a blocked time")
    header_icon = "bin"
    index_label = gettext_lazy("Blocked times")
    button = gettext_lazy("Give the time back")
    is_danger = True
    success_message = gettext_lazy("The time is free again.")

    def get_base_object_queryset(self):
        """Only blocked times, not the allocations of visits."""
        return Allocation.objects.select_related("resource").filter(visit__isnull=True)

    def perform(self, form):
        resources.unblock(self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(allocation=self.object, **kwargs)


class PeriodColumn(TitleColumn):
    """Start and end at the venue."""

    cell_template_name = "visits/staff/cells/period.html"


class BlockIndexView(IndexView):
    """Current and future blocked times."""

    page_title = gettext_lazy("Blocked times")
    block_url_name = None
    unblock_url_name = None

    def get_base_queryset(self):
        return Allocation.objects.select_related("resource__kind").filter(visit__isnull=True, ends_at__gt=timezone.now())

    @cached_property
    def header_buttons(self):
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(gettext_lazy("Block a time"), url=reverse(self.block_url_name), icon_name="plus")]

    @cached_property
    def columns(self):
        """Computed for each request, because only some users may unblock."""
        may_delete = self.user_has_permission("delete")
        return [
            PeriodColumn(
                "starts_at",
                label=gettext_lazy("When"),
                sort_key="starts_at",
                get_url=lambda block: reverse(self.unblock_url_name, args=[block.pk]) if may_delete else None,
            ),
            Column("resource", label=gettext_lazy("Which one"), accessor="resource.name", sort_key="resource__name"),
            Column("kind", label=gettext_lazy("Kind"), accessor="resource.kind"),
            Column("note", label=gettext_lazy("Why"), accessor="note"),
        ]


class BlockViewSet(ReadOnlyViewSet):
    """Blocked times of resources."""

    model = Allocation
    name = "visits_blocks"
    url_prefix = "visits/blocks"
    icon = "no-view"
    menu_label = gettext_lazy("Blocked times")
    index_view_class = BlockIndexView
    list_filter = ["resource"]
    ordering = ("starts_at",)

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(
            **{"block_url_name": self.get_url_name("block"), "unblock_url_name": self.get_url_name("unblock"), **kwargs}
        )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("new/", self.construct_view(BlockView), name="block"),
            path("give-back/<int:pk>/", self.construct_view(UnblockView), name="unblock"),
        ]
