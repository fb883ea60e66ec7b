"""Programmes, their opening hours, exceptions in the calendar, and the sessions that are created from them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel

from knowledge_hub.core.language import in_active_language
from knowledge_hub.papers.fields import PrintedField
from visits.enums import ExceptionEffect, ExceptionSource, SpokenLanguage
from visits.models.languages import LanguagesField
from visits.models.place import PlaceFields


def working_days(count: int) -> str:
    """A number of working days in words, for example “7 working days”."""
    return ngettext("%(days)s working day", "%(days)s working days", count) % {"days": count}


class Programme(PlaceFields, ClusterableModel):
    """A kind of visit with its booking rules."""

    slug = models.SlugField(_("slug"), unique=True)
    name_id = PrintedField(_("name in Indonesian"), max_length=120)
    name_en = PrintedField(_("name in English"), max_length=120)
    summary_id = models.TextField(_("summary in Indonesian"), max_length=600)
    summary_en = models.TextField(_("summary in English"), max_length=600)
    venue_id = PrintedField(_("venue in Indonesian"), max_length=200, blank=True)
    venue_en = PrintedField(_("venue in English"), max_length=200, blank=True)
    is_online = models.BooleanField(_("online"), default=False)
    host_contact_name = PrintedField(
        _("contact of the host"), max_length=120, blank=True, help_text=_("Whom guests call on the way and on the day.")
    )
    host_contact_phone = models.CharField(_("telephone of this contact"), max_length=30, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(_("duration in minutes"), default=150, validators=[MinValueValidator(15)])
    min_persons = models.PositiveSmallIntegerField(_("smallest group"), default=1, validators=[MinValueValidator(1)])
    max_persons = models.PositiveSmallIntegerField(_("largest group"), default=40)
    capacity_persons = models.PositiveSmallIntegerField(
        _("seats per session"), default=60, help_text=_("Several delegations may share a session until its seats are taken.")
    )
    lead_working_days = models.PositiveSmallIntegerField(
        _("notice in working days"), default=7, help_text=_("A request must reach us at least this many working days before the visit.")
    )
    horizon_days = models.PositiveSmallIntegerField(_("bookable ahead, in days"), default=180, validators=[MaxValueValidator(730)])
    buffer_minutes = models.PositiveSmallIntegerField(_("pause between sessions in minutes"), default=30)
    max_per_day = models.PositiveSmallIntegerField(_("visits per day"), default=2)
    max_per_week = models.PositiveSmallIntegerField(_("visits per week"), default=6)
    answer_working_days = models.PositiveSmallIntegerField(
        _("answer within working days"), default=5, help_text=_("The service standard that guests are promised.")
    )
    letter_required = models.BooleanField(_("request letter required"), default=True)
    letter_grace_working_days = models.PositiveSmallIntegerField(
        _("letter may follow within working days"),
        default=3,
        help_text=_("For guests whose letter is not signed yet. With 0 the letter must be attached to the request."),
    )
    languages = LanguagesField(
        _("languages offered"),
        default=tuple(SpokenLanguage.values),
        help_text=_("In which guests can be received; with none chosen, Indonesian."),
    )
    waiting_list = models.BooleanField(_("waiting list for full periods"), default=True)
    active = models.BooleanField(_("bookable"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel(["name_id", "name_en"]),
                "slug",
                FieldRowPanel(["summary_id", "summary_en"]),
                FieldRowPanel(["venue_id", "venue_en"]),
                FieldRowPanel(["address", "map_url"]),
                FieldRowPanel(["directions_id", "directions_en"]),
                FieldRowPanel(["host_contact_name", "host_contact_phone"]),
                "wifi_note",
                FieldRowPanel(["is_online", "active", "sort_order"]),
            ],
            heading=_("What it is"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(["min_persons", "max_persons", "capacity_persons"]),
                FieldRowPanel(["duration_minutes", "buffer_minutes"]),
                FieldRowPanel(["max_per_day", "max_per_week"]),
                FieldRowPanel(["lead_working_days", "horizon_days", "answer_working_days"]),
                FieldRowPanel(["letter_required", "letter_grace_working_days", "waiting_list"]),
                "languages",
            ],
            heading=_("Rules"),
        ),
        InlinePanel(
            "needs",
            heading=_("What a visit needs"),
            label=_("Need"),
            help_text=_("Taken when a visit is scheduled; sessions for which nothing is free are not offered."),
            panels=[FieldRowPanel(["kind", "quantity"])],
        ),
        InlinePanel(
            "agenda_template",
            heading=_("Agenda template"),
            label=pgettext_lazy("agenda", "Item"),
            help_text=_("What the agenda of a new visit starts with."),
            panels=[FieldRowPanel(["kind", "duration_minutes"]), "title", FieldRowPanel(["filler", "place"])],
        ),
        InlinePanel(
            "task_template",
            heading=_("Preparation"),
            label=_("Task"),
            help_text=_("What is to be done before each visit."),
            panels=["title", FieldRowPanel(["responsible", "email", "days_before"])],
        ),
        InlinePanel(
            "weekly_hours", heading=_("Opening hours"), label=_("Opening hours"), panels=[FieldRowPanel(["weekday", "start", "end"])]
        ),
    ]

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["sort_order", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(min_persons__lte=F("max_persons")),
                name="programme_min_persons_at_most_max",
                violation_error_message=_("The smallest group cannot be larger than the largest."),
            ),
            models.CheckConstraint(
                condition=Q(max_persons__lte=F("capacity_persons")),
                name="programme_max_persons_at_most_capacity",
                violation_error_message=_("The largest group must fit into the seats of a session."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def notice(self) -> str:
        """How long before the visit a request must arrive, in words."""
        return working_days(self.lead_working_days)

    @property
    def answer_time(self) -> str:
        """The time within which guests are promised an answer, in words."""
        return working_days(self.answer_working_days)

    @property
    def letter_grace(self) -> str:
        """The time within which the letter may follow the request, in words."""
        return working_days(self.letter_grace_working_days)

    @property
    def name(self) -> str:
        """Name in the active language."""
        return in_active_language(self, "name")

    @property
    def summary(self) -> str:
        """Summary in the active language."""
        return in_active_language(self, "summary")

    def get_languages_display(self) -> str:
        """The languages offered, in words of the active language."""
        return ", ".join(str(SpokenLanguage(code).label) for code in self.languages)

    @property
    def venue(self) -> str:
        """Where it takes place, in the active language."""
        return in_active_language(self, "venue")


class WeeklyHours(models.Model):
    """When a programme receives guests, by ISO weekday (Monday = 1), in the venue's local time."""

    class Weekday(models.IntegerChoices):
        """Weekday numbers of ISO 8601."""

        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    programme = ParentalKey(Programme, on_delete=models.CASCADE, verbose_name=_("programme"), related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["programme", "weekday", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lt=F("end")),
                name="weekly_hours_start_before_end",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="weekly_hours_iso_weekday"),
            models.UniqueConstraint(fields=["programme", "weekday", "start"], name="weekly_hours_unique"),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.start:%H.%M}–{self.end:%H.%M}"


class CalendarException(models.Model):
    """A day that differs from the weekly hours: a holiday, collective leave, a closure or special hours."""

    date = models.DateField(_("date"))
    programme = models.ForeignKey(
        Programme,
        models.CASCADE,
        verbose_name=_("programme"),
        related_name="exceptions",
        null=True,
        blank=True,
        help_text=_("Leave empty for all programmes."),
    )
    effect = models.CharField(_("effect"), max_length=20, choices=ExceptionEffect, default=ExceptionEffect.CLOSED)
    start = models.TimeField(_("from"), null=True, blank=True)
    end = models.TimeField(_("until"), null=True, blank=True)
    reason_id = models.CharField(_("reason in Indonesian"), max_length=150)
    reason_en = models.CharField(_("reason in English"), max_length=150)
    source = models.CharField(_("source"), max_length=20, choices=ExceptionSource, default=ExceptionSource.MANUAL)
    estimated = models.BooleanField(
        _("estimated"), default=False, help_text=_("To be confirmed by the joint decree of the three ministers.")
    )

    class Meta:
        verbose_name = _("exception in the calendar")
        verbose_name_plural = _("exceptions in the calendar")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(effect=ExceptionEffect.SPECIAL_HOURS) | Q(start__isnull=False, end__isnull=False, start__lt=F("end")),
                name="exception_special_hours_complete",
                violation_error_message=_("Special hours need a start and a later end."),
            ),
            models.UniqueConstraint(fields=["date", "programme", "reason_id"], name="exception_unique"),
            # Nulls are distinct in unique constraints, so entries for all programmes need their own.
            models.UniqueConstraint(fields=["date", "reason_id"], condition=Q(programme__isnull=True), name="exception_unique_for_all"),
        ]
        indexes = [models.Index(fields=["date"])]

    def __str__(self):
        return f"{self.date:%d.%m.%Y} {self.reason}"

    @property
    def reason(self) -> str:
        """The reason in the active language."""
        return in_active_language(self, "reason")


class VisitSlot(models.Model):
    """A session: a bookable time, created from the opening hours. Its counters enforce seats and limits.

    Visits and open proposals hold seats and are counted in ``used_visits``.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="slots")
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    capacity_persons = models.PositiveSmallIntegerField(_("seats"))
    used_persons = models.PositiveSmallIntegerField(_("seats taken"), default=0)
    used_visits = models.PositiveSmallIntegerField(_("visits that hold seats"), default=0, editable=False)
    is_open = models.BooleanField(_("open"), default=True)
    closed_by_hours = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "starts_at"], name="slot_unique"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="slot_start_before_end"),
            models.CheckConstraint(condition=Q(used_persons__lte=F("capacity_persons")), name="slot_never_overbooked"),
        ]
        indexes = [models.Index(fields=["starts_at"])]

    def __str__(self):
        return f"{self.programme_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def free_persons(self) -> int:
        """Seats that are not taken."""
        return self.capacity_persons - self.used_persons
