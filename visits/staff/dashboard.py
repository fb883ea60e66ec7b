"""The panel of visits on the admin home page."""

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from visits.permissions import ANY_OF_VISIT, DISPOSE
from visits.queries import inbox, letter_register


class VisitsPanel(Component):
    """Waiting requests, late answers, and today's visits, with links to their lists."""

    name = "visits"
    template_name = "visits/staff/dashboard.html"
    order = 50

    def __init__(self, request):
        self.request = request

    @property
    def is_shown(self) -> bool:
        return any(self.request.user.has_perm(f"visits.{action}_visit") for action in ANY_OF_VISIT)

    def render_html(self, parent_context=None):
        """Render nothing for users who may not see visits."""
        return super().render_html(parent_context) if self.is_shown else ""

    def get_context_data(self, parent_context):
        user = self.request.user
        disposes = user.has_perm(f"visits.{DISPOSE}_visit")
        return {
            "counts": inbox.counts(timezone.now()),
            "list_url": reverse("visits_staff:index"),
            "dispositions": letter_register.queue_of(user).count() if disposes else 0,
        }
