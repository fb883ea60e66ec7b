"""The case study, with one fixed template that merges those of OPSI, KIPP and the city."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from knowledge_hub.blocks import evidence, material
from knowledge_hub.core import audience
from knowledge_hub.editing.completeness import CompletenessPanel
from knowledge_hub.models.base import BasePage

_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link", "blockquote"]


def _section(label: str, help_text: str = "") -> RichTextField:
    return RichTextField(label, blank=True, features=_FEATURES, help_text=help_text)


SECTIONS = ("context", "solution", "novelty", "implementation", "challenges", "lessons", "sustainability")


class CaseStudyPage(BasePage):
    """A project of the city: problem, solution, partners, costs, results, and what others need to adopt it."""

    class Status(models.TextChoices):
        """Status of a case."""

        IDEA = "idea", _("Idea")
        TRIAL = "trial", _("On trial")
        RUNNING = "running", _("Running")
        DEVELOPED = "developed", _("Being developed further")
        STOPPED = "stopped", _("Stopped")
        UNKNOWN = "unknown", _("Not recorded")

    class CostBand(models.TextChoices):
        """Approximate cost of a case in bands."""

        UNKNOWN = "unknown", _("Not recorded")
        NONE = "none", _("No budget of its own")
        UP_TO_100 = "up_to_100", _("Up to Rp100 million")
        UP_TO_1000 = "up_to_1000", _("Rp100 million to Rp1 billion")
        ABOVE = "above", _("More than Rp1 billion")

    class Effort(models.TextChoices):
        """Effort for another region to adopt the case."""

        UNKNOWN = "", _("Not estimated")
        SMALL = "s", _("Small")
        MEDIUM = "m", _("Medium")
        LARGE = "l", _("Large")

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UNKNOWN)
    stopped_reason = models.TextField(_("why it was stopped"), max_length=1000, blank=True)
    start_year = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)

    context = _section(_("context and problem"), _("How it was before, with figures where there are any."))
    solution = _section(_("solution"))
    novelty = _section(_("what is new"))
    partners = StreamField(evidence.rows("role", evidence.PartnerRoleBlock()), verbose_name=_("partners and roles"), blank=True)
    implementation = _section(_("implementation"), _("How it was carried out, and with how many people of which skills."))
    milestones = StreamField(evidence.rows("milestone", evidence.MilestoneBlock()), verbose_name=_("timeline"), blank=True)
    cost_band = models.CharField(_("cost"), max_length=10, choices=CostBand, default=CostBand.UNKNOWN)
    costs = StreamField(evidence.rows("cost", evidence.CostBlock()), verbose_name=_("costs"), blank=True)
    legal_basis = StreamField(evidence.rows("basis", evidence.LegalBasisBlock()), verbose_name=_("legal basis"), blank=True)
    results = StreamField(evidence.rows("result", evidence.ResultBlock()), verbose_name=_("results"), blank=True)
    challenges = _section(_("challenges and failures"))
    lessons = _section(_("lessons"))
    readiness = StreamField(evidence.rows("requirement", evidence.ReadinessBlock()), verbose_name=_("what an adopter needs"), blank=True)
    effort = models.CharField(_("effort to adopt"), max_length=1, choices=Effort, default=Effort.UNKNOWN, blank=True)
    shareable = StreamField(evidence.rows("item", material.ShareableBlock()), verbose_name=_("what can be shared"), blank=True)
    sustainability = _section(_("sustainability"))
    contact = models.CharField(_("contact"), max_length=200, blank=True, help_text=_("An office or a shared mailbox, never a private one."))
    contacts = StreamField(evidence.rows("contact", material.ContactBlock()), verbose_name=_("contacts by role"), blank=True)
    registers = StreamField(evidence.rows("entry", material.RegistryBlock()), verbose_name=_("national registers"), blank=True)
    attachments = StreamField(evidence.rows("attachment", material.AttachmentBlock()), verbose_name=_("attachments"), blank=True)
    video_url = models.URLField(_("video"), blank=True, help_text=_("The address of a video; readers follow a link, nothing is embedded."))
    gallery = StreamField(evidence.rows("picture", material.GalleryPictureBlock()), verbose_name=_("gallery"), blank=True)
    sources = StreamField(evidence.rows("source", evidence.SourceBlock()), verbose_name=_("sources"), blank=True)

    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    search_fields = [
        *BasePage.search_fields,
        *[index.SearchField(name) for name in SECTIONS],
        *[index.SearchField(name) for name in ("partners", "milestones", "results", "readiness", "shareable")],
        index.FilterField("status"),
        index.FilterField("start_year"),
    ]
    content_panels = [
        CompletenessPanel(heading=_("Completeness and publish checklist")),
        *BasePage.content_panels,
        MultiFieldPanel([FieldRowPanel(["status", "start_year"]), "stopped_reason"], heading=_("Status")),
        "context",
        "solution",
        "novelty",
        "partners",
        MultiFieldPanel(["implementation", "milestones"], heading=_("Implementation")),
        MultiFieldPanel(["cost_band", "costs"], heading=_("Costs")),
        "legal_basis",
        "results",
        "challenges",
        "lessons",
        MultiFieldPanel(["effort", "readiness", "shareable"], heading=_("For those who want to adopt it")),
        "sustainability",
        MultiFieldPanel(["contact", "contacts"], heading=_("Contact")),
        "registers",
        MultiFieldPanel(["attachments", "video_url", "gallery"], heading=_("Material")),
        "sources",
        InlinePanel("page_links", heading=_("Linked pages"), label=_("link")),
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
        InlinePanel("page_directions", heading=_("Service directions"), label=_("direction")),
    ]

    has_pdf = True
    pdf_template = "knowledge_hub/paper/case.html"

    class Meta:
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="stopped") | ~Q(stopped_reason=""),
                name="case_stopped_has_a_reason",
                violation_error_message=_("Say why the case was stopped; others learn from it."),
            )
        ]

    def clean(self):
        """Require a reason for a stopped case, as an error of its field; a database constraint enforces the same."""
        super().clean()
        if self.status == self.Status.STOPPED and not self.stopped_reason.strip():
            raise ValidationError({"stopped_reason": _("Say why the case was stopped; others learn from it.")})

    @property
    def is_proven(self) -> bool:
        """Whether at least one result was measured."""
        return any(row.value["result"] for row in self.results)

    @cached_property
    def contents(self) -> list[tuple[str, str]]:
        """Anchor and heading of each filled section, for the table of contents."""
        parts = [
            ("context", self.context, _("Context and problem")),
            ("solution", self.solution, _("Solution")),
            ("novelty", self.novelty, _("What is new")),
            ("roles", self.partners, _("Partners and roles")),
            ("implementation", self.implementation or self.milestones, _("Implementation")),
            ("costs", self.costs or self.cost_band != self.CostBand.UNKNOWN, _("Costs and funds")),
            ("legal", self.legal_basis, _("Legal basis")),
            ("results", True, _("Results")),
            ("challenges", self.challenges, _("Challenges and failures")),
            ("lessons", self.lessons, _("Lessons")),
            ("adopt", self.readiness or self.shareable or self.effort, _("If you want to adopt it")),
            ("sustainability", self.sustainability, _("Sustainability")),
            ("contact", self.contact or self.contacts, _("Contact")),
            ("material", self.files or self.video_url or self.gallery, _("Material")),
        ]
        return [(anchor, str(heading)) for anchor, there, heading in parts if there]

    @cached_property
    def files(self) -> list:
        """The attachments that the page may show."""
        return audience.visible_attachments(self, self.attachments)

    @cached_property
    def directions(self) -> list[str]:
        """Labels of its service directions; no query while the page is served as published."""
        if self.published:
            return self.published.direction_labels
        return [str(link.get_direction_display()) for link in self.page_directions.all()]
