"""Viewset of calendar exceptions: holidays, collective leave, closures and special hours."""

import django_filters
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.widgets.button import HeaderButton

from visits.domain import availability, holidays
from visits.domain.calendar_days import local_date
from visits.enums import ExceptionSource
from visits.models import CalendarException
from visits.queries.inbox import visits_on
from visits.staff.forms import YearForm
from visits.staff.programmes import RefreshSlotsMixin
from visits.staff.tables import StaffViewSet
from visits.staff.views import StaffFormView


class ExceptionFilterSet(WagtailFilterSet):
    """Filters by date, source and certainty."""

    date = django_filters.DateFromToRangeFilter(label=gettext_lazy("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = CalendarException
        fields = ["date", "source", "effect", "estimated"]


class WarnOfVisitsMixin(RefreshSlotsMixin):
    """Warns of visits on the changed day, because closing a day does not move them."""

    def save_action(self):
        """Save, update the sessions, and warn."""
        response = super().save_action()
        count = visits_on(self.object)
        if count:
            sentence = ngettext(
                "%(count)d visit stands on this day. It stays where it is until you cancel it or agree on another date.",
                "%(count)d visits stand on this day. They stay where they are until you cancel them or agree on other dates.",
                count,
            )
            messages.warning(self.request, sentence % {"count": count})
        return response


class ExceptionCreateView(WarnOfVisitsMixin, CreateView):
    """Adds an entry."""


class ExceptionEditView(WarnOfVisitsMixin, EditView):
    """Changes an entry."""


class ExceptionDeleteView(DeleteView):
    """Deletes an entry and updates the sessions."""

    def delete_action(self):
        super().delete_action()
        availability.refresh_slots(now=timezone.now())


class ExceptionIndexView(IndexView):
    """The list, with a warning if next year's holidays are missing."""

    template_name = "visits/staff/exceptions.html"
    import_url_name = None

    @cached_property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if self.user_has_permission("add"):
            buttons = [*buttons, HeaderButton(gettext_lazy("Import holidays"), url=reverse(self.import_url_name), icon_name="download")]
        return buttons

    def get_context_data(self, *args, **kwargs):
        return super().get_context_data(
            *args,
            missing=holidays.missing_for_next_year(local_date(timezone.now())),
            import_url=reverse(self.import_url_name),
            may_import=self.user_has_permission("add"),
            **kwargs,
        )


class ImportHolidaysView(StaffFormView):
    """Imports holidays and collective leave of a year; existing entries are not changed."""

    model = CalendarException
    permission_required = "add"
    form_class = YearForm
    page_title = gettext_lazy("Import holidays")
    header_icon = "download"
    index_label = gettext_lazy("Calendar")
    back_label = gettext_lazy("Back to the calendar")
    explanation = gettext_lazy(
        "Adds the national holidays and the collective leave of a year, closed for all programmes. Days that stand in the calendar "
        "already are left as they are. Dates that hang on the sighting of the moon are marked as estimated."
    )
    button = gettext_lazy("Import")

    def get_initial(self):
        return {"year": local_date(timezone.now()).year + 1}

    def perform(self, form):
        year = form.cleaned_data["year"]
        count = holidays.import_holidays(year)
        availability.refresh_slots(now=timezone.now())
        return {"count": count, "year": year}

    def report(self, values):
        """Show how many days are new, and warn if there is no collective leave yet."""
        sentence = ngettext("%(count)d day of %(year)d was added.", "%(count)d days of %(year)d were added.", values["count"])
        messages.success(self.request, sentence % values)
        if not CalendarException.objects.filter(date__year=values["year"], source=ExceptionSource.COLLECTIVE_LEAVE).exists():
            messages.warning(self.request, _("No collective leave is known for %(year)d yet. Import again after the decree.") % values)


class ExceptionViewSet(StaffViewSet):
    """Days that differ from the weekly hours."""

    model = CalendarException
    name = "visits_calendar"
    url_prefix = "visits/calendar"
    icon = "date"
    menu_label = gettext_lazy("Holidays and closures")
    index_view_class = ExceptionIndexView
    add_view_class = ExceptionCreateView
    edit_view_class = ExceptionEditView
    delete_view_class = ExceptionDeleteView
    inspect_view_enabled = True
    copy_view_enabled = False
    index_template_name = ExceptionIndexView.template_name
    filterset_class = ExceptionFilterSet
    search_fields = ["reason_id", "reason_en"]
    ordering = ("-date", "pk")
    list_per_page = 50
    list_display = [
        "date",
        Column("reason", label=gettext_lazy("Reason"), accessor="reason"),
        "effect",
        "source",
        Column("estimated", label=gettext_lazy("Certainty"), accessor=lambda e: gettext_lazy("estimated") if e.estimated else ""),
        Column("programme", label=gettext_lazy("Programme"), accessor=lambda e: e.programme or gettext_lazy("all")),
    ]
    panels = [
        FieldRowPanel(["date", "programme"]),
        MultiFieldPanel([FieldRowPanel(["effect", "start", "end"])], heading=gettext_lazy("What changes")),
        FieldRowPanel(["reason_id", "reason_en"]),
        FieldRowPanel(["source", "estimated"]),
    ]

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(queryset=CalendarException.objects.select_related("programme"), **kwargs)

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{"import_url_name": self.get_url_name("import"), **kwargs})

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("import/", self.construct_view(ImportHolidaysView), name="import")]
