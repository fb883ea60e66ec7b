"""Souvenirs that were exchanged."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.models.visit import Visit, private_storage


class Gift(models.Model):
    """A souvenir given or received during a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="gifts")
    given_by_host = models.BooleanField(_("given by the host"))
    item = models.CharField(_("item"), max_length=200, blank=True)
    giver = models.CharField(_("given by"), max_length=200)
    receiver = models.CharField(_("received by"), max_length=200)
    to_institution = models.BooleanField(_("for the institution"), default=True, help_text=_("Untick it if one person keeps the souvenir."))
    estimated_value = models.PositiveIntegerField(_("estimated value (rupiah)"), null=True, blank=True)
    custody = models.CharField(_("where it is kept"), max_length=200, blank=True)
    photo = models.ImageField(_("photo"), storage=private_storage, upload_to="photos/%Y/", blank=True)
    needs_review = models.BooleanField(_("to be reviewed by the gratuity unit"), default=False, editable=False)
    source_note = models.CharField(_("source"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("souvenir")
        verbose_name_plural = _("souvenirs")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.giver} → {self.receiver}"
