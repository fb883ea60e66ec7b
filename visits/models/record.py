"""What was said and seen on the day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge_hub.models import CaseStudyPage
from visits.models.host import HostOfficial
from visits.models.visit import Visit, private_storage


class Minutes(models.Model):
    """The minutes of a visit."""

    visit = models.OneToOneField(Visit, models.CASCADE, verbose_name=_("visit"), related_name="minutes")
    chair = models.CharField(_("chaired by"), max_length=150, blank=True)
    note_taker = models.CharField(_("minutes taken by"), max_length=150)
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
    """A question that guests asked, with its answer, tied to the case study that it is about."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="questions")
    asked_by = models.CharField(_("asked by"), max_length=150, blank=True)
    question = models.TextField(_("question"), max_length=1000)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
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
    caption = models.CharField(_("caption"), max_length=200)
    consent = models.BooleanField(_("those shown agreed"), default=False, help_text=_("Only these photos stand on papers."))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["pk"]

    def __str__(self):
        return self.caption
