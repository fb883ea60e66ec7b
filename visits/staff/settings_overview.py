"""The settings of the office for those who may read but not change them."""

from django.db.models import Model
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from knowledge_hub.models import ContactSettings
from visits.models import OfficeSettings, Visit
from visits.permissions import AUDIT

SETTINGS = (OfficeSettings, ContactSettings)


def values_of(row: Model) -> list[tuple[str, str]]:
    """Name and value of each field, in words; an empty value is an empty text."""
    shown = []
    for field in row._meta.concrete_fields:
        if not field.primary_key:
            words = row._get_FIELD_display(field) if field.choices else getattr(row, field.name)
            shown.append((field.verbose_name, "" if words is None else words))
    return shown


class SettingsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """All settings on one page, without a form."""

    model = Visit
    permission_required = AUDIT
    template_name = "visits/staff/settings_overview.html"
    page_title = gettext_lazy("Settings of the office")
    header_icon = "cogs"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        settings = [(model._meta.verbose_name, values_of(model.load(request_or_site=self.request))) for model in SETTINGS]
        return super().get_context_data(settings=settings, **kwargs)


class AuditorMenuItem(MenuItem):
    """Shown to auditors; those who change settings have Wagtail's own menu."""

    def is_shown(self, request):
        return request.user.has_perm(f"visits.{AUDIT}_visit") and not request.user.is_superuser


class SettingsViewSet(ViewSet):
    """The settings of the office, to be read."""

    name = "visits_settings"
    url_prefix = "visits/settings"
    icon = "cogs"
    menu_label = gettext_lazy("Settings of the office")
    menu_item_class = AuditorMenuItem

    def get_urlpatterns(self):
        return [path("", SettingsView.as_view(), name="index")]
