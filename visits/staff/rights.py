"""Requests of people about their data, with the time until which they are answered, and the register of incidents."""

import datetime as dt
from functools import cached_property

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from knowledge_hub.core.personal_fields import REGISTER
from visits.documents.all_papers import carrying
from visits.domain import data_requests, erasure, people
from visits.domain.errors import Refused
from visits.enums import DataRequestKind, DataRequestState
from visits.models import DataRequest, Delegate, Erasure, Incident, Visit
from visits.staff.tables import ReadOnlyViewSet, UndeletableViewSet


class AnswerForm(forms.Form):
    """Which rows are the person, and the answer."""

    delegates = forms.ModelMultipleChoiceField(
        Delegate.objects.none(), label=gettext_lazy("Delegates of this name"), required=False, widget=forms.CheckboxSelectMultiple
    )
    contact_of = forms.ModelMultipleChoiceField(
        Visit.objects.none(), label=gettext_lazy("Visits with this contact address"), required=False, widget=forms.CheckboxSelectMultiple
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer to the person"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args, request: DataRequest, **kwargs):
        super().__init__(*args, **kwargs)
        delegates, visits = people.candidates(request.name, request.email, request.visit)
        self.fields["delegates"].queryset, self.fields["contact_of"].queryset = delegates, visits
        self.fields["delegates"].label_from_instance = lambda row: f"{row.name}, {row.position or '–'}: {row.visit}"

    def person(self, request: DataRequest) -> people.Person:
        """The person whom the ticked rows are about."""
        chosen = {name: [row.pk for row in self.cleaned_data[name]] for name in ("delegates", "contact_of")}
        return data_requests.person_of(request, **chosen)


class AnswerView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A request: whose rows they are, what would be removed, and the answer."""

    model = DataRequest
    permission_required = "change"
    template_name = "visits/staff/data_request.html"
    page_title = gettext_lazy("Request about personal data")
    header_icon = "user"

    @cached_property
    def object(self) -> DataRequest:
        """The request. Raises Http404."""
        return get_object_or_404(DataRequest.objects.select_related("visit"), pk=self.kwargs["pk"])

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("visits_rights:index"), "label": DataRequest._meta.verbose_name_plural},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or AnswerForm(request=self.object)
        return super().get_context_data(
            **{
                "data_request": self.object,
                "form": form,
                "is_open": self.object.state == DataRequestState.OPEN,
                "may_erase": self.object.kind == DataRequestKind.DELETION,
                "is_access": self.object.kind == DataRequestKind.ACCESS,
                "is_unproven": not Visit.objects.filter(contact_email__iexact=self.object.email).exists(),
                "proof": _shown(Erasure.objects.filter(request=self.object).first()),
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Preview, or answer in one of the ways."""
        form = AnswerForm(request.POST, request=self.object)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        person, text, action = form.person(self.object), form.cleaned_data["answer"], request.POST.get("action")
        if action == "preview":
            return self.render_to_response(self.get_context_data(form=form, plan=_plan(erasure.plan(person, carrying=carrying))))
        try:
            self._perform(action, person, text)
        except Refused as refusal:
            form.add_error("answer", str(refusal))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        except erasure.Incomplete as left:
            form.add_error(None, _("Nothing was changed, because something would be left: %(fields)s") % {"fields": left})
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(request, _("The answer is on its way to the person."))
        return redirect("visits_rights:index")

    def _perform(self, action: str | None, person: people.Person, text: str) -> None:
        """Raises Refused or erasure.Incomplete."""
        is_named = bool(person.delegates or person.contact_of)
        if action == "erase" and self.object.kind == DataRequestKind.DELETION:
            data_requests.erase(self.object, person, by=self.request.user, text=text, carrying=carrying)
        elif action == "release" and self.object.kind == DataRequestKind.ACCESS:
            if not is_named:
                raise Refused(_("Tick the rows that are this person first."))
            data_requests.answer(self.object, by=self.request.user, text=text, person=person)
        else:
            data_requests.answer(self.object, by=self.request.user, text=text, refused=action == "refuse")


def _moment(at: dt.datetime | None) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def _until(due: dt.datetime | None, done: dt.datetime | None) -> str:
    """A time limit, and whether it passed before something was done."""
    is_late = due is not None and (done or timezone.now()) > due
    return f"{_moment(due)} ({_('too late')})" if is_late else _moment(due)


def _plan(plan: erasure.Plan) -> dict[str, list[tuple[str, int]]]:
    return {name: _named(getattr(plan, name)) for name in ("removed", "kept", "by_hand")}


def _shown(proof: Erasure | None) -> dict | None:
    """A proof in words."""
    return proof and {"at": proof.at, **{name: _named(proof.report.get(name, {})) for name in ("removed", "kept", "by_hand")}}


def _named(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Fields by what they hold, with the number of values."""
    what = {str(field): _(field.what) for field in REGISTER.values()}
    return [(what.get(name, name), count) for name, count in sorted(counts.items())]


class DataRequestIndexView(IndexView):
    """Open requests first, the most urgent at the top."""

    def get_base_queryset(self):
        return DataRequest.objects.exclude(state=DataRequestState.UNCONFIRMED).order_by("closed_at", "due_at")

    columns = [
        TitleColumn(
            "kind",
            label=gettext_lazy("Request"),
            accessor="get_kind_display",
            get_url=lambda request: reverse("visits_rights:answer", args=[request.pk]),
        ),
        Column("state", label=gettext_lazy("Status"), accessor="get_state_display"),
        Column("due_at", label=gettext_lazy("Answer due"), accessor=lambda request: _until(request.due_at, request.closed_at)),
        Column("closed_at", label=gettext_lazy("Answered"), accessor=lambda request: _moment(request.closed_at)),
    ]


class DataRequestViewSet(ReadOnlyViewSet):
    """The queue of requests about personal data."""

    model = DataRequest
    name = "visits_rights"
    url_prefix = "visits/data-requests"
    icon = "user"
    menu_label = gettext_lazy("Personal data")
    index_view_class = DataRequestIndexView

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<int:pk>/", AnswerView.as_view(), name="answer")]


class IncidentViewSet(UndeletableViewSet):
    """The register of incidents with personal data; agency and people must be told within three days."""

    model = Incident
    name = "visits_incidents"
    url_prefix = "visits/incidents"
    icon = "warning"
    menu_label = gettext_lazy("Data incidents")
    list_display = [
        "title",
        Column("found_at", label=gettext_lazy("found"), accessor=lambda incident: _moment(incident.found_at)),
        Column("due_at", label=gettext_lazy("to be told until"), accessor=lambda incident: _until(incident.due_at, incident.told_at)),
        Column("told", label=gettext_lazy("agency and people told"), accessor=lambda incident: _moment(incident.told_at)),
        Column("closed_at", label=gettext_lazy("closed"), accessor=lambda incident: _moment(incident.closed_at)),
    ]
    form_fields = ["title", "found_at", "data", "people", "cause", "measures", "agency_told_at", "people_told_at", "closed_at"]
