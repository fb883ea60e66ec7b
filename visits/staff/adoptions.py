"""Adoptions: reports to be read, and what is known of each adoption."""

from copy import copy

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from knowledge_hub.models import CaseStudyPage
from visits.domain import adoptions
from visits.domain.errors import Refused
from visits.models import Adoption, AdoptionReport
from visits.models.adoption import FACTS
from visits.queries.adoptions import cases_to_choose
from visits.staff.tables import StaffViewSet
from visits.staff.views import ButtonMixin, StaffFormView

AREAS = ("description", "stop_reason", "plan")


def _evidence_url() -> forms.URLField:
    field = Adoption._meta.get_field("evidence_url")
    return forms.URLField(label=capfirst(field.verbose_name), max_length=field.max_length, required=False, assume_scheme="https")


class _FactsForm(forms.ModelForm):
    """What becomes public of an adoption. Its rules are those of the domain."""

    evidence_url = _evidence_url()

    class Meta:
        model = AdoptionReport
        fields = [name for name in FACTS if name != "evidence_file"]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in AREAS}
        help_texts = {"description": gettext_lazy("Public. Leave out names and telephone numbers.")}


class DecideForm(_FactsForm):
    """A report, as staff edit it before it counts."""

    case = forms.ModelChoiceField(CaseStudyPage.objects.none(), label=gettext_lazy("Case study"), required=False)
    field_order = ["case", "status", "mode"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases_to_choose()
        self.initial.setdefault("case", self.instance.case_study_id)


class AdoptionForm(forms.ModelForm):
    """All that staff know about an adoption."""

    evidence_url = _evidence_url()

    class Meta:
        model = Adoption
        fields = ["inbound", "region", "case_study", "title", *_FactsForm.Meta.fields, "learnt_from", "mentor", "agreement", "source"]
        widgets = _FactsForm.Meta.widgets
        help_texts = {**_FactsForm.Meta.help_texts, "source": gettext_lazy("For what is known from a publication: its name and date.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case_study"].queryset = cases_to_choose()
        self.fields["learnt_from"].queryset = Adoption.objects.exclude(pk=self.instance.pk).select_related("region", "case_study")

    def clean(self):
        """Name what was adopted; say why it was stopped."""
        cleaned = super().clean()
        if not cleaned.get("case_study") and not cleaned.get("title"):
            self.add_error("case_study", _("Choose the case study, or write what was adopted."))
        try:
            adoptions.clean(adoptions.Facts(**{name: cleaned.get(name) or "" for name in adoptions.TEXTS}))
        except Refused as refused:
            self.add_error("stop_reason" if cleaned.get("status") else "status", str(refused))
        return cleaned


class _SavedByDomain:
    """Saving goes through the domain, which also logs it."""

    def save_instance(self):
        return adoptions.save(self.form.save(commit=False), by=self.request.user)


class AddView(_SavedByDomain, CreateView):
    """Adds an adoption that staff know of, such as one that Binjai took over."""


class ChangeView(_SavedByDomain, EditView):
    """Changes an adoption."""


class RemoveView(DeleteView):
    """Deletes one that was entered by mistake."""

    def delete_action(self):
        adoptions.remove(self.object, by=self.request.user)


class AdoptionFilterSet(WagtailFilterSet):
    """Filters by status, direction and case."""

    class Meta:
        model = Adoption
        fields = ["status", "inbound", "case_study"]


class AdoptionIndexView(IndexView):
    """All adoptions, the newest change first, with a link to the reports that wait."""

    def get_base_queryset(self):
        return Adoption.objects.select_related("region", "case_study", "visit").order_by("-changed_on", "-pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(waiting=adoptions.waiting().count(), **kwargs)


class ReportsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Reports that nobody decided on, the oldest first."""

    model = Adoption
    permission_required = "view"
    template_name = "visits/staff/adoption_reports.html"
    page_title = gettext_lazy("Reports of adoptions")
    header_icon = "tick-inverse"

    def get_breadcrumbs_items(self):
        index = {"url": reverse("visits_adoptions:index"), "label": Adoption._meta.verbose_name_plural}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(reports=adoptions.waiting().select_related("region", "case_study", "visit")[:200], **kwargs)


class _OfAReport:
    """A page about one report."""

    model = Adoption

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        found = AdoptionReport.objects.select_related("region", "case_study", "visit")
        self.object = get_object_or_404(found, pk=kwargs["pk"])

    @property
    def back_url(self) -> str:
        return reverse("visits_adoptions:reports")


class ReportView(_OfAReport, StaffFormView):
    """One report, to be accepted as edited; who may not decide can read it."""

    permission_required = "view"
    template_name = "visits/staff/adoption_report.html"
    page_title = gettext_lazy("Report of an adoption")
    form_class = DecideForm
    header_icon = "tick-inverse"
    success_message = gettext_lazy("Accepted. It stands on the pages of the case and of the region.")

    def get_breadcrumbs_items(self):
        reports = {"url": self.back_url, "label": ReportsView.page_title}
        return [*self.breadcrumbs_items, reports, {"url": "", "label": str(self.object)}]

    def get_form_kwargs(self):
        # The form edits a copy: what was told stays as it was told.
        return {**super().get_form_kwargs(), "instance": copy(self.object)}

    def get_context_data(self, **kwargs):
        report = self.object
        known = Adoption.objects.filter(region=report.region_id, case_study=report.case_study_id, inbound=False).first()
        may_decide = self.request.user.has_perm("visits.change_adoption") and report.state == AdoptionReport.State.WAITING
        return super().get_context_data(report=report, known=known, may_decide=may_decide, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return super().post(request, *args, **kwargs) if request.user.has_perm("visits.change_adoption") else permission_denied(request)

    def perform(self, form):
        told = form.cleaned_data
        facts = adoptions.Facts(**{name: told[name] for name in adoptions.TEXTS})
        adoptions.accept(self.object, facts, case=told["case"], by=self.request.user)


class PutAsideView(_OfAReport, ButtonMixin, StaffFormView):
    """Puts a report aside."""

    permission_required = "change"
    success_message = gettext_lazy("The report is put aside; nothing is published.")

    def perform(self, form):
        adoptions.refuse(self.object, by=self.request.user)


class EvidenceView(PermissionCheckedMixin, TemplateView):
    """The file of evidence of a report; only staff see it."""

    model = Adoption
    permission_required = "view"

    def get(self, request, pk):
        """Show or download it."""
        file = get_object_or_404(AdoptionReport.objects.exclude(evidence_file=""), pk=pk).evidence_file
        if not file.storage.exists(file.name):
            messages.error(request, _("This file is missing. Please tell the administrator."))
            return redirect("visits_adoptions:report", pk)
        response = FileResponse(file.open("rb"), as_attachment=True, filename=file.name.rsplit("/", 1)[-1])
        response["Cache-Control"] = "private, no-store"
        return response


class AdoptionViewSet(StaffViewSet):
    """Adoptions, with the reports from which they are known."""

    model = Adoption
    name = "visits_adoptions"
    url_prefix = "visits/adoptions"
    icon = "tick-inverse"
    menu_label = gettext_lazy("Adoptions")
    copy_view_enabled = False
    index_view_class = AdoptionIndexView
    add_view_class, edit_view_class, delete_view_class = AddView, ChangeView, RemoveView
    index_template_name = "visits/staff/adoption_index.html"
    filterset_class = AdoptionFilterSet
    list_display = [
        TitleColumn(
            "what", label=gettext_lazy("What"), accessor="what", get_url=lambda row: reverse("visits_adoptions:edit", args=[row.pk])
        ),
        Column("region", label=gettext_lazy("Region"), accessor="region"),
        Column("status", label=gettext_lazy("Status"), accessor="get_status_display", sort_key="status"),
        Column("visit", label=gettext_lazy("Visit"), accessor="visit"),
        DateColumn("changed_on", label=gettext_lazy("Since"), sort_key="changed_on"),
    ]
    search_fields = ["region__name", "title", "organisation"]
    list_per_page = 50

    def get_form_class(self, for_update=False):
        return AdoptionForm

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("reports/", ReportsView.as_view(), name="reports"),
            path("reports/<int:pk>/", ReportView.as_view(), name="report"),
            path("reports/<int:pk>/aside/", PutAsideView.as_view(), name="aside"),
            path("reports/<int:pk>/evidence/", EvidenceView.as_view(), name="evidence"),
        ]
