"""Letters and the gap-free numbers of the year."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.models.visit import Visit, private_storage


class IncomingLetter(models.Model):
    """The request letter of a delegation. A replacement is a new row: earlier ones are kept."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="letters")
    number = models.CharField(_("letter number"), max_length=100)
    date = models.DateField(_("letter date"))
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    signatory = models.CharField(_("signed by"), max_length=200, blank=True)
    file = models.FileField(_("file"), storage=private_storage, upload_to="letters/%Y/", blank=True)
    file_name = models.CharField(_("file name"), max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("request letter")
        verbose_name_plural = _("request letters")
        ordering = ["-received_at", "-pk"]

    def __str__(self):
        return self.number


class NumberSequence(models.Model):
    """A yearly counter without gaps: references, letters and certificates each have their own.

    The pattern is Python's format syntax with the fields ``year``, ``number`` and ``month`` (Roman),
    for example ``KJ-{year}-{number:04d}``.
    """

    key = models.SlugField(_("key"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    pattern = models.CharField(_("pattern"), max_length=80)
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")
        ordering = ["key", "-year"]
        constraints = [models.UniqueConstraint(fields=["key", "year"], name="sequence_unique_per_year")]

    def __str__(self):
        return f"{self.key} {self.year}"
