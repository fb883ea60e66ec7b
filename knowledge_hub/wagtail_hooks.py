"""Registrations only; the classes and functions are in knowledge_hub/staff/ and knowledge_hub/views/."""

from django.contrib.auth.models import Permission
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from knowledge_hub.accounts import security
from knowledge_hub.core.admin_scripts import OUR_SCRIPT
from knowledge_hub.models import BrokenLink
from knowledge_hub.staff import agreements, content_checks, health, reports
from knowledge_hub.staff.dashboard import CarePanel, ContactPanel, WritePanel
from knowledge_hub.staff.feedback import FeedbackViewSet
from knowledge_hub.staff.guide import GuideView
from knowledge_hub.staff.search import SearchGroup, SearchPanel
from knowledge_hub.views.serving import serve_published

register_snippet(SearchGroup)
register_snippet(FeedbackViewSet)

hooks.register("register_account_settings_panel", security.SecurityPanel)
hooks.register("register_user_listing_buttons", security.reset_button)
hooks.register("construct_page_action_menu", agreements.adjust_actions)
hooks.register("on_serve_page", serve_published)
hooks.register("construct_wagtail_userbar", content_checks.use_our_checker)


@hooks.register("insert_global_admin_css")
def add_styles():
    """Load the site's colours in the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("insert_global_admin_js")
def add_nonces():
    """Load the script that lets Wagtail's dialogs run their scripts."""
    return format_html('<script src="{}"></script>', static(OUR_SCRIPT))


@hooks.register("insert_editor_js")
def add_one_save():
    """Load the script that makes buttons wait for Wagtail's autosave."""
    return format_html('<script src="{}"></script>', static("js/one-save.js"))


@hooks.register("register_admin_urls")
def add_addresses():
    """URL patterns of the reports and of the guide for editors."""
    return [
        path("reports/knowledge/", include((reports.urlpatterns(), "knowledge_reports"))),
        path("account/security/", security.SecurityView.as_view(), name="account_security"),
        path("users/<int:pk>/second-factor/", security.ResetFactorView.as_view(), name="account_reset_factor"),
        path("reports/health/", health.HealthView.as_view(), name=health.URL_NAME),
        path("guide/", GuideView.as_view(), name="editors_guide"),
    ]


for number in range(len(reports.ALL)):
    hooks.register("register_reports_menu_item", lambda number=number: reports.menu_items()[number])


@hooks.register("register_log_actions")
def name_actions(actions):
    """Name what is done with accounts in the log."""
    for action, label in {
        "second_factor_set_up": _("Second factor set up"),
        "second_factor_removed": _("Second factor removed"),
        "recovery_codes_renewed": _("Recovery codes renewed"),
        "recovery_code_used": _("Recovery code used"),
        "security_key_added": _("Security key added"),
        "security_key_removed": _("Security key removed"),
    }.items():
        actions.register_action(f"knowledge_hub.{action}", label, label)


@hooks.register("register_reports_menu_item")
def add_health():
    """Add the page about the state of the site."""
    return health.menu_item(reverse(health.URL_NAME))


@hooks.register("register_help_menu_item")
def add_guide():
    """Add the guide for editors as first item of the help menu."""
    return MenuItem(GuideView.page_title, reverse("editors_guide"), name="guide", icon_name="help", order=10)


@hooks.register("construct_homepage_panels")
def add_panel(request, panels):
    """Add the panels of the contact and the knowledge base to the admin home page."""
    panels += [ContactPanel(request), WritePanel(request), CarePanel(request), SearchPanel(request)]


@hooks.register("register_permissions")
def offer_permissions():
    """Let administrators grant the permission to read reports."""
    return Permission.objects.filter(content_type__app_label=BrokenLink._meta.app_label, codename="read_reports")
