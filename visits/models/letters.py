"""Letters and the gap-free numbers of the year."""

from string import Formatter

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.models.visit import Visit, private_storage

LONGEST_NUMBER = 60
LONGEST_OF_KEY = {"visit": 20, "incoming": 40}


class Nature(models.TextChoices):
    """How fast a letter wants to be treated ("sifat" of the correspondence rules)."""

    ORDINARY = "ordinary", pgettext_lazy("nature of a letter", "Ordinary")
    URGENT = "urgent", pgettext_lazy("nature of a letter", "Urgent")
    VERY_URGENT = "very_urgent", pgettext_lazy("nature of a letter", "Very urgent")


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
    agenda_number = models.CharField(_("agenda number"), max_length=40, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, default=Nature.ORDINARY)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("request letter")
        verbose_name_plural = _("request letters")
        ordering = ["-received_at", "-pk"]

    def __str__(self):
        return self.number


PATTERN_FIELDS = {"year": 2026, "number": 1, "month": "I", "classification": "000", "unit": "X"}
"""What a pattern may hold, with an example."""


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that could not be filled, or in which no number stands.

    Raises:
        ValidationError: says what to write.
    """
    try:
        fields = [name for _text, name, _format, _conversion in Formatter().parse(pattern) if name is not None]
        known = all(name in PATTERN_FIELDS for name in fields)
        fits = known and {"number", "year"} <= set(fields) and len(pattern.format(**PATTERN_FIELDS)) <= LONGEST_NUMBER
    except ValueError:
        fits = False
    if not fits:
        raise ValidationError(_("Write a pattern with {number} and {year}, for example {classification}/{number:04d}/{unit}/{year}."))


class NumberSequence(models.Model):
    """A yearly counter without gaps: references, letters and certificates each have their own.

    The pattern is Python's format syntax with the fields ``year``, ``number`` and ``month`` (Roman), letters also with
    ``classification`` and ``unit``; for example ``KJ-{year}-{number:04d}``.
    """

    key = models.SlugField(_("key"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    pattern = models.CharField(
        _("pattern"),
        max_length=80,
        validators=[check_pattern],
        help_text=_("Fields: {number:04d}, {year}, {month} (Roman); for letters also {classification} and {unit}."),
    )
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")
        ordering = ["key", "-year"]
        constraints = [models.UniqueConstraint(fields=["key", "year"], name="sequence_unique_per_year")]

    def __str__(self):
        return f"{self.key} {self.year}"

    def clean(self):
        """A visit's reference has less room than other numbers."""
        limit = LONGEST_OF_KEY.get(self.key, LONGEST_NUMBER)
        check_pattern(self.pattern)
        if len(self.pattern.format(**PATTERN_FIELDS)) > limit:
            raise ValidationError({"pattern": _("Numbers of this sequence have at most %(limit)d characters.") % {"limit": limit}})
