"""Actions of the page editor for agreements."""

from django.utils.translation import gettext as _
from wagtail.admin.action_menu import PublishMenuItem, SubmitForModerationMenuItem

from knowledge_hub.agreements import approval
from knowledge_hub.models import CollaborationDocumentPage


class SubmitToPartnersItem(SubmitForModerationMenuItem):
    """The button that submits a new agreement, named after the approval that it starts and not after that of its parent page."""

    def is_shown(self, context):
        """Whether the approval workflow exists."""
        return approval.workflow() is not None

    def get_context_data(self, parent_context):
        """Add the name of the approval workflow of the three partners."""
        context = super().get_context_data(parent_context)
        context["label"] = _("Submit to %(workflow_name)s") % {"workflow_name": approval.workflow().name}
        return context


def adjust_actions(menu_items: list, request, context: dict) -> None:
    """Remove “Publish” from the actions of an agreement: its approvals publish it."""
    if _page_class(request, context) is not CollaborationDocumentPage:
        return
    menu_items[:] = [item for item in menu_items if not isinstance(item, PublishMenuItem)]
    if context["view"] == "create":
        menu_items[:] = [
            SubmitToPartnersItem(order=item.order) if type(item) is SubmitForModerationMenuItem else item for item in menu_items
        ]


def _page_class(request, context) -> type | None:
    if page := context.get("page"):
        return page.specific_class
    wanted = (request.resolver_match.kwargs.get("content_type_app_name"), request.resolver_match.kwargs.get("content_type_model_name"))
    meta = CollaborationDocumentPage._meta
    return CollaborationDocumentPage if wanted == (meta.app_label, meta.model_name) else None
