"""Typed links between pages."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel
from wagtail.models import Orderable, Page


class PageLink(Orderable):
    """A typed link from one page to another; shown on both pages."""

    class Kind(models.TextChoices):
        """Relation of this page to the other one."""

        RELATED = "related", _("Related to")
        BUILDS_ON = "builds_on", _("Builds on")
        REPLACES = "replaces", _("Replaces")
        AGREED_IN = "agreed_in", _("Agreed in")
        PRESENTED_AT = "presented_at", _("Presented at")
        REPORTS_ON = "reports_on", _("Reports on")

    # Label of the link on the other page.
    INVERSE = {
        Kind.RELATED: _("Related to"),
        Kind.BUILDS_ON: _("Is built on by"),
        Kind.REPLACES: _("Replaced by"),
        Kind.AGREED_IN: _("Basis of"),
        Kind.PRESENTED_AT: _("Presented here"),
        Kind.REPORTS_ON: _("Reported in"),
    }

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_links")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.RELATED)
    target = models.ForeignKey(Page, models.CASCADE, verbose_name=_("page"), related_name="linked_from")

    panels = [FieldRowPanel([FieldPanel("kind"), PageChooserPanel("target")])]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "kind", "target"], name="page_link_unique"),
            models.CheckConstraint(
                condition=~Q(page=F("target")),
                name="page_link_leads_elsewhere",
                violation_error_message=_("A page cannot be linked to itself."),
            ),
        ]

    def __str__(self):
        return f"{self.page_id} {self.kind} {self.target_id}"
