"""Unfinished requests that guests saved to go on later."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedDraft(models.Model):
    """What a guest typed so far, opened by a secret link; the database keeps the link's hash only."""

    email = models.EmailField(_("e-mail"))
    values = models.JSONField(_("answers"))
    language = models.CharField(_("language"), max_length=5)
    token_nonce = models.CharField(max_length=40, editable=False)
    token_hash = models.CharField(max_length=64, editable=False, unique=True, null=True)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("saved request")
        verbose_name_plural = _("saved requests")
        ordering = ["-saved_at"]

    def __str__(self):
        return str(self.pk)
