"""Registrations only: what stands behind them is in visits/staff and visits/log_actions."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from visits import log_actions
from visits.models import Gift, IncomingLetter, ReplyLetter, Visit
from visits.staff.bulk import BULK_ACTIONS
from visits.staff.dashboard import VisitsPanel
from visits.staff.digest import DigestPanel
from visits.staff.viewsets import VisitsGroup


@hooks.register("register_log_actions")
def register_log_actions(actions):
    """Let the history of a visit speak in sentences."""
    log_actions.register(actions)


@hooks.register("register_admin_viewset")
def register_viewsets():
    """The menu of visits."""
    return VisitsGroup()


@hooks.register("construct_homepage_panels")
def add_panel(request, panels):
    """What needs attention today, first on the staff's home page."""
    panels.insert(0, VisitsPanel(request))


@hooks.register("insert_global_admin_css")
def add_styles():
    """The look of the visits' pages in the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/staff.css"))


# Who sees visits sees what was exchanged on them.
register_permission_policy(Gift, ModelPermissionPolicy(Visit))
# … and the letters.
register_permission_policy(IncomingLetter, ModelPermissionPolicy(Visit))
register_permission_policy(ReplyLetter, ModelPermissionPolicy(Visit))

hooks.register("register_account_settings_panel", DigestPanel)
for bulk_action in BULK_ACTIONS:
    hooks.register("register_bulk_action", bulk_action)
