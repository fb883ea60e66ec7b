"""The home page and its featured pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable

from knowledge_hub.catalogue.entries import entries_by_pk, published_entries
from knowledge_hub.core.audience import public
from knowledge_hub.models import PartnerPage
from knowledge_hub.models.base import BasePage

MOST_OTHERS = 5


class HomePage(BasePage):
    """The home page: search, reported figure, featured and new pages, partners, and how to book a visit."""

    hero_title = models.CharField(_("heading"), max_length=150)
    claim_figure = models.CharField(_("figure"), max_length=20, blank=True, help_text=_("As it was reported, for example “>50”."))
    claim_text = models.CharField(_("what the figure says"), max_length=250, blank=True)
    claim_source = models.CharField(_("source of the figure"), max_length=250, blank=True)

    parent_page_types = ["wagtailcore.Page"]
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("hero_title"),
        MultiFieldPanel([FieldRowPanel(["claim_figure", "claim_text"]), FieldPanel("claim_source")], heading=_("Reported figure")),
        InlinePanel("featured", heading=_("Featured pages"), label=_("page"), max_num=6),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request, *args, **kwargs):
        """Add featured pages, news and partners.

        ``cases`` are the featured case studies; ``others`` the other featured pages, followed by the newest news pages,
        so that news appear without an editor; ``partners`` are the partner pages of the same language, in the order of
        the tree.
        """
        context = super().get_context(request, *args, **kwargs)
        published = entries_by_pk()
        featured = [published[item.page_id] for item in self.featured.all() if item.page_id in published]
        context["cases"] = [entry for entry in featured if entry.kind == "casestudypage"]
        others = [entry for entry in featured if entry.kind != "casestudypage"]
        news = [entry for entry in published_entries() if entry.is_news and entry not in others]
        context["others"] = [*others, *news[: max(0, MOST_OTHERS - len(others))]]
        context["partners"] = public(PartnerPage.objects.filter(locale_id=self.locale_id)).order_by("path").defer_streamfields()
        return context


class FeaturedPage(Orderable):
    """A page featured on the home page."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured")
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, verbose_name=_("page"), related_name="+")

    panels = [PageChooserPanel("page")]

    class Meta(Orderable.Meta):
        verbose_name = _("featured page")
        verbose_name_plural = _("featured pages")
