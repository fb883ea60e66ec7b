"""Records of a visit: minutes, questions, photos, souvenirs, and the visum."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from knowledge_hub.models import CaseStudyPage
from knowledge_hub.papers.fields import PrintedField
from visits.models.agenda import AgendaItem
from visits.models.host import HostOfficial
from visits.models.visit import Visit, private_storage


class Minutes(models.Model):
    """The minutes of a visit."""

    visit = models.OneToOneField(Visit, models.CASCADE, verbose_name=_("visit"), related_name="minutes")
    chair = PrintedField(_("chaired by"), max_length=150, blank=True)
    note_taker = PrintedField(_("minutes taken by"), max_length=150)
    discussion = models.TextField(_("course of the meeting"), max_length=8000)
    conclusions = models.TextField(_("conclusions"), max_length=4000, blank=True, help_text=_("One on each line."))
    follow_up = models.TextField(_("follow-up"), max_length=4000, blank=True, help_text=_("One on each line."))
    signatory = models.ForeignKey(
        HostOfficial,
        models.PROTECT,
        verbose_name=_("approved by"),
        related_name="+",
        limit_choices_to={"active": True, "signs_records": True},
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("minutes of the visit")
        verbose_name_plural = _("minutes of visits")

    def __str__(self):
        return str(self.visit_id)


class Question(models.Model):
    """A question of guests with its answer and the case study that it is about."""

    class State(models.TextChoices):
        """Questions from phones are read by a moderator before others see them."""

        WAITING = "waiting", _("To be read")
        ACCEPTED = "accepted", _("Accepted")
        HIDDEN = "hidden", _("Hidden")

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="questions")
    asked_by = PrintedField(_("asked by"), max_length=150, blank=True)
    question = models.TextField(_("question"), max_length=1000)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, verbose_name=_("item of the agenda"), related_name="questions", null=True, blank=True
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACCEPTED, editable=False)
    by_delegate = models.BooleanField(_("asked on a delegate's phone"), default=False, editable=False)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True, null=True)
    case_study = models.ForeignKey(
        CaseStudyPage, models.SET_NULL, verbose_name=_("case study"), related_name="questions", null=True, blank=True
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["pk"]

    def __str__(self):
        return self.question


class VisitPhoto(models.Model):
    """A photo of the day for the report and the guests."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="photos")
    picture = models.ImageField(_("photo"), storage=private_storage, upload_to="photos/%Y/")
    caption = PrintedField(_("caption"), max_length=200)
    consent = models.BooleanField(_("those shown agreed"), default=False, help_text=_("Only these photos stand on papers."))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["pk"]

    def __str__(self):
        return self.caption


class Gift(models.Model):
    """A souvenir given or received during a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="gifts")
    given_by_host = models.BooleanField(_("given by the host"))
    is_planned = models.BooleanField(_("only planned"), default=False, help_text=_("Untick it when the souvenir has been handed over."))
    item = PrintedField(_("item"), max_length=200, blank=True)
    giver = PrintedField(_("given by"), max_length=200)
    receiver = PrintedField(_("received by"), max_length=200)
    to_institution = models.BooleanField(_("for the institution"), default=True, help_text=_("Untick it if one person keeps the souvenir."))
    estimated_value = models.PositiveIntegerField(_("estimated value (rupiah)"), null=True, blank=True)
    custody = PrintedField(_("where it is kept"), max_length=200, blank=True)
    photo = models.ImageField(_("photo"), storage=private_storage, upload_to="photos/%Y/", blank=True)
    needs_review = models.BooleanField(_("to be reviewed by the gratuity unit"), default=False, editable=False)
    source_note = models.CharField(_("source"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("souvenir")
        verbose_name_plural = _("souvenirs")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.giver} → {self.receiver}"


class VisumEntry(models.Model):
    """Who signs the visum of a delegation, and the days of arrival and departure. Without it the sheet uses defaults."""

    visit = models.OneToOneField(Visit, models.CASCADE, verbose_name=_("visit"), related_name="visum_entry")
    signatory = models.ForeignKey(HostOfficial, models.PROTECT, verbose_name=_("signed by"), related_name="+")
    arrived_on = models.DateField(_("arrived on"))
    departed_on = models.DateField(_("departed on"))

    class Meta:
        verbose_name = _("entry of the visum")
        verbose_name_plural = _("entries of the visum")
        constraints = [models.CheckConstraint(condition=Q(arrived_on__lte=F("departed_on")), name="visum_arrival_before_departure")]

    def __str__(self):
        return str(self.visit_id)
