"""The case study, after one fixed template (DOMAIN: merge of OPSI, KIPP and the city's own practice)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from knowledge_hub.blocks import evidence
from knowledge_hub.exports import structured_data
from knowledge_hub.models.base import BasePage

_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link", "blockquote"]


def _section(label: str, help_text: str = "") -> RichTextField:
    return RichTextField(label, blank=True, features=_FEATURES, help_text=help_text)


class CaseStudyPage(BasePage):
    """One thing that the city did: why, how, with whom, at what cost, with which result, and what others need to copy it."""

    class Status(models.TextChoices):
        """Where the case stands."""

        IDEA = "idea", _("Idea")
        TRIAL = "trial", _("On trial")
        RUNNING = "running", _("Running")
        DEVELOPED = "developed", _("Being developed further")
        STOPPED = "stopped", _("Stopped")
        UNKNOWN = "unknown", _("Not recorded")

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UNKNOWN)
    stopped_reason = models.TextField(_("why it was stopped"), max_length=1000, blank=True)
    start_year = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)

    context = _section(_("context and problem"), _("How it was before, with figures where there are any."))
    solution = _section(_("solution"))
    novelty = _section(_("what is new"))
    partners = StreamField(evidence.rows("role", evidence.PartnerRoleBlock()), verbose_name=_("partners and roles"), blank=True)
    milestones = StreamField(evidence.rows("milestone", evidence.MilestoneBlock()), verbose_name=_("timeline"), blank=True)
    costs = StreamField(evidence.rows("cost", evidence.CostBlock()), verbose_name=_("costs"), blank=True)
    legal_basis = StreamField(evidence.rows("basis", evidence.LegalBasisBlock()), verbose_name=_("legal basis"), blank=True)
    results = StreamField(evidence.rows("result", evidence.ResultBlock()), verbose_name=_("results"), blank=True)
    challenges = _section(_("challenges and failures"))
    lessons = _section(_("lessons"))
    readiness = StreamField(evidence.rows("requirement", evidence.ReadinessBlock()), verbose_name=_("what an adopter needs"), blank=True)
    sustainability = _section(_("sustainability"))
    contact = models.CharField(_("contact"), max_length=200, blank=True, help_text=_("An office or a shared mailbox, never a private one."))
    sources = StreamField(evidence.rows("source", evidence.SourceBlock()), verbose_name=_("sources"), blank=True)

    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    search_fields = [
        *BasePage.search_fields,
        *[index.SearchField(name) for name in ("context", "solution", "novelty", "challenges", "lessons", "sustainability")],
        *[index.SearchField(name) for name in ("partners", "milestones", "results", "readiness")],
        index.FilterField("status"),
        index.FilterField("start_year"),
    ]
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldRowPanel(["status", "start_year"]), "stopped_reason"], heading=_("Status")),
        "context",
        "solution",
        "novelty",
        "partners",
        "milestones",
        "costs",
        "legal_basis",
        "results",
        "challenges",
        "lessons",
        "readiness",
        "sustainability",
        FieldPanel("contact"),
        "sources",
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
        InlinePanel("page_directions", heading=_("Service directions"), label=_("direction")),
    ]

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

    @property
    def is_proven(self) -> bool:
        """Whether at least one result was measured; the badge is computed and never typed."""
        return len(self.results) > 0

    @property
    def sections(self) -> list[tuple[str, str, str]]:
        """Name, heading and text of each written section, in the order of the template, without the empty ones."""
        names = ("context", "solution", "novelty", "challenges", "lessons", "sustainability")
        fields = [(name, self._meta.get_field(name).verbose_name) for name in names]
        return [(name, str(label).capitalize(), getattr(self, name)) for name, label in fields if getattr(self, name)]

    @property
    def readiness_rows(self) -> list[dict[str, str]]:
        """What an adopter needs, with the labels of area and effort."""
        block = evidence.ReadinessBlock()
        areas, efforts = (dict(block.child_blocks[name].field.choices) for name in ("area", "effort"))
        return [
            {"area": areas[row.value["area"]], "requirement": row.value["requirement"], "effort": efforts[row.value["effort"]]}
            for row in self.readiness
        ]

    @property
    def citation(self) -> str:
        """How to cite the page: publisher, year, title, site, address."""
        year = self.first_published_at.year if self.first_published_at else ""
        return f"Pemerintah Kota Binjai ({year}). {self.title}. Binjai Smart City. {self.full_url}"

    @property
    def json_ld(self):
        """The page for search engines."""
        return structured_data.article(self)
