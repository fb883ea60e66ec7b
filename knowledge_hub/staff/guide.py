"""The guide for editors in the help menu."""

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from knowledge_hub.models import Partner
from knowledge_hub.staff import groups


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    """How to write, publish and maintain pages; for everybody with access to the admin."""

    template_name = "knowledge_hub/staff/guide.html"
    page_title = _("Guide for editors")
    header_icon = "help"

    def get_context_data(self, **kwargs):
        """Add the names of the groups as in the admin."""
        partners = [(Partner(partner).label, groups.editors(partner), groups.approvers(partner)) for partner in Partner.values]
        return super().get_context_data(**kwargs, groups=partners, moderators=groups.MODERATORS, auditors=groups.AUDITORS)
