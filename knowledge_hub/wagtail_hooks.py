"""Registrations only; the classes and functions are in knowledge_hub/staff/ and knowledge_hub/views/."""

from django.contrib.auth.models import Permission
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from knowledge_hub.models import BrokenLink
from knowledge_hub.staff import agreements, content_checks, reports
from knowledge_hub.staff.dashboard import CarePanel, WritePanel
from knowledge_hub.staff.feedback import FeedbackViewSet
from knowledge_hub.staff.guide import GuideView
from knowledge_hub.staff.search import SearchGroup, SearchPanel
from knowledge_hub.views.serving import serve_published

register_snippet(SearchGroup)
register_snippet(FeedbackViewSet)

hooks.register("construct_page_action_menu", agreements.adjust_actions)
hooks.register("on_serve_page", serve_published)
hooks.register("construct_wagtail_userbar", content_checks.use_our_checker)


@hooks.register("insert_global_admin_css")
def add_styles():
    """The colours of the site."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("insert_editor_js")
def add_one_save():
    """A press of a button waits for the save that Wagtail does by itself."""
    return format_html('<script src="{}"></script>', static("js/one-save.js"))


@hooks.register("register_admin_urls")
def add_addresses():
    """The reports, and the guide for editors."""
    return [
        path("reports/knowledge/", include((reports.urlpatterns(), "knowledge_reports"))),
        path("guide/", GuideView.as_view(), name="editors_guide"),
    ]


for number in range(len(reports.ALL)):
    hooks.register("register_reports_menu_item", lambda number=number: reports.menu_items()[number])


@hooks.register("register_help_menu_item")
def add_guide():
    """The guide for editors, first in the help menu."""
    return MenuItem(GuideView.page_title, reverse("editors_guide"), name="guide", icon_name="help", order=10)


@hooks.register("construct_homepage_panels")
def add_panel(request, panels):
    """What can be written, what needs care, and troubles of the search while there are any, on the staff's home page."""
    panels += [WritePanel(request), CarePanel(request), SearchPanel(request)]


@hooks.register("register_permissions")
def offer_permissions():
    """Reading reports can be given to a group in the admin."""
    return Permission.objects.filter(content_type__app_label=BrokenLink._meta.app_label, codename="read_reports")
