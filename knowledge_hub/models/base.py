from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import Page


class BasePage(Page):
    """What every public page has: a summary, a picture, an owner and the day it was last verified."""

    summary = models.TextField(_("summary"), max_length=1200, blank=True, help_text=_("At most 200 words. Shown in lists and in search."))
    listing_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, models.SET_NULL, verbose_name=_("picture"), related_name="+", null=True, blank=True
    )
    owner_unit = models.CharField(
        _("owner"), max_length=200, blank=True, help_text=_("The office that answers for this page, for example “Diskominfo Kota Binjai”.")
    )
    last_verified_at = models.DateField(_("last verified"), null=True, blank=True)

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.AutocompleteField("summary"),
        index.FilterField("last_verified_at"),
    ]
    content_panels = [*Page.content_panels, "summary", "listing_image"]
    promote_panels = Page.promote_panels
    settings_panels = [
        PublishingPanel(),
        MultiFieldPanel([FieldPanel("owner_unit"), FieldPanel("last_verified_at")], heading=_("Responsibility")),
    ]

    class Meta:
        abstract = True
