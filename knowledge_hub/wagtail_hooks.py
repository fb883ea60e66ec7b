"""Registrations only; the classes are in knowledge_hub/staff/."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from knowledge_hub.staff import agreements
from knowledge_hub.staff.feedback import FeedbackViewSet
from knowledge_hub.staff.search import SearchGroup

register_snippet(SearchGroup)
register_snippet(FeedbackViewSet)

hooks.register("construct_page_action_menu", agreements.adjust_actions)


@hooks.register("insert_global_admin_css")
def add_styles():
    """The colours of the site."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))
