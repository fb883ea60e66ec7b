"""Mail to be sent, saved in the same transaction as the change that it is about."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.enums import MailProblem, MessageKind, MessageStatus
from visits.models.privacy import DataRequest
from visits.models.visit import SavedDraft, Visit


class OutboundMessage(models.Model):
    """A mail to one recipient about a visit, a draft or a request about data.

    Subject, text and calendar file are written when it is queued, so that it says what was true then. Marks stand in place of secret links
    (visits/mail/secret_links.py).
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="messages", null=True)
    draft = models.ForeignKey(SavedDraft, models.CASCADE, related_name="messages", null=True)
    data_request = models.ForeignKey(DataRequest, models.CASCADE, related_name="messages", null=True)
    kind = models.CharField(_("kind"), max_length=20, choices=MessageKind)
    sequence = models.PositiveIntegerField(_("sequence"), default=0)
    recipient = models.EmailField(_("recipient"))
    note = models.TextField(_("words of the sender"), max_length=4000, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True, editable=False)
    text = models.TextField(_("text"), blank=True, editable=False)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True, editable=False)
    calendar = models.TextField(_("calendar file"), blank=True, editable=False, help_text="With unfolded lines.")
    calendar_method = models.CharField(max_length=10, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True)
    handed_over = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often the server got it without an answer to us, so that it may have arrived."
    )
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)
    problem = models.CharField(_("what to do"), max_length=12, choices=MailProblem, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    message_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "kind", "sequence", "recipient"], name="message_unique"),
            models.CheckConstraint(
                condition=(Q(visit__isnull=False) ^ Q(draft__isnull=False) ^ Q(data_request__isnull=False))
                & ~Q(visit__isnull=False, draft__isnull=False, data_request__isnull=False),
                name="message_about_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["status", "next_try_at"])]

    def __str__(self):
        return f"{self.kind} {self.visit_id}"

    @property
    def title(self) -> str:
        """The kind in words. Looked up in the enumeration, because get_kind_display() goes through all kinds each time."""
        return str(MessageKind(self.kind).label)
