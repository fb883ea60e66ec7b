"""Documents in which the partners agreed on something."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.fields import StreamField

from knowledge_hub.blocks.evidence import PartnerRoleBlock, rows
from knowledge_hub.models.pages import StoryPage


class CollaborationDocumentPage(StoryPage):
    """A memorandum, cooperation agreement, decree or report of the collaboration."""

    class Kind(models.TextChoices):
        """Kinds of documents."""

        MEMORANDUM = "memorandum", _("Memorandum of understanding")
        AGREEMENT = "agreement", _("Cooperation agreement")
        DECREE = "decree", _("Decree")
        REPORT = "report", _("Implementation report")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    number = models.CharField(_("number"), max_length=120, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    parties = StreamField(rows("party", PartnerRoleBlock()), verbose_name=_("parties and what each carries"), blank=True)

    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    content_panels = [
        *StoryPage.content_panels[:3],
        FieldRowPanel(["kind", "number"]),
        FieldRowPanel(["signed_on", "valid_until"]),
        FieldPanel("parties"),
        "body",
        "sources",
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
    ]
    search_fields = [*StoryPage.search_fields, index.SearchField("number"), index.SearchField("parties"), index.FilterField("kind")]

    class Meta:
        verbose_name = _("collaboration document")
        verbose_name_plural = _("collaboration documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | Q(valid_until__isnull=True) | Q(signed_on__lte=F("valid_until")),
                name="agreement_ends_after_signing",
                violation_error_message=_("The end of validity must not lie before the signing."),
            )
        ]
