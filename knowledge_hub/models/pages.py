"""Page types of the knowledge base, apart from the case study and the agreement."""

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from knowledge_hub.blocks.evidence import SourceBlock, rows
from knowledge_hub.blocks.story import StoryBlock
from knowledge_hub.models.base import BasePage
from knowledge_hub.models.taxonomy import ServiceDirection
from knowledge_hub.models.users import Partner


class StoryPage(BasePage):
    """A page with a free body and its sources."""

    body = StreamField(StoryBlock(), verbose_name=_("body"), blank=True)
    sources = StreamField(rows("source", SourceBlock()), verbose_name=_("sources"), blank=True)

    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [*BasePage.content_panels, "body", "sources"]

    class Meta:
        abstract = True

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Anchor and text of each heading in the body, for the table of contents."""
        return [(slugify(block.value), block.value) for block in self.body if block.block_type == "heading"]


class GuidePage(StoryPage):
    """Help for readers and guests: questions and answers, privacy, about."""

    subpage_types = ["knowledge_hub.GuidePage"]

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")


class SectionPage(StoryPage):
    """A page that lists the pages below it, for example the partners."""

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def get_context(self, request, *args, **kwargs):
        """Add ``children``, in the order of the tree."""
        context = super().get_context(request, *args, **kwargs)
        # Imported here: it reads the page models.
        from knowledge_hub.reading import catalogue

        children = [entry for entry in catalogue.below(self) if len(entry.path) == len(self.path) + self.steplen]
        context["children"] = sorted(children, key=lambda entry: entry.path)
        return context


class PartnerPage(StoryPage):
    """One of the three parties."""

    partner = models.CharField(_("partner"), max_length=10, choices=Partner)
    role = models.CharField(_("role in the collaboration"), max_length=200)

    parent_page_types = ["knowledge_hub.SectionPage"]
    subpage_types = []
    content_panels = [*BasePage.content_panels, FieldRowPanel(["partner", "role"]), "body", "sources"]
    search_fields = [*StoryPage.search_fields, index.SearchField("role")]

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")


class ArticlePage(StoryPage):
    """News in our own words, with its source."""

    date = models.DateField(_("date"))
    author = models.CharField(_("author"), max_length=150, blank=True)

    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel(["date", "author"]),
        "body",
        "sources",
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
    ]
    search_fields = [*StoryPage.search_fields, index.FilterField("date")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class ForumPage(StoryPage):
    """A forum or talk at which the city spoke or was host."""

    date = models.DateField(_("date"))
    venue = models.CharField(_("venue"), max_length=250)
    theme = models.CharField(_("theme"), max_length=250, blank=True)
    talk_title = models.CharField(_("title of the talk"), max_length=250, blank=True)
    speaker = models.CharField(_("speaker"), max_length=200, blank=True)
    participants = RichTextField(_("speakers and participants"), blank=True, features=["ul", "bold"])

    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel(["date", "venue"]),
        MultiFieldPanel(["theme", "talk_title", "speaker", FieldPanel("participants")], heading=_("Talk")),
        "body",
        "sources",
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
    ]
    search_fields = [
        *StoryPage.search_fields,
        index.SearchField("theme"),
        index.SearchField("talk_title"),
        index.SearchField("venue"),
        index.SearchField("speaker"),
        index.SearchField("participants"),
        index.FilterField("date"),
    ]

    class Meta:
        verbose_name = _("forum")
        verbose_name_plural = _("forums")


class ApplicationPage(StoryPage):
    """One application of the city's catalogue."""

    class Status(models.TextChoices):
        """Where an application stands."""

        UNKNOWN = "unknown", _("Not recorded")
        TRIAL = "trial", _("On trial")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")

    direction = models.CharField(_("service direction"), max_length=3, choices=ServiceDirection)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UNKNOWN)
    database = models.CharField(_("database it uses"), max_length=200, blank=True)
    case_study = models.ForeignKey(
        "knowledge_hub.CaseStudyPage", models.SET_NULL, verbose_name=_("case study"), related_name="applications", null=True, blank=True
    )

    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel(["direction", "status"]),
        FieldRowPanel(["database", "case_study"]),
        "body",
        "sources",
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
    ]
    search_fields = [*StoryPage.search_fields, index.FilterField("direction"), index.FilterField("status")]

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
