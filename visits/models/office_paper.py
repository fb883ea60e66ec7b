"""Papers of a visit that the background worker draws."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.models.visit import Visit, private_storage


class OfficePaper(models.Model):
    """A paper of a visit as it was last drawn; drawing it again replaces the file."""

    class State(models.TextChoices):
        """States of a paper."""

        WAITING = "waiting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="papers")
    kind = models.SlugField(max_length=30)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.WAITING)
    problem = models.TextField(_("problem"), blank=True)
    digest = models.CharField(max_length=64, blank=True)
    file = models.FileField(storage=private_storage, upload_to="office-papers/", blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("paper of a visit")
        verbose_name_plural = _("papers of visits")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "kind"], name="office_paper_unique")]

    def __str__(self):
        return self.kind
