"""What regions took home: adoptions, and the reports from which they are known."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge_hub.models import CaseStudyPage, CollaborationDocumentPage, Region
from visits.enums import AdoptionMode, AdoptionStatus
from visits.models.resources import Resource
from visits.models.visit import Visit, private_storage


class AdoptionFacts(models.Model):
    """What is told about an adoption; a report and the adoption itself have the same fields."""

    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=AdoptionStatus)
    mode = models.CharField(_("how"), max_length=10, choices=AdoptionMode, blank=True)
    description = models.TextField(_("what is being done"), blank=True, validators=[MaxLengthValidator(1500)])
    stop_reason = models.TextField(_("why it was stopped"), blank=True, validators=[MaxLengthValidator(1000)])
    plan = models.TextField(
        _("action plan"), blank=True, help_text=_("One step on each line, with who and by when."), validators=[MaxLengthValidator(2000)]
    )
    evidence_url = models.URLField(_("address of evidence"), max_length=500, blank=True)
    evidence_file = models.FileField(_("file of evidence"), storage=private_storage, upload_to="evidence/%Y/", blank=True)
    figure = models.CharField(_("what was measured"), max_length=120, blank=True)
    figure_before = models.CharField(_("before"), max_length=60, blank=True)
    figure_after = models.CharField(_("after"), max_length=60, blank=True)

    class Meta:
        abstract = True


FACTS = tuple(field.name for field in AdoptionFacts._meta.local_fields)


class Adoption(AdoptionFacts):
    """A case of Binjai that a region adopted, or something that Binjai adopted from a region (inbound).

    Only domain.adoptions writes it, from a report that staff accepted or for what staff know themselves.
    """

    inbound = models.BooleanField(_("Binjai adopted it from the region"), default=False)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="adoptions")
    case_study = models.ForeignKey(
        CaseStudyPage, models.SET_NULL, verbose_name=_("case study"), related_name="adoptions", null=True, blank=True
    )
    title = models.CharField(_("what was adopted"), max_length=200, blank=True, help_text=_("If there is no case study about it."))
    visit = models.ForeignKey(
        Visit, models.SET_NULL, verbose_name=_("learnt on the visit"), related_name="adoptions", null=True, blank=True
    )
    learnt_from = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("learnt from another adopter"), related_name="followers", null=True, blank=True
    )
    mentor = models.ForeignKey(
        Resource,
        models.SET_NULL,
        verbose_name=_("mentor"),
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"kind__is_person": True},
    )
    agreement = models.ForeignKey(
        CollaborationDocumentPage, models.SET_NULL, verbose_name=_("agreement"), related_name="adoptions", null=True, blank=True
    )
    source = models.CharField(_("published source"), max_length=255, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    reported_on = models.DateField(_("first reported"), editable=False)
    changed_on = models.DateField(_("status since"), editable=False)

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ["-changed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "case_study"],
                condition=Q(inbound=False, case_study__isnull=False),
                name="adoption_one_per_region_and_case",
            ),
            models.CheckConstraint(condition=Q(status__in=AdoptionStatus.values), name="adoption_status_known"),
            models.CheckConstraint(condition=~Q(status=AdoptionStatus.STOPPED) | ~Q(stop_reason=""), name="adoption_stopped_has_a_reason"),
        ]
        indexes = [models.Index(fields=["is_demo", "inbound", "status"])]

    def __str__(self):
        return f"{self.region}: {self.what}"

    @property
    def what(self) -> str:
        """The case study's title, or the words of staff."""
        return self.case_study.title if self.case_study else self.title


class AdoptionReport(AdoptionFacts):
    """What somebody told about an adoption; it counts when staff accept it. Rows are the history of the adoption."""

    class State(models.TextChoices):
        """What staff decided."""

        WAITING = "waiting", _("To be read")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Not accepted")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING, editable=False)
    adoption = models.ForeignKey(Adoption, models.CASCADE, verbose_name=_("adoption"), related_name="reports", null=True, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="adoption_reports", null=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")
    case_study = models.ForeignKey(CaseStudyPage, models.SET_NULL, verbose_name=_("case study"), related_name="+", null=True)
    reporter_name = models.CharField(_("reported by"), max_length=150, blank=True)
    reporter_email = models.EmailField(_("e-mail"), blank=True)
    created_at = models.DateTimeField(_("reported"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, editable=False)

    class Meta:
        verbose_name = _("report of an adoption")
        verbose_name_plural = _("reports of adoptions")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state"])]

    def __str__(self):
        return f"{self.region}: {self.case_study or '–'}"


class FollowUpAnswer(models.Model):
    """That a contact person answered one of the questions after a visit, whatever the answer was."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="follow_up_answers")
    months = models.PositiveSmallIntegerField(_("months after the visit"))
    answered_on = models.DateField(auto_now_add=True)

    class Meta:
        verbose_name = _("answer after a visit")
        verbose_name_plural = _("answers after visits")
        constraints = [models.UniqueConstraint(fields=["visit", "months"], name="follow_up_one_answer_a_round")]

    def __str__(self):
        return f"{self.visit_id}: {self.months}"
