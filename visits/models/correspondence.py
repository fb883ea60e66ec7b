"""What the host writes about a request: dispositions inside the house, and the letter that answers it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.models.encrypted import EncryptedTextField
from visits.models.host import HostOfficial
from visits.models.letters import LONGEST_NUMBER, IncomingLetter, Nature
from visits.models.visit import Visit, private_storage


class Disposition(models.Model):
    """An instruction that a superior writes on an incoming letter. A chain of them is read in order; none is ever changed."""

    class Instruction(models.TextChoices):
        """The list to tick."""

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
    from_position = models.CharField(_("from"), max_length=150)
    to_positions = models.CharField(_("to"), max_length=300, help_text=_("Positions, with commas between them."))
    instructions = models.JSONField(_("instructions"), default=list, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    deadline = models.DateField(_("to be done by"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, editable=False)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        ordering = ["written_at", "pk"]

    def __str__(self):
        return f"{self.from_position} → {self.to_positions}"


class ReplyLetter(models.Model):
    """The host's answer to a request. It takes its number when it is issued; from then on nobody changes it.

    A void letter keeps its number, and makes room for another one.
    """

    class Variant(models.TextChoices):
        """What the letter says."""

        ACCEPT = "accept", _("We receive you")
        ACCEPT_CHANGED = "accept_changed", _("We receive you on another date")
        DECLINE = "decline", _("We cannot receive you")
        ONLINE = "online", _("We meet you online")

    class State(models.TextChoices):
        """Its life."""

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
    enclosures = models.CharField(_("enclosures"), max_length=60, default="-", help_text=_("For example: 1 (satu) lembar."))
    subject = models.CharField(_("subject"), max_length=200)
    addressee = models.CharField(_("addressee"), max_length=200, help_text=_("The position, not the person."))
    addressee_place = models.CharField(_("place of the addressee"), max_length=100)
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
