"""The staff's calendar of visits: a table, and the same period in FullCalendar, where visits can be dragged.

A dropped visit is moved or proposed with the same rules as in date_views.py; if more input is needed, it links to those pages.
"""

import datetime as dt

from django import forms
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from knowledge_hub.core.language import active_language
from visits.domain import displacement, resources, scheduling
from visits.domain.calendar_days import VENUE_ZONE, local_date, session_times
from visits.domain.errors import Refused
from visits.enums import Actor, VisitStatus
from visits.models import Programme, Resource, Visit, VisitSlot
from visits.permissions import DECIDE
from visits.queries import planner
from visits.queries.dates import month_after
from visits.staff import actions

WEEK, MONTH = "week", "month"
LONGEST = dt.timedelta(days=62)
"""The longest period that FullCalendar may request."""


class PlannerFilterForm(forms.Form):
    """Filters by programme and resource."""

    programme = forms.ModelChoiceField(Programme.objects.all(), required=False)
    resource = forms.ModelChoiceField(Resource.objects.filter(active=True), required=False)


class PlannerForm(forms.Form):
    """Query parameters of the week or month; others are ignored."""

    view = forms.ChoiceField(choices=[(WEEK, gettext_lazy("Week")), (MONTH, gettext_lazy("Month"))], required=False)
    date = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


def _key(value: str) -> int | None:
    return int(value) if value else None


class PlannerChoiceForm(forms.Form):
    """The filters on the page, with choices that were read already."""

    programme = forms.TypedChoiceField(coerce=_key, empty_value=None, label=gettext_lazy("Programme"), required=False)
    resource = forms.TypedChoiceField(coerce=_key, empty_value=None, label=gettext_lazy("Room or person"), required=False)

    def __init__(self, *args, context: planner.PlannerContext, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = [("", _("All programmes")), *context.programmes]
        self.fields["resource"].choices = [("", _("All rooms and people")), *context.resources]


YEARS = range(2000, 2101)
"""Years that the calendar shows; conversions between time zones fail at the ends of datetime's range."""


class VenueMomentField(forms.CharField):
    """A datetime in ISO 8601; without an offset it is the venue's local time."""

    def clean(self, value):
        text = super().clean(value)
        try:
            moment = parse_datetime(text) if len(text) > len("2026-01-01") else parse_datetime(f"{text}T00:00")
        except ValueError:
            moment = None
        if moment is None or not YEARS[0] <= moment.year <= YEARS[-1]:
            raise forms.ValidationError(_("This is no date."))
        return moment if moment.tzinfo else moment.replace(tzinfo=VENUE_ZONE)


class PeriodForm(PlannerFilterForm):
    """The period that FullCalendar requests."""

    start = VenueMomentField(max_length=40)
    end = VenueMomentField(max_length=40)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("start") and cleaned.get("end") and not dt.timedelta() < cleaned["end"] - cleaned["start"] <= LONGEST:
            raise forms.ValidationError(_("The period is too long."))
        return cleaned


class DropForm(forms.Form):
    """Where a visit was dropped."""

    revision = forms.IntegerField(min_value=0)
    starts_at = VenueMomentField(max_length=40)
    message = forms.CharField(max_length=4000, required=False)


class PlannerView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A week or a month. The period is a query parameter, so that table and FullCalendar show the same."""

    model = Visit
    permission_required = "view"
    template_name = "visits/staff/planner.html"
    page_title = gettext_lazy("Calendar of visits")
    header_icon = "calendar-alt"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        period = PlannerForm(self.request.GET)
        period.is_valid()
        wish = period.cleaned_data
        today = local_date(timezone.now())
        is_month = wish.get("view") == MONTH
        date = min(max(wish.get("date") or today, dt.date(YEARS[0], 1, 1)), dt.date(YEARS[-1], 1, 1))
        start = date.replace(day=1) if is_month else date - dt.timedelta(days=date.isoweekday() - 1)
        end = month_after(start) if is_month else start + dt.timedelta(days=7)
        context = planner.planner_context(start, end)
        form = PlannerChoiceForm(self.request.GET, context=context)
        form.is_valid()
        chosen = {name: key for name, key in form.cleaned_data.items() if key}
        days = planner.days(start, end, context.closed(chosen.get("programme")), **chosen)
        narrowed = "".join(f"&{name}={key}" for name, key in chosen.items())
        may_decide = self.request.user.has_perm(f"visits.{DECIDE}_visit")
        return super().get_context_data(
            form=form,
            days=days,
            start=start,
            last=end - dt.timedelta(days=1),
            today=today,
            is_month=is_month,
            previous=month_after(start, -1) if is_month else start - dt.timedelta(days=7),
            following=end,
            narrowed=narrowed,
            may_decide=may_decide,
            settings=self.settings(days, start, is_month=is_month, narrowed=narrowed, may_decide=may_decide),
            **kwargs,
        )

    def settings(self, days: list[planner.Day], start: dt.date, *, is_month: bool, narrowed: str, may_decide: bool) -> dict:
        """Settings of FullCalendar, as plain values."""
        moments = [e for day in days for entry in day.entries if entry.visit for e in (entry.starts_at, entry.ends_at)]
        moments += [moment for day in days for slot in day.sessions for moment in (slot.starts_at, slot.ends_at)]
        hours = [(moment.astimezone(VENUE_ZONE).hour, moment.astimezone(VENUE_ZONE).minute > 0) for moment in moments]
        return {
            "events": f"{reverse('visits_planner:events')}?{narrowed[1:]}",
            "closed": [_closed(day, is_month=is_month) for day in days if day.closed],
            "view": "dayGridMonth" if is_month else "timeGridWeek",
            "date": start.isoformat(),
            "now": timezone.now().astimezone(VENUE_ZONE).strftime("%Y-%m-%dT%H:%M:%S"),
            "language": active_language(),
            "from": f"{min([8, *(hour for hour, _more in hours)]):02d}:00:00",
            "until": f"{max([16, *(hour + more for hour, more in hours)]):02d}:00:00",
            "editable": may_decide,
        }


def _closed(day: planner.Day, *, is_month: bool) -> dict:
    """A closed day as an event of FullCalendar: a whole day in the month, hours in the week."""
    title = _("Closed: %(reason)s") % {"reason": day.closed}
    period = {"start": day.date.isoformat(), "allDay": True}
    if not is_month:
        period = {"start": _local(planner.midnight(day.date)), "end": _local(planner.midnight(day.date + dt.timedelta(days=1)))}
    return {**period, "title": title, "display": "background", "classNames": ["planner-closed"]}


def _local(moment: dt.datetime) -> str:
    return moment.astimezone(VENUE_ZONE).strftime("%Y-%m-%dT%H:%M:%S")


class EventsView(PermissionCheckedMixin, View):
    """Events for FullCalendar as JSON: local times of the venue and organisations, no personal data.

    Three queries, and one for each filter.
    """

    model = Visit
    permission_required = "view"
    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        form = PeriodForm(request.GET)
        if not form.is_valid():
            return JsonResponse({"error": " ".join(error for errors in form.errors.values() for error in errors)}, status=400)
        data = form.cleaned_data
        may_decide = request.user.has_perm(f"visits.{DECIDE}_visit")
        now = timezone.now()
        narrow = {name: data[name].pk for name in ("programme", "resource") if data[name]}
        found = planner.entries(data["start"], data["end"], **narrow)
        events = [self.event(entry, can_drag=may_decide and entry.starts_at > now) for entry in found]
        sessions = planner.open_sessions(data["start"], data["end"], programme=narrow.get("programme"))
        events += [{"start": _local(slot.starts_at), "end": _local(slot.ends_at), "display": "background"} for slot in sessions]
        response = JsonResponse(events, safe=False)
        response["Cache-Control"] = "no-store, private"
        return response

    def event(self, entry: planner.Entry, *, can_drag: bool) -> dict:
        """An event; its title says what its pattern shows."""
        names = ", ".join(resource.name for resource in entry.resources)
        event = {
            "start": _local(entry.starts_at),
            "end": _local(entry.ends_at),
            "classNames": ["planner-event", f"planner-event--{entry.kind}"],
            "editable": False,
        }
        if entry.visit is None:
            return event | {"title": _("Blocked: %(what)s (%(why)s)") % {"what": names, "why": entry.note}}
        visit = entry.visit
        status = _("Proposed date") if entry.kind == "proposed" else visit.get_status_display()
        people = f" ({visit.group_size})" if visit.group_size else ""
        return event | {
            "id": f"{entry.kind}-{visit.pk}",
            "title": f"{visit.organisation}{people} – {status}" + (f" · {names}" if names else ""),
            "url": reverse("visits_staff:inspect", args=[visit.pk]),
            "editable": can_drag and entry.kind in ("accepted", "pending") and visit.status in _DRAGGED,
            "extendedProps": {
                "name": f"{visit.reference or ''} {visit.organisation}".strip(),
                "revision": visit.revision,
                "drop": reverse("visits_planner:drop", args=[visit.pk]),
                "moves": visit.status == VisitStatus.APPROVED,
            },
        }


_DRAGGED = frozenset({VisitStatus.APPROVED, VisitStatus.SUBMITTED, VisitStatus.NEEDS_INFO})
"""A scheduled visit is moved, a request is offered another date."""


class DropView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """Moves a dropped visit or proposes its new date; a refusal is returned with a sentence and the URL of the form."""

    model = Visit
    permission_required = DECIDE
    http_method_names = ["post", "options"]

    def get_base_object_queryset(self):
        return Visit.objects.select_related("programme", "slot", "region")

    def post(self, request, *args, **kwargs):
        """Move or propose."""
        form = DropForm(request.POST)
        if not form.is_valid():
            return self.refuse(_("That did not arrive completely. Please press the button again."), status=400)
        visit: Visit = self.object
        visit.revision = form.cleaned_data["revision"]
        slot = planner.session_at(visit.programme, form.cleaned_data["starts_at"]) if visit.programme else None
        if slot is None:
            return self.refuse(self.no_session(form.cleaned_data["starts_at"]))
        try:
            self.change(visit, slot, form.cleaned_data["message"])
        except Refused as refusal:
            return self.refuse(str(refusal), slot)
        return JsonResponse({"done": True})

    def change(self, visit: Visit, slot: VisitSlot, message: str) -> None:
        """Call the domain, as the pages do; raises Refused."""
        when = f"{formats.date_format(local_date(slot.starts_at))}, {session_times(slot)}"
        if visit.status != VisitStatus.APPROVED:
            scheduling.propose(visit, slot, by=Actor.STAFF, user=self.request.user, message=message)
            messages.success(self.request, _("%(when)s is proposed to %(visit)s.") % {"when": when, "visit": visit})
            return
        chosen = resources.choose(visit, slot)
        if displaced := displacement.displaced_by(visit, slot, chosen):
            raise Refused(
                _("This would take the session of others: %(who)s. Go on with the form, which lists them.")
                % {"who": ", ".join(str(other) for other in displaced)}
            )
        moved = scheduling.move(visit, slot, user=self.request.user, message=message, chosen=chosen)
        messages.success(self.request, _("%(visit)s is moved to %(when)s.") % {"visit": moved, "when": when})

    def no_session(self, moment: dt.datetime) -> str:
        """A sentence with the sessions of that day."""
        start = planner.midnight(local_date(moment))
        slots = (
            self.object.programme.slots.filter(starts_at__gte=start, starts_at__lt=start + dt.timedelta(days=1))
            if self.object.programme
            else []
        )
        times = ", ".join(session_times(slot) for slot in slots)
        if times:
            return _("No session begins then. On that day there are: %(times)s.") % {"times": times}
        return _("There is no session on that day. Drop the visit on one of the marked sessions.")

    def refuse(self, sentence: str, slot: VisitSlot | None = None, *, status: int = 409) -> JsonResponse:
        """A response with the sentence and the URL of the form."""
        action = next((action for action in (actions.MOVE, actions.PROPOSE) if action.is_possible(self.object)), None)
        url = action.url_for(self.object) + (f"?slot={slot.pk}" if slot else "") if action else ""
        return JsonResponse({"error": sentence, "form": url}, status=status)


class PlannerMenuItem(MenuItem):
    """Shown to users who may see visits."""

    def is_shown(self, request):
        return request.user.has_perm("visits.view_visit")


class PlannerViewSet(ViewSet):
    """The calendar of visits."""

    name = "visits_planner"
    url_prefix = "visits/planner"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Calendar of visits")
    menu_item_class = PlannerMenuItem

    def get_urlpatterns(self):
        return [
            path("", PlannerView.as_view(), name="index"),
            path("events/", EventsView.as_view(), name="events"),
            path("drop/<int:pk>/", DropView.as_view(), name="drop"),
        ]
