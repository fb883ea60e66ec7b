"""The list of visits, which is the staff's inbox."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from visits.booking_form.answers import export_columns
from visits.domain.calendar_days import VENUE_ZONE, day_of
from visits.permissions import ANY_OF_VISIT, DECIDE
from visits.queries import inbox
from visits.staff.tables import SafeExportMixin, YesNoColumn


def _local(moment, pattern: str) -> str:
    return moment.astimezone(VENUE_ZONE).strftime(pattern) if moment else ""


EXPORT_COLUMNS = {
    "reference": (_("Reference"), lambda visit: visit.reference or ""),
    "status": (_("Status"), lambda visit: visit.get_status_display()),
    **export_columns(),
    "date": (_("Date of the visit"), lambda visit: date.isoformat() if (date := day_of(visit)) else ""),
    "time": (_("Time (WIB)"), lambda visit: _local(visit.starts_at, "%H:%M")),
    "has_letter": (_("Letter"), lambda visit: str(_("yes") if visit.has_letter else _("no"))),
    "submitted": (_("Submitted"), lambda visit: _local(visit.submitted_at, "%Y-%m-%d %H:%M")),
    "answer_due": (_("Answer due"), lambda visit: _local(visit.answer_due_at, "%Y-%m-%d")),
    "decided": (_("Decided"), lambda visit: _local(visit.decided_at, "%Y-%m-%d %H:%M")),
    "source": (_("Source"), lambda visit: visit.get_source_display()),
}
"""Without personal data of contact persons."""


class ReferenceColumn(TitleColumn):
    """Reference, organisation and region, with a link to the desk page."""

    cell_template_name = "visits/staff/cells/reference.html"


class WhenColumn(Column):
    """Date and time at the venue, or the recorded date."""

    cell_template_name = "visits/staff/cells/when.html"


class StatusColumn(Column):
    """The status as a coloured tag."""

    cell_template_name = "visits/staff/cells/status.html"


class DueColumn(Column):
    """The time left for the answer."""

    cell_template_name = "visits/staff/cells/due.html"

    def __init__(self, name, *, days: inbox.WorkingDays, **kwargs):
        super().__init__(name, **kwargs)
        self.days = days

    def get_value(self, instance):
        """Count against the closed days that were read once."""
        return self.days.due(instance)


def _people(visit) -> str:
    """The group size, or “not recorded”."""
    return str(visit.group_size) if visit.group_size else str(_("not recorded"))


class VisitIndexView(SafeExportMixin, IndexView):
    """All visits, the most urgent first."""

    any_permission_required = ANY_OF_VISIT
    export_columns = EXPORT_COLUMNS
    list_export = list(EXPORT_COLUMNS)
    table_classname = "listing visit-list"
    page_title = _("Visits")
    template_name = "visits/staff/list.html"
    on_behalf_url_name = None

    @cached_property
    def header_buttons(self):
        """Add the button to enter a request, for users who may."""
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(_("Enter a request"), url=reverse(self.on_behalf_url_name), icon_name="plus")]

    def get_context_data(self, *args, **kwargs):
        return super().get_context_data(*args, may_decide=self.user_has_permission(DECIDE), **kwargs)

    def get_base_queryset(self):
        return inbox.visits()

    @cached_property
    def columns(self):
        """Computed for each request: the column of answers reads closed days once."""
        desk_url = self.inspect_url_name
        ticks = [BulkActionsCheckboxColumn("bulk_actions", obj_type="visit")] if self.user_has_permission(DECIDE) else []
        return [
            *ticks,
            ReferenceColumn(
                "reference",
                label=_("Visit"),
                sort_key="organisation",
                get_url=lambda visit: reverse(desk_url, args=[visit.pk]),
                get_title_id=lambda visit: f"visit_{visit.pk}_title",
            ),
            WhenColumn("starts_at", label=_("Date and time"), sort_key="slot__starts_at"),
            Column("people", label=_("Number of people"), accessor=_people, sort_key="group_size", classname="visit-list__people"),
            StatusColumn("status", label=_("Status"), sort_key="status"),
            DueColumn("due", label=_("Answer"), days=inbox.WorkingDays(timezone.now()), sort_key="answer_due_at"),
            YesNoColumn("has_letter", label=_("Letter")),
        ]
