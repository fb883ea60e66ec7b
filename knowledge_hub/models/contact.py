"""How readers and guests reach the host."""

import re

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from knowledge_hub.core.language import in_active_language


@register_setting(icon="mail")
class ContactSettings(BaseGenericSetting):
    """The host's office: mailbox, telephone, address and hours. One row for the whole site; nothing is invented for it."""

    office = models.CharField(_("office"), max_length=150, blank=True, help_text=_("Name of the unit that answers."))
    email = models.EmailField(_("mailbox"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    office_hours_id = models.CharField(_("office hours in Indonesian"), max_length=200, blank=True)
    office_hours_en = models.CharField(_("office hours in English"), max_length=200, blank=True)
    map_url = models.URLField(_("link to a map"), max_length=500, blank=True)

    NEEDED = ("email", "phone", "address", "office_hours_id", "office_hours_en", "map_url")

    panels = [
        MultiFieldPanel(
            ["office", FieldRowPanel(["email", "phone"]), "address", FieldRowPanel(["office_hours_id", "office_hours_en"]), "map_url"],
            heading=_("Contact of the office"),
        )
    ]

    class Meta:
        verbose_name = _("Contact of the office")

    def __str__(self):
        return self.office or str(self._meta.verbose_name)

    @property
    def office_hours(self) -> str:
        """Office hours in the active language."""
        return in_active_language(self, "office_hours")

    @property
    def missing(self) -> list[str]:
        """Names of the fields that are still empty, for ``doctor`` and the staff's home page."""
        return [str(self._meta.get_field(name).verbose_name) for name in self.NEEDED if not getattr(self, name)]

    @property
    def telephone_link(self) -> str:
        """The telephone number as a ``tel:`` address: digits and a leading plus only."""
        return "tel:" + re.sub(r"[^\d+]", "", self.phone)

    @property
    def in_words(self) -> str:
        """Telephone and mailbox for a sentence; the address of the contact page if neither is entered."""
        return ", ".join(filter(None, (self.phone, self.email))) or f"{settings.SITE_URL}{reverse('contact')}"


def how_to_reach_us() -> str:
    """What a sentence says after “please contact us”, in the active language. One query."""
    return ContactSettings.load().in_words
