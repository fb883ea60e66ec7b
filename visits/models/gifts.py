"""Souvenirs that were exchanged."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.models.visit import Visit


class Gift(models.Model):
    """A souvenir given or received during a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="gifts")
    given_by_host = models.BooleanField(_("given by the host"))
    item = models.CharField(_("item"), max_length=200, blank=True)
    giver = models.CharField(_("given by"), max_length=200)
    receiver = models.CharField(_("received by"), max_length=200)
    source_note = models.CharField(_("source"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("souvenir")
        verbose_name_plural = _("souvenirs")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.giver} → {self.receiver}"
