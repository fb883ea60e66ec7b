"""Feedback of readers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class PageFeedback(models.Model):
    """A reader's rating (“was this helpful?”), question to the owner or error report.

    The author is not recorded. Only a question may have a reply address; it is deleted when the question is closed.
    """

    class Kind(models.TextChoices):
        """Kind of message."""

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
            models.CheckConstraint(condition=models.Q(kind="question") | models.Q(reply_to=""), name="feedback_address_for_questions_only"),
            models.CheckConstraint(condition=models.Q(closed_at=None) | models.Q(reply_to=""), name="feedback_closed_keeps_no_address"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.page_id}"
