"""What the staff's home page says of the knowledge base."""

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from knowledge_hub.care import lists
from knowledge_hub.permissions import REPORTS
from knowledge_hub.staff import reports

SHOWN = (reports.UnverifiedReport, reports.EndingReport, reports.FailedSearchReport, reports.BrokenLinkReport, reports.UntranslatedReport)
FEEDBACK = "knowledge_hub.view_pagefeedback"


class CarePanel(Component):
    """What needs care, as figures that lead to their lists."""

    name = "knowledge_care"
    template_name = "knowledge_hub/staff/dashboard.html"
    order = 60

    def __init__(self, request):
        self.request = request

    def render_html(self, parent_context=None):
        """Nothing for those who may not read reports."""
        return super().render_html(parent_context) if self.request.user.has_perm(REPORTS) else ""

    def get_context_data(self, parent_context):
        """The figures: one query each."""
        figures = []
        for report in SHOWN:
            view = report()
            view.request = self.request
            figures.append((report.page_title, view.get_base_queryset().order_by().count(), reverse(f"knowledge_reports:{report.slug}")))
        if self.request.user.has_perm(FEEDBACK):
            address = reverse("wagtailsnippets_knowledge_hub_pagefeedback:list")
            figures.append((_("Questions and reported errors"), lists.open_feedback().count(), address))
        return {"figures": figures}
