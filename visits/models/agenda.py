"""The agenda of a visit, and the template of each programme."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from knowledge_hub.models import CaseStudyPage
from visits.models.programme import Programme
from visits.models.visit import Visit, private_storage


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
    title = models.CharField(_("title"), max_length=150, blank=True, help_text=_("Leave empty for the name of its kind."))
    filler = models.CharField(_("speaker or host of the item"), max_length=150, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The title, or the name of the kind in the active language."""
        return self.title or str(self.get_kind_display())


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
    in_charge = models.CharField(_("person in charge"), max_length=120, blank=True)
    case_study = models.ForeignKey(CaseStudyPage, models.SET_NULL, verbose_name=_("case study"), related_name="+", null=True, blank=True)
    material = models.FileField(
        _("material"),
        storage=private_storage,
        upload_to="materials/%Y/",
        blank=True,
        help_text=_("The slides as they were shown. The guests find them in their pack."),
    )
    material_name = models.CharField(max_length=120, blank=True, editable=False)

    class Meta(AgendaEntry.Meta):
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("items of the agenda")
