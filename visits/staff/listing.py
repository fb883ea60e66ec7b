"""The list of visits, which is the staff's inbox: queues as tabs, filters, and actions on the ticked visits; it needs no script."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from visits.booking_form.answers import export_columns
from visits.domain import assignment, saved_filters
from visits.domain.calendar_days import VENUE_ZONE, day_of
from visits.enums import VisitStatus
from visits.models import Visit
from visits.permissions import ANY_OF_VISIT, DECIDE
from visits.queries import inbox
from visits.staff import bulk
from visits.staff.forms import SaveFilterForm, SelectedVisitsForm
from visits.staff.tables import SafeExportMixin
from visits.staff.views import ButtonMixin, StaffFormView


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


@dataclass(frozen=True)
class Choice:
    """An option of a filter."""

    value: str
    label: str | Promise
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """A filter with its options, drawn as boxes to tick, or as a list to choose one from."""

    name: str
    label: str | Promise
    choices: list[Choice]


@dataclass(frozen=True)
class Tab:
    """A queue with its number of visits."""

    label: str | Promise
    url: str
    count: int | None
    is_current: bool


@dataclass(frozen=True)
class Heading:
    """A heading of the table; ``url`` sorts by it, ``direction`` is ascending, descending or empty."""

    label: str | Promise
    url: str = ""
    direction: str = ""
    is_wide: bool = False


@dataclass(frozen=True)
class Line:
    """A visit in the table, in plain texts: thirty lines are drawn at once."""

    pk: str
    url: str
    organisation: str
    about: str
    programme: str
    day: str
    time: str
    people: str
    status: str
    status_label: str
    due: str
    tone: str
    officer: str
    letter: str


class Lines:
    """Makes lines of visits; words that are alike in all lines are looked up once."""

    def __init__(self, days: inbox.WorkingDays):
        self.days = days
        self.statuses = {str(value): str(label) for value, label in VisitStatus.choices}
        self.url = reverse("visits_staff:inspect", args=[0]).replace("/0/", "/{}/")
        self.weekdays = [str(name) for name in WEEKDAYS_ABBR.values()]
        self.months = [str(name).title() for name in MONTHS_3.values()]
        self.unknown, self.none, self.waits = (str(words) for words in (_("not recorded"), _("none yet"), _("waits for a place")))
        self.answers = {True: str(_("yes")), False: str(_("no"))}
        self.programmes: dict[int, str] = {}

    def line(self, visit: Visit) -> Line:
        """The line of a visit of inbox.visits()."""
        due = self.days.due(visit)
        day, time = self.when(visit)
        if visit.programme_id and visit.programme_id not in self.programmes:
            self.programmes[visit.programme_id] = visit.programme.name
        region = f" · {visit.region.name}" if visit.region_id else ""
        return Line(
            str(visit.pk),
            self.url.format(visit.pk),
            visit.organisation,
            f"{visit.reference or '–'}{region}",
            self.programmes[visit.programme_id] if visit.programme_id else visit.get_source_display(),
            day,
            time,
            str(visit.group_size or self.unknown),
            visit.status,
            self.statuses[visit.status],
            due.text,
            due.tone,
            assignment.name_of(visit.assigned_to) if visit.assigned_to_id else "–",
            self.answers[visit.has_letter],
        )

    def when(self, visit: Visit) -> tuple[str, str]:
        """Day and time at the venue, in words."""
        if visit.slot_id:
            start = visit.slot.starts_at.astimezone(VENUE_ZONE)
            return self.date(start), f"{start:%H.%M} WIB"
        if visit.waits_from:
            return self.waits, f"{self.date(visit.waits_from)} – {self.date(visit.waits_until)}"
        return (self.date(visit.recorded_date) if visit.recorded_date else self.none), ""

    def date(self, date: dt.date) -> str:
        """A date with weekday."""
        return f"{self.weekdays[date.weekday()]}, {date.day} {self.months[date.month - 1]} {date.year}"


HEADINGS = (
    (_("Visit"), "organisation", False),
    (_("Date and time"), "slot__starts_at", False),
    (_("Number of people"), "group_size", True),
    (_("Status"), "status", False),
    (_("Answer"), "answer_due_at", False),
    (_("Officer"), "assigned_to__first_name", False),
    (_("Letter"), "", True),
)
"""Label and field to sort by; the wide ones are hidden on phones."""

PARAMETERS = (
    "q",
    "queue",
    "status",
    "programme",
    "province",
    "organisation_kind",
    "spoken_language",
    "period_from",
    "period_to",
    "ordering",
)
"""Query parameters that make up a filter."""


class VisitIndexView(SafeExportMixin, IndexView):
    """All visits, the most urgent first. At most 12 queries at any number of visits."""

    any_permission_required = ANY_OF_VISIT
    export_columns = EXPORT_COLUMNS
    list_export = list(EXPORT_COLUMNS)
    page_title = _("Visits")
    template_name = "visits/staff/inbox.html"
    on_behalf_url_name = None
    is_searchable = True
    # For Wagtail, which sorts by the columns that it knows; the template draws its own table.
    columns = [Column(name, label=label, sort_key=name) for label, name, _is_wide in HEADINGS if name]

    @cached_property
    def header_buttons(self):
        """Add the button to enter a request, for users who may."""
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(_("Enter a request"), url=reverse(self.on_behalf_url_name), icon_name="plus")]

    def get_base_queryset(self):
        """All visits; of an export, only the ticked ones if any are."""
        if not self.is_export:
            return inbox.listed(inbox.visits())
        visits, selected = inbox.visits(), SelectedVisitsForm(self.request.GET)
        if selected.is_valid() and selected.cleaned_data["id"]:
            return visits.filter(pk__in=selected.cleaned_data["id"][: bulk.MAX_VISITS])
        return visits

    def url_with(self, **changes: str) -> str:
        """Address of the list with the current filters and some changes; an empty value removes a parameter."""
        query = QueryDict(self.query, mutable=True)
        for name, value in changes.items():
            if value:
                query[name] = value
            else:
                query.pop(name, None)
        return f"{self.index_url}?{query.urlencode()}" if query else self.index_url

    @cached_property
    def query(self) -> str:
        """The current filters as a query string."""
        return saved_filters.cleaned(self.request.GET.urlencode(), PARAMETERS)

    def get_context_data(self, *args, **kwargs):
        """Add tabs, filters and headings; Wagtail's own filters and search of the page's head are not drawn."""
        context = super().get_context_data(*args, **kwargs)
        if self.is_export:
            return context
        now = timezone.now()
        around = inbox.surroundings(now, self.request.user.pk)
        lines = Lines(inbox.WorkingDays(now, around.closed))
        page = context["page_obj"]
        pages = {"page": page.number, "pages": page.paginator.num_pages, "previous_url": "", "next_url": ""}
        if page.has_previous():
            pages["previous_url"] = self.url_with(p=str(page.number - 1))
        if page.has_next():
            pages["next_url"] = self.url_with(p=str(page.number + 1))
        may_decide = self.user_has_permission(DECIDE)
        chosen = self.filters.form.data
        current = chosen.get("queue", "")
        tabs = [Tab(_("All visits"), self.url_with(queue=""), None, current not in inbox.QUEUES)]
        tabs += [
            Tab(label, self.url_with(queue=queue), around.counts[queue], queue == current)
            for queue, label in inbox.QUEUES.items()
            if may_decide or queue != "mine"
        ]
        return (
            context
            | pages
            | {
                "filters": None,
                "search_form": None,
                "lines": [lines.line(visit) for visit in context["object_list"]],
                "tabs": tabs,
                "queue": current,
                "text": self.search_query or "",
                "boxes": self.boxes(around),
                "lists": [self.choices("province", chosen, inbox.provinces())],
                "period": {name: chosen.get(name, "") for name in ("period_from", "period_to")},
                "is_narrowed": bool(self.query),
                "query": self.query,
                "pairs": parse_qsl(self.query),
                "saved": [(key, name, f"{self.index_url}?{query}") for key, name, query in around.filters],
                "save_form": SaveFilterForm(),
                "headings": self.headings(),
                "may_decide": may_decide,
                "bulk_actions": [
                    (reverse("wagtail_bulk_action", args=["visits", "visit", action.action_type]), action.display_name)
                    for action in bulk.BULK_ACTIONS
                ],
            }
        )

    def boxes(self, around: inbox.Surroundings) -> list[Filter]:
        """Filters whose options can be ticked."""
        chosen, fields = self.filters.form.data, self.filters.form.fields
        programmes = [(str(key), name) for key, name in around.programmes]
        plain = ((name, list(fields[name].choices)) for name in ("status", "organisation_kind", "spoken_language"))
        return [self.choices(name, chosen, choices) for name, choices in (*plain, ("programme", programmes))]

    def choices(self, name: str, chosen: QueryDict, choices: list[tuple[str, str]]) -> Filter:
        """A filter with its options."""
        values = set(chosen.getlist(name)) if hasattr(chosen, "getlist") else set()
        return Filter(name, self.filters.form.fields[name].label, [Choice(value, label, value in values) for value, label in choices])

    def headings(self) -> list[Heading]:
        """Headings with the addresses that sort by them."""
        ordering = self.ordering if isinstance(self.ordering, str) else ""
        found = []
        for label, field, is_wide in HEADINGS:
            direction = {field: "ascending", f"-{field}": "descending"}.get(ordering, "") if field else ""
            url = self.url_with(ordering=f"-{field}" if direction == "ascending" else field) if field else ""
            found.append(Heading(label, url, direction, is_wide))
        return found


class _FilterButton(ButtonMixin, StaffFormView):
    """A button of the list that concerns the user's own filters."""

    model = Visit
    any_permission_required = ANY_OF_VISIT

    @property
    def back_url(self) -> str:
        return reverse(self.index_url_name)


class SaveFilterView(_FilterButton):
    """Keeps the current filters under a name."""

    form_class = SaveFilterForm
    success_message = _("The filter “%(name)s” is kept.")

    @property
    def back_url(self) -> str:
        query = saved_filters.cleaned(self.get_form()["query"].value() or "", PARAMETERS)
        return f"{reverse(self.index_url_name)}?{query}" if query else reverse(self.index_url_name)

    def perform(self, form):
        query = saved_filters.cleaned(form.cleaned_data["query"], PARAMETERS)
        return {"name": saved_filters.save(self.request.user, name=form.cleaned_data["name"], query=query).name}


class RemoveFilterView(_FilterButton):
    """Removes one of the user's filters."""

    form_class = forms.Form
    success_message = _("The filter is removed.")

    def perform(self, form):
        saved_filters.remove(self.request.user, self.kwargs["filter_pk"])
