"""Viewset of certificate templates, with a live preview for a real delegate."""

from csp.decorators import csp_replace
from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import CreateView, EditView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from knowledge_hub.papers import PaperRefused
from visits.documents.preview import warm
from visits.domain.calendar_days import local_date
from visits.domain.certificates import snapshot_of, template_values
from visits.domain.file_names import file_name
from visits.models import CertificateTemplate
from visits.queries import certificates
from visits.staff.certificate_template_forms import CertificateTemplateForm, PreviewForm
from visits.staff.files import shown_pdf
from visits.staff.tables import UndeletableViewSet

# Browsers show PDFs with a plug-in, to which object-src applies.
SHOWS_A_PDF = {**settings.ADMIN_CONTENT_SECURITY_POLICY, "object-src": ["'self'"]}


class PreviewedFormMixin:
    """A form with a preview of the certificate."""

    template_name = "visits/staff/certificate_template.html"
    preview_url_name = None

    def get_context_data(self, **kwargs):
        """Add the selection of a person and the URL of the preview."""
        return super().get_context_data(
            preview_form=PreviewForm(people=certificates.recent_delegates()),
            preview_url=reverse(self.preview_url_name, args=[self.object.pk] if getattr(self, "object", None) else []),
            **kwargs,
        )


class TemplateCreateView(PreviewedFormMixin, CreateView):
    """Adds a template."""


class TemplateEditView(PreviewedFormMixin, EditView):
    """Changes a template; issued certificates are not affected."""


@method_decorator(csp_replace(SHOWS_A_PDF), name="dispatch")
class PreviewView(PermissionCheckedMixin, View):
    """The certificate of the posted form as PDF; changes nothing."""

    model = CertificateTemplate
    any_permission_required = ["add", "change"]
    http_method_names = ["post", "options"]

    def post(self, request, pk=None):
        """Draw it, or show the errors."""
        template = get_object_or_404(CertificateTemplate, pk=pk) if pk else CertificateTemplate()
        form = CertificateTemplateForm(request.POST, request.FILES, instance=template)
        choice = PreviewForm(request.POST, people=certificates.recent_delegates())
        # The name is not printed, so the preview works without it.
        form.fields["name"].required = False
        if not form.is_valid():
            return self.refused(request, [error for errors in form.errors.values() for error in errors])
        person = choice.cleaned_data["person"] if choice.is_valid() else None
        try:
            paper = warm.draw(self.snapshot(form.filled(), person))
        except PaperRefused as refusal:
            return self.refused(request, [str(refusal)])
        return shown_pdf(paper, file_name(str(form.cleaned_data.get("name") or _("Preview")), "pdf"))

    def snapshot(self, template: CertificateTemplate, person) -> dict:
        """Data of the certificate for this person."""
        today = local_date(timezone.now())
        if person is None:
            return {**certificates.example_snapshot(today), **template_values(template)}
        return snapshot_of(person, person.visit, number="SK-0000-00000", issued_on=today, template=template)

    def refused(self, request, reasons):
        """A small page with the errors, for the frame."""
        return render(request, "visits/staff/certificate_preview_refused.html", {"reasons": reasons}, status=422)


class CertificateTemplateViewSet(UndeletableViewSet):
    """Certificate templates; certificates refer to them, so they are deactivated instead of deleted."""

    model = CertificateTemplate
    name = "visits_certificate_templates"
    url_prefix = "visits/certificate-templates"
    icon = "doc-full"
    menu_label = _("Certificate templates")
    add_view_class = TemplateCreateView
    edit_view_class = TemplateEditView
    create_template_name = edit_template_name = PreviewedFormMixin.template_name
    list_display = [
        "name",
        Column("design", label=_("Design"), accessor="get_design_display"),
        Column("signatory_name", label=_("Signatory"), accessor="signatory_name"),
        BooleanColumn("is_default", label=_("Usual")),
        BooleanColumn("active", label=_("In use")),
        Column("version", label=_("Version"), accessor="version"),
    ]
    ordering = ("name",)

    def get_form_class(self, for_update=False):
        return CertificateTemplateForm

    def get_urlpatterns(self):
        """Add the preview, for new and existing templates."""
        preview = self.construct_view(PreviewView)
        return [
            *super().get_urlpatterns(),
            path("preview/", preview, name="preview"),
            path("preview/<int:pk>/", preview, name="preview"),
        ]

    def get_add_view_kwargs(self, **kwargs):
        return super().get_add_view_kwargs(**{"preview_url_name": self.get_url_name("preview"), **kwargs})

    def get_edit_view_kwargs(self, **kwargs):
        return super().get_edit_view_kwargs(**{"preview_url_name": self.get_url_name("preview"), **kwargs})
