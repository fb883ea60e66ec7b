from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


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
