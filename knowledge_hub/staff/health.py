"""The page “Site health” for administrators, and what the knowledge base asks of its own content and index."""

import shutil

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import AdminOnlyMenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from knowledge_hub.core import health
from knowledge_hub.core.health import Check, Depth, Unwell
from knowledge_hub.models import ContactSettings
from knowledge_hub.papers.coverage import LISTS_FONTS, undrawable
from knowledge_hub.search import integrity

URL_NAME = "site_health"
OTHER_SCRIPTS = "\u0639\u0905\u0e01\ua9b1\u6f22"
"""A letter of Arabic, Devanagari, Thai, Javanese and Chinese each."""


class HealthView(WagtailAdminTemplateMixin, TemplateView):
    """What is well and what is not, with what to do. For administrators."""

    template_name = "knowledge_hub/staff/health.html"
    page_title = gettext_lazy("Site health")
    header_icon = "success"

    def dispatch(self, request, *args, **kwargs):
        """Refuse everybody who is no administrator."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        """Home, this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        """Make the checks, those that need attention first."""
        found = sorted(health.findings(Depth.PAGE), key=lambda finding: finding.is_well)
        return super().get_context_data(**kwargs, findings=found, wrong=sum(not finding.is_well for finding in found))


def menu_item(url: str) -> AdminOnlyMenuItem:
    """The item of the reports menu."""
    return AdminOnlyMenuItem(HealthView.page_title, url, name="site-health", icon_name="success", order=50)


def contact() -> str:
    """Ask whether the office has entered how guests reach it."""
    if missing := ContactSettings.load().missing:
        raise Unwell(
            _("The contact page lacks %(missing)s. Enter it under Settings › Contact of the office.") % {"missing": ", ".join(missing)}
        )
    return ""


def fonts() -> str:
    """Ask whether names can be checked for letters that papers can draw, and whether papers can draw other scripts."""
    if shutil.which(LISTS_FONTS) is None:
        raise Unwell(_("The program fc-list is missing, so names are not checked for letters that papers can print. Install fontconfig."))
    if undrawable(OTHER_SCRIPTS):
        raise Unwell(_("Papers cannot print names in other scripts. Install the packages fonts-noto-core and fonts-noto-cjk."))
    return ""


def known_damage() -> str:
    """Ask for damage of search indexes that was noted."""
    return _tell(integrity.known_problems())


def whole_index() -> str:
    """Read every search index completely."""
    return _tell(integrity.problems())


def _tell(problems: dict[str, str]) -> str:
    if problems:
        what = "; ".join(f"{name} ({reason or _('missing')})" for name, reason in problems.items())
        raise Unwell(_("%(what)s. Searches find titles only. Run manage.py rebuild_modelsearch_index.") % {"what": what})
    return ""


def register() -> None:
    """Add the checks to the list; called once when the app is ready."""
    health.register(
        Check("search", gettext_lazy("Search index"), known_damage, Depth.PROBE),
        Check("search index", gettext_lazy("Search index, read completely"), whole_index, Depth.DOCTOR),
        Check("fonts", gettext_lazy("Fonts of papers"), fonts),
        Check("contact", gettext_lazy("Contact of the office"), contact),
    )
