"""Mail that arrived, as far as it is kept: the sender's words, never the files. The whole mail stays in the mailbox."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.enums import AnswerKind
from visits.models.outbox import OutboundMessage
from visits.models.visit import Visit, VisitMessage


class InboundMessage(models.Model):
    """A mail that was read once. ``answers`` is our mail that it refers to by Message-ID; the sender's address proves nothing.

    The words of a guest that went into the conversation stand only there (``turn``).
    """

    class State(models.TextChoices):
        """Whether somebody has to look at it."""

        OPEN = "open", _("To be looked at")
        DONE = "done", _("Settled")

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="answers", null=True)
    answers = models.ForeignKey(OutboundMessage, models.SET_NULL, related_name="answers", null=True)
    turn = models.ForeignKey(VisitMessage, models.SET_NULL, related_name="mails", null=True)
    key = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=AnswerKind)
    state = models.CharField(_("status"), max_length=4, choices=State)
    sender = models.EmailField(_("sender"), blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), max_length=8000, blank=True)
    files = models.JSONField(_("files"), default=list)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    read_at = models.DateTimeField(_("read"), auto_now_add=True)

    class Meta:
        verbose_name = _("received mail")
        verbose_name_plural = _("received mail")
        ordering = ["-read_at", "-pk"]
        indexes = [models.Index(fields=["read_at"], condition=Q(visit=None, state="open"), name="inbound_not_assigned")]

    def __str__(self):
        return f"{self.kind} {self.visit_id}"


class MailboxReading(models.Model):
    """When the mailbox was last read, and why it cannot be read now. One row."""

    read_at = models.DateTimeField(_("last read"), null=True)
    failing_since = models.DateTimeField(_("not reachable since"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("reading of the mailbox")
        verbose_name_plural = _("readings of the mailbox")

    def __str__(self):
        return str(self.read_at)
