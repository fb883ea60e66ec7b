"""Panels of the admin home page about the knowledge base."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from knowledge_hub.content_health import worklists
from knowledge_hub.models import ContactSettings, KnowledgeIndexPage
from knowledge_hub.staff import reports
from knowledge_hub.staff.groups import REPORTS

SHOWN = (reports.UnverifiedReport, reports.EndingReport, reports.FailedSearchReport, reports.BrokenLinkReport, reports.UntranslatedReport)
FEEDBACK = "knowledge_hub.view_pagefeedback"


class WritePanel(Component):
    """Links to new pages: each page type below each index of the knowledge base."""

    name = "write"
    template_name = "knowledge_hub/staff/write.html"
    order = 230

    def __init__(self, request):
        self.request = request

    def render_html(self, parent_context=None):
        """Empty for users who may not add a page."""
        context = self.get_context_data(parent_context)
        return render_to_string(self.template_name, context) if context["indexes"] else ""

    def get_context_data(self, parent_context):
        """The locale of each index, with name and add-form address of each page type."""
        indexes = KnowledgeIndexPage.objects.live().select_related("locale").order_by("path")
        own = [index for index in indexes if index.permissions_for_user(self.request.user).can_add_subpage()]
        return {"indexes": [(index.locale, _forms(index)) for index in own]}


def _forms(index: KnowledgeIndexPage) -> list[tuple[str, str]]:
    kinds = [model._meta for model in index.creatable_subpage_models()]
    return [(kind.verbose_name, reverse("wagtailadmin_pages:add", args=[kind.app_label, kind.model_name, index.pk])) for kind in kinds]


class CarePanel(Component):
    """Counts of content that needs work, with links to their reports."""

    name = "knowledge_care"
    template_name = "knowledge_hub/staff/dashboard.html"
    # After the tasks of the current user.
    order = 240

    def __init__(self, request):
        self.request = request

    def render_html(self, parent_context=None):
        """Empty for users who may not read reports."""
        return super().render_html(parent_context) if self.request.user.has_perm(REPORTS) else ""

    def get_context_data(self, parent_context):
        """The counts, one query each."""
        figures = []
        for report in SHOWN:
            view = report()
            view.request = self.request
            figures.append((report.page_title, view.get_base_queryset().order_by().count(), reverse(f"knowledge_reports:{report.slug}")))
        if self.request.user.has_perm(FEEDBACK):
            address = reverse("wagtailsnippets_knowledge_hub_pagefeedback:list")
            figures.append((_("Questions and reported errors"), worklists.open_feedback().count(), address))
        return {"figures": figures}


class ContactPanel(Component):
    """Asks those who may change the contact for what is missing in it. Empty if nothing is."""

    name = "contact"
    template_name = "knowledge_hub/staff/contact_panel.html"
    order = 45

    def __init__(self, request):
        self.request = request

    def render_html(self, parent_context=None):
        """The panel, or an empty string."""
        if not self.request.user.has_perm("knowledge_hub.change_contactsettings"):
            return ""
        context = self.get_context_data(parent_context)
        return render_to_string(self.template_name, context) if context["missing"] else ""

    def get_context_data(self, parent_context):
        """Names of the missing fields, and the address of the form."""
        address = reverse("wagtailsettings:edit", args=["knowledge_hub", "contactsettings"])
        return {"missing": ", ".join(ContactSettings.load(request_or_site=self.request).missing), "address": address}
