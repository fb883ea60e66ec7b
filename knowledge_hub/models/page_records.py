"""What is recorded about pages: links between them, feedback of readers, broken links and PDF files."""

from django.conf import settings
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


class PageFeedback(models.Model):
    """A reader's rating (“was this helpful?”), question to the owner or error report.

    The author is not recorded. Only a question may have a reply address; it is deleted when the question is closed.
    """

    class Kind(models.TextChoices):
        """Kinds of feedback messages."""

        HELPFUL = "helpful", _("Helpful")
        NOT_HELPFUL = "not_helpful", _("Not helpful")
        QUESTION = "question", _("Question")
        ERROR = "error", _("Reported error")

    page = models.ForeignKey(Page, models.CASCADE, verbose_name=_("page"), related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("message"), max_length=2000, blank=True)
    reply_to = models.EmailField(_("answer to"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    note = models.TextField(_("what was done"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["page", "kind"])]
        constraints = [
            models.CheckConstraint(condition=Q(kind="question") | Q(reply_to=""), name="feedback_address_for_questions_only"),
            models.CheckConstraint(condition=Q(closed_at=None) | Q(reply_to=""), name="feedback_closed_keeps_no_address"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.page_id}"


class BrokenLink(models.Model):
    """A broken link on a published page, found by the last check."""

    class Reason(models.TextChoices):
        """Why the link is broken."""

        PAGE_GONE = "page_gone", _("The page was deleted")
        PAGE_HIDDEN = "page_hidden", _("The page is not published")
        FILE_GONE = "file_gone", _("The file was deleted")
        UNKNOWN = "unknown", _("There is nothing at this address")

    page = models.ForeignKey(Page, models.CASCADE, verbose_name=_("page"), related_name="broken_links")
    address = models.CharField(_("leads to"), max_length=500)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    found_at = models.DateTimeField(_("found"))

    class Meta:
        verbose_name = _("broken link")
        verbose_name_plural = _("broken links")
        ordering = ["found_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["page", "address"], name="broken_link_unique")]
        permissions = [("read_reports", _("Can read the reports of the knowledge base"))]

    def __str__(self):
        return f"{self.page_id}: {self.address}"


class PagePdf(models.Model):
    """The PDF of one version of a page; the file is in the private storage under the row's key."""

    class State(models.TextChoices):
        """State of the file."""

        WAITING = "waiting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    page = models.ForeignKey(Page, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    problem = models.TextField(_("problem"), blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("PDF of a page")
        verbose_name_plural = _("PDFs of pages")

    def __str__(self):
        return self.key
