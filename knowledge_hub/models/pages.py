"""Page types of the knowledge base, apart from the case study and the collaboration document."""

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldRowPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField

from knowledge_hub.blocks.evidence import SourceBlock, rows
from knowledge_hub.blocks.material import AttachmentBlock, ProgrammeItemBlock, SpeakerBlock
from knowledge_hub.blocks.story import StoryBlock, anchor
from knowledge_hub.enums import Partner, ServiceDirection
from knowledge_hub.models.base import BasePage
from knowledge_hub.models.regions import Region


class KnowledgeIndexPage(BasePage):
    """The index of all published pages, with filters by type, dimension, service direction, status, evidence and year."""

    subpage_types = [
        "knowledge_hub.CaseStudyPage",
        "knowledge_hub.ApplicationPage",
        "knowledge_hub.CollaborationDocumentPage",
        "knowledge_hub.ForumPage",
        "knowledge_hub.ArticlePage",
    ]

    cacheable_with_parameters = True

    class Meta:
        verbose_name = _("index of the knowledge base")
        verbose_name_plural = _("indexes of the knowledge base")


class StoryPage(BasePage):
    """A page with free text and sources."""

    body = StreamField(StoryBlock(), verbose_name=_("body"), blank=True)
    sources = StreamField(rows("source", SourceBlock()), verbose_name=_("sources"), blank=True)

    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [*BasePage.content_panels, "body", "sources"]

    class Meta:
        abstract = True

    @cached_property
    def contents(self) -> list[tuple[str, str]]:
        """Anchor and text of each heading, for the table of contents."""
        return [(anchor(block.id), block.value) for block in self.body if block.block_type == "heading"]


class GuidePage(StoryPage):
    """A help page: questions and answers, privacy, about."""

    subpage_types = ["knowledge_hub.GuidePage"]

    has_pdf = True

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")


class SectionPage(StoryPage):
    """A page that lists its subpages, for example the partners."""

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")


class PartnerPage(StoryPage):
    """One of the three partners."""

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
    """A news article with its source."""

    date = models.DateField(_("date"))
    author = models.CharField(_("author"), max_length=150, blank=True)

    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel(["date", "author"]),
        "body",
        "sources",
        InlinePanel("page_links", heading=_("Linked pages"), label=_("link")),
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
    ]
    search_fields = [*StoryPage.search_fields, index.FilterField("date")]

    has_pdf = True
    is_news = True

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class ForumPage(StoryPage):
    """A forum or talk with the city as speaker or host."""

    date = models.DateField(_("date"))
    venue = models.CharField(_("venue"), max_length=250)
    theme = models.CharField(_("theme"), max_length=250, blank=True)
    speakers = StreamField(rows("speaker", SpeakerBlock()), verbose_name=_("speakers"), blank=True)
    participants = RichTextField(_("who else was present"), blank=True, features=["ul", "bold"])
    start_time = models.TimeField(_("begins at"), null=True, blank=True, help_text=_("Local time; leave empty if it is not known."))
    end_time = models.TimeField(_("ends at"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=4, choices=Region.Zone, default=Region.Zone.WIB)
    programme = StreamField(rows("item", ProgrammeItemBlock()), verbose_name=_("programme"), blank=True)
    attachments = StreamField(rows("attachment", AttachmentBlock()), verbose_name=_("slides and files"), blank=True)

    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel(["date", "venue"]),
        FieldRowPanel(["start_time", "end_time", "zone"]),
        "theme",
        "speakers",
        "participants",
        "programme",
        "attachments",
        "body",
        "sources",
        InlinePanel("page_links", heading=_("Linked pages"), label=_("link")),
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
    ]
    search_fields = [
        *StoryPage.search_fields,
        index.SearchField("theme"),
        index.SearchField("venue"),
        index.SearchField("speakers"),
        index.SearchField("participants"),
        index.FilterField("date"),
    ]

    has_pdf = True
    is_news = True
    schema_type = "Event"

    class Meta:
        verbose_name = _("forum")
        verbose_name_plural = _("forums")
        constraints = [
            models.CheckConstraint(
                condition=Q(end_time__isnull=True) | Q(start_time__lt=F("end_time")),
                name="forum_ends_after_it_begins",
                violation_error_message=_("The forum must begin before it ends."),
            )
        ]


class ApplicationPage(StoryPage):
    """An application of the city."""

    class Status(models.TextChoices):
        """Status of an application."""

        UNKNOWN = "unknown", _("Not recorded")
        TRIAL = "trial", _("On trial")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")

    direction = models.CharField(_("service direction"), max_length=3, choices=ServiceDirection)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UNKNOWN)

    class Access(models.TextChoices):
        """Use of the shared database."""

        UNKNOWN = "unknown", _("Not recorded")
        NONE = "none", _("Does not use it")
        READS = "reads", _("Reads")
        WRITES = "writes", _("Writes")
        BOTH = "both", _("Reads and writes")

    database = models.CharField(_("database it uses"), max_length=200, blank=True)
    access = models.CharField(_("use of the shared database"), max_length=7, choices=Access, default=Access.UNKNOWN)
    since_year = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    case_study = models.ForeignKey(
        "knowledge_hub.CaseStudyPage", models.SET_NULL, verbose_name=_("case study"), related_name="applications", null=True, blank=True
    )
    agreement = models.ForeignKey(
        "knowledge_hub.CollaborationDocumentPage",
        models.SET_NULL,
        verbose_name=_("agreement"),
        related_name="applications",
        null=True,
        blank=True,
    )

    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel(["direction", "status", "since_year"]),
        FieldRowPanel(["database", "access"]),
        FieldRowPanel(["case_study", "agreement"]),
        "body",
        "sources",
        InlinePanel("page_links", heading=_("Linked pages"), label=_("link")),
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
    ]
    search_fields = [*StoryPage.search_fields, index.FilterField("direction"), index.FilterField("status")]

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
