"""Letters of a visit: request, dispositions and reply; and yearly numbers without gaps."""

import re
from string import Formatter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge_hub.core.encrypted import EncryptedTextField
from knowledge_hub.papers.fields import PrintedField
from visits.models.host import HostOfficial
from visits.models.visit import Visit, private_storage

LONGEST_NUMBER = 60
LONGEST_OF_KEY = {"visit": 20, "incoming": 40}


class Nature(models.TextChoices):
    """Urgency of a letter ("sifat" of the correspondence rules)."""

    ORDINARY = "ordinary", pgettext_lazy("nature of a letter", "Ordinary")
    URGENT = "urgent", pgettext_lazy("nature of a letter", "Urgent")
    VERY_URGENT = "very_urgent", pgettext_lazy("nature of a letter", "Very urgent")


class IncomingLetter(models.Model):
    """The request letter of a delegation. A replacement is a new row: earlier ones are kept."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="letters")
    number = models.CharField(_("letter number"), max_length=100)
    date = models.DateField(_("letter date"))
    subject = PrintedField(_("subject"), max_length=250, blank=True)
    signatory = PrintedField(_("signed by"), max_length=200, blank=True)
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
"""Fields of a pattern, with examples."""


def check_pattern(pattern: str) -> None:
    """Check that a pattern has only known fields, and number and year among them.

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


_PARTS = {"year": r"\d{4}", "number": r"\d+", "month": "[IVX]+"}


def ordinal_of(pattern: str, text: str) -> int | None:
    """The place of a number in its sequence; None if it was not made with this pattern."""
    regex = ""
    for literal, name, _format, _conversion in Formatter().parse(pattern):
        regex += re.escape(literal)
        if name:
            regex += f"(?P<number>{_PARTS[name]})" if name == "number" and "?P<number>" not in regex else _PARTS.get(name, ".*?")
    found = re.fullmatch(regex, text)
    return int(found["number"]) if found else None


NEW_PATTERNS = {
    "visit": "KJ-{year}-{number:04d}",
    "certificate": "SK-{year}-{number:05d}",
    "letter": "{classification}/{number:04d}/{unit}/{year}",
    "incoming": "{number:04d}/{year}",
}
"""By the key of a sequence, the pattern that its first year starts with."""

_ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class NumberSequenceManager(models.Manager):
    """Gives out the numbers of all sequences."""

    def next_number(self, key: str, *, year: int, month: int = 1, **fields: str) -> str:
        """Take the next number of a sequence.

        Must run in the transaction that saves the numbered row: if it is rolled back, the number is not used and no gap remains.
        A new year goes on with the pattern of the year before. ``fields`` are the other fields of its pattern (letters:
        ``classification``, ``unit``).
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("Numbers are taken inside the transaction of what they number.")
        if not self.filter(key=key, year=year).exists():
            previous = self.filter(key=key, year__lt=year).order_by("-year").first()
            self.get_or_create(key=key, year=year, defaults={"pattern": previous.pattern if previous else NEW_PATTERNS[key]})
        # The update locks the row on PostgreSQL; on SQLite the transaction holds the write lock already.
        self.filter(key=key, year=year).update(last_number=F("last_number") + 1)
        sequence = self.get(key=key, year=year)
        known = {"classification": "", "unit": "", **fields, "month": _ROMAN_MONTHS[month - 1]}
        return sequence.pattern.format(year=year, number=sequence.last_number, **known)


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

    objects = NumberSequenceManager()

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")
        ordering = ["key", "-year"]
        constraints = [models.UniqueConstraint(fields=["key", "year"], name="sequence_unique_per_year")]

    def __str__(self):
        return f"{self.key} {self.year}"

    def clean(self):
        """Check the pattern, and the length of the numbers that it gives."""
        limit = LONGEST_OF_KEY.get(self.key, LONGEST_NUMBER)
        check_pattern(self.pattern)
        if len(self.pattern.format(**PATTERN_FIELDS)) > limit:
            raise ValidationError({"pattern": _("Numbers of this sequence have at most %(limit)d characters.") % {"limit": limit}})


class Disposition(models.Model):
    """An instruction of a superior on an incoming letter. Dispositions are read in order and never changed."""

    class Instruction(models.TextChoices):
        """Instructions that can be ticked."""

        ATTEND = "attend", _("Attend")
        REPRESENT = "represent", _("Represent me")
        RECEIVE = "receive", _("Receive and accompany the guests")
        COORDINATE = "coordinate", _("Coordinate with the units concerned")
        PREPARE = "prepare", _("Prepare the material")
        REPLY = "reply", _("Prepare the answer")
        ADVISE = "advise", _("Give your advice")
        FOLLOW_UP = "follow_up", _("Follow up under the rules")
        INFORM = "inform", _("For your information")
        FILE = "file", pgettext_lazy("instruction on a letter", "File")

    letter = models.ForeignKey(IncomingLetter, models.PROTECT, verbose_name=_("letter"), related_name="dispositions")
    from_position = PrintedField(_("from"), max_length=150)
    to_positions = PrintedField(_("to"), max_length=300, help_text=_("Positions, with commas between them."))
    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("who is to act"),
        related_name="dispositions",
        null=True,
        blank=True,
        help_text=_("The letter then stands in the queue of this person."),
    )
    instructions = models.JSONField(_("instructions"), default=list, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    deadline = models.DateField(_("to be done by"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, editable=False)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        ordering = ["written_at", "pk"]

    def __str__(self):
        return f"{self.from_position} → {self.to_positions}"


class ReplyLetter(models.Model):
    """The host's reply to a request. It gets its number when it is issued and is not changed afterwards.

    A void letter keeps its number; another one may be written.
    """

    class Variant(models.TextChoices):
        """Kinds of replies."""

        ACCEPT = "accept", _("We receive you")
        ACCEPT_CHANGED = "accept_changed", _("We receive you on another date")
        DECLINE = "decline", _("We cannot receive you")
        ONLINE = "online", _("We meet you online")

    class State(models.TextChoices):
        """States of a reply letter."""

        DRAFT = "draft", _("Draft")
        ISSUED = "issued", pgettext_lazy("of a letter", "Issued")
        VOID = "void", _("Void")

    visit = models.ForeignKey(Visit, models.PROTECT, verbose_name=_("visit"), related_name="replies")
    answers = models.ForeignKey(
        IncomingLetter, models.PROTECT, verbose_name=_("answers the letter"), related_name="+", null=True, blank=True
    )
    variant = models.CharField(_("kind of answer"), max_length=16, choices=Variant, default=Variant.ACCEPT)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    number = models.CharField(_("number"), max_length=LONGEST_NUMBER, unique=True, null=True, editable=False)
    date = models.DateField(_("date"), null=True, editable=False)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, default=Nature.ORDINARY)
    enclosures = PrintedField(_("enclosures"), max_length=60, default="-", help_text=_("For example: 1 (satu) lembar."))
    subject = PrintedField(_("subject"), max_length=200)
    addressee = PrintedField(_("addressee"), max_length=200, help_text=_("The position, not the person."))
    addressee_place = PrintedField(_("place of the addressee"), max_length=100)
    opening = models.TextField(_("opening"), max_length=1000)
    body = models.TextField(_("text"), max_length=3000, blank=True)
    with_appointment = models.BooleanField(_("with day, time and place"), default=True)
    closing = models.TextField(_("closing"), max_length=1000)
    signatory = models.ForeignKey(
        HostOfficial,
        models.PROTECT,
        verbose_name=_("signed by"),
        related_name="+",
        limit_choices_to={"active": True, "signs_letters": True},
    )
    copies = models.TextField(_("copies to"), max_length=600, blank=True, help_text=_("One on each line."))
    snapshot = EncryptedTextField(blank=True, editable=False)
    issued_at = models.DateTimeField(_("issued"), null=True, editable=False)
    void_reason = models.CharField(_("why it is void"), max_length=300, blank=True, editable=False)
    signed_file = models.FileField(_("signed copy"), storage=private_storage, upload_to="replies/%Y/", blank=True, editable=False)

    class Meta:
        verbose_name = _("reply letter")
        verbose_name_plural = _("reply letters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit"], condition=~Q(state="void"), name="reply_one_valid_per_visit"),
            models.CheckConstraint(condition=Q(state="draft") | Q(number__isnull=False), name="reply_numbered_when_issued"),
        ]

    def __str__(self):
        return self.number or str(self.get_state_display())
