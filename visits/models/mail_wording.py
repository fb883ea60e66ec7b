"""Wordings of mails that staff changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.enums import MessageKind


class MailWording(models.Model):
    """A version of the wording of a mail in one language; the newest counts. One without a text returns to the usual wording.

    Rows are only added, so that they are the history of versions.
    """

    kind = models.CharField(_("kind"), max_length=20)
    variant = models.CharField(max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    version = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), max_length=8000, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("wording of a mail")
        verbose_name_plural = _("wordings of mails")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "variant", "language", "version"], name="mail_wording_version")]

    def __str__(self):
        return f"{MessageKind(self.kind).label} ({self.get_language_display()})"
