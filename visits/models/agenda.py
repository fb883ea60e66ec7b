"""The agenda of a visit, and the template of each programme."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey

from knowledge_hub.models import CaseStudyPage
from knowledge_hub.papers.fields import PrintedField
from visits.models.programme import Programme
from visits.models.resources import Resource
from visits.models.secret_link import SecretLink
from visits.models.visit import Visit, new_calendar_uid, private_storage


class AgendaEntry(models.Model):
    """An item with its duration. Its start is computed from the items before it and not stored."""

    class Kind(models.TextChoices):
        """Usual parts of a visit, in their usual order."""

        WELCOME = "welcome", _("Arrival and registration")
        OPENING = "opening", _("Opening")
        HOST_SPEECH = "host_speech", _("Address of the host")
        GUEST_SPEECH = "guest_speech", _("Address of the head of the delegation")
        PRESENTATION = "presentation", _("Presentation")
        QUESTIONS = "questions", _("Questions and answers")
        TOUR = "tour", _("Tour")
        SOUVENIRS = "souvenirs", _("Exchange of souvenirs")
        PHOTO = "photo", _("Group photo")
        MEAL = "meal", _("Meal")
        BREAK = "break", _("Break")
        CLOSING = "closing", _("Closing")

    sort_order = models.PositiveSmallIntegerField(_("order"), default=0, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    duration_minutes = models.PositiveSmallIntegerField(_("minutes"), default=15, validators=[MinValueValidator(1), MaxValueValidator(600)])
    title = PrintedField(_("title"), max_length=150, blank=True, help_text=_("Leave empty for the name of its kind."))
    filler = PrintedField(_("speaker or host of the item"), max_length=150, blank=True)
    place = PrintedField(_("place"), max_length=120, blank=True)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The title, or the name of the kind in the active language."""
        return self.title or str(self.Kind(self.kind).label)


class AgendaTemplateItem(AgendaEntry):
    """An item that every new agenda of a programme starts with."""

    programme = ParentalKey(Programme, on_delete=models.CASCADE, verbose_name=_("programme"), related_name="agenda_template")
    sort_order_field = "sort_order"

    class Meta(AgendaEntry.Meta):
        verbose_name = _("item of the agenda template")
        verbose_name_plural = _("items of the agenda template")


class AgendaItem(AgendaEntry):
    """An item of a visit's agenda."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="agenda_items")
    in_charge = PrintedField(_("person in charge"), max_length=120, blank=True)
    room = models.ForeignKey(
        Resource,
        models.SET_NULL,
        verbose_name=_("room"),
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"kind__is_place": True},
    )
    speaker = models.ForeignKey(
        Resource,
        models.SET_NULL,
        verbose_name=_("speaker"),
        related_name="agenda_items",
        null=True,
        blank=True,
        limit_choices_to={"kind__is_person": True},
    )
    is_parallel = models.BooleanField(
        _("at the same time as the item before"), default=False, help_text=_("For large groups that split into several sessions.")
    )
    case_study = models.ForeignKey(CaseStudyPage, models.SET_NULL, verbose_name=_("case study"), related_name="+", null=True, blank=True)
    material = models.FileField(
        _("material"),
        storage=private_storage,
        upload_to="materials/%Y/",
        blank=True,
        help_text=_("The slides as they were shown. The guests find them in their pack."),
    )
    material_name = models.CharField(max_length=120, blank=True, editable=False)
    released_at = models.DateTimeField(_("material released"), null=True, editable=False)

    class Meta(AgendaEntry.Meta):
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("items of the agenda")


class SpeakerInvitation(SecretLink):
    """The request to a speaker to take an item of the agenda, answered by a secret link, without an account.

    The slides that are uploaded by the link become the item's material: the version of this visit.
    """

    class State(models.TextChoices):
        """What the speaker answered."""

        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("a speaker", "Accepted")
        DECLINED = "declined", pgettext_lazy("a speaker", "Declined")
        SUBSTITUTE = "substitute", _("A substitute is named")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    item = models.ForeignKey(AgendaItem, models.CASCADE, verbose_name=_("item of the agenda"), related_name="invitations")
    speaker = models.ForeignKey(Resource, models.PROTECT, verbose_name=_("speaker"), related_name="invitations")
    email = models.EmailField(_("e-mail"))
    state = models.CharField(_("answer"), max_length=10, choices=State, default=State.OPEN)
    note = models.TextField(_("words of the speaker"), max_length=1000, blank=True)
    substitute_name = models.CharField(_("name of the substitute"), max_length=120, blank=True)
    substitute_position = models.CharField(_("position of the substitute"), max_length=150, blank=True)
    substitute_email = models.EmailField(_("e-mail of the substitute"), blank=True)
    biography = models.TextField(_("short biography"), max_length=800, blank=True)
    may_upload = models.BooleanField(_("slides may be uploaded"), default=True, editable=False)
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    expires_at = models.DateTimeField(_("link works until"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    calendar_uid = models.CharField(max_length=100, unique=True, default=new_calendar_uid, editable=False)
    """Also the proof of the speaker's answer from a calendar, so it stands in no other file."""
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    """Number of the latest calendar file; it rises with every change (RFC 5546 section 2.1.4)."""

    class Meta:
        verbose_name = _("invitation of a speaker")
        verbose_name_plural = _("invitations of speakers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(state__in=["open", "accepted"]), name="invitation_one_valid_per_item"
            )
        ]

    def __str__(self):
        return f"{self.speaker} ({self.get_state_display()})"
