"""The anonymous survey after a visit."""

import uuid

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.models.visit import Visit

WORST, BEST = 1, 4


def _mark(label: str, *, optional: bool = False) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, null=optional, validators=[MinValueValidator(WORST), MaxValueValidator(BEST)])


def _words(label: str) -> models.TextField:
    return models.TextField(label, blank=True, validators=[MaxLengthValidator(1000)])


class SurveyResponse(models.Model):
    """One answer. Nothing in it leads to who gave it: a random key, no time, and no link to a delegate.

    That somebody answered is noted with the delegate or the visit (``survey_answered``). Which question a field answers says
    visits/domain/survey_questions.py.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="survey_responses")
    requirements = _mark(_("requirements"))
    procedure = _mark(_("procedure"))
    time = _mark(_("time of the service"))
    cost = _mark(_("cost"))
    product = _mark(_("product of the service"))
    competence = _mark(_("competence"))
    conduct = _mark(_("conduct"))
    complaints = _mark(_("handling of complaints"))
    facilities = _mark(_("facilities"))
    learnt = _mark(_("new things learnt"), optional=True)
    likely = _mark(_("likely to be adopted"), optional=True)
    adopt = _words(_("what will be adopted"))
    unanswered = _words(_("what stayed unanswered"))
    words = _words(_("suggestions"))

    class Meta:
        verbose_name = _("answer to the survey")
        verbose_name_plural = _("answers to the survey")
        # Never in the order of their arrival, which could tell whose they are.
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *[
                        (f"{name}__range", (WORST, BEST))
                        for name in (
                            "requirements",
                            "procedure",
                            "time",
                            "cost",
                            "product",
                            "competence",
                            "conduct",
                            "complaints",
                            "facilities",
                        )
                    ]
                ),
                name="survey_marks_in_range",
            )
        ]

    def __str__(self):
        return str(self.pk)
