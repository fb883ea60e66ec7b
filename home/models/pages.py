"""The front door."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, Page

from knowledge_hub.models import CaseStudyPage, PartnerPage
from knowledge_hub.models.base import BasePage


class HomePage(BasePage):
    """The home page: search first, then what is claimed, what was published, who stands behind it and how to come."""

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
        """Add what the editors put forward, in their order, and who stands behind it.

        ``cases`` are the case studies among the featured pages, ``others`` the rest; ``partners`` are the partners' pages
        of the same language, in the order of the tree.
        """
        context = super().get_context(request, *args, **kwargs)
        order = [item.page_id for item in self.featured.all()]
        pages = sorted(Page.objects.filter(pk__in=order).live().public().specific(), key=lambda page: order.index(page.pk))
        context["cases"] = [page for page in pages if isinstance(page, CaseStudyPage)]
        context["others"] = [page for page in pages if not isinstance(page, CaseStudyPage)]
        context["partners"] = PartnerPage.objects.filter(locale_id=self.locale_id).live().public().order_by("path").defer_streamfields()
        return context


class FeaturedPage(Orderable):
    """A page that the editors put on the home page."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured")
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")

    panels = [PageChooserPanel("page")]
