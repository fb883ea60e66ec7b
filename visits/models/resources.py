"""Rooms, speakers, guides and vehicles of the partners, and their allocation."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from knowledge_hub.core.language import in_active_language
from knowledge_hub.papers.fields import PrintedField
from visits.models.place import PlaceFields
from visits.models.programme import Programme, WeeklyHours
from visits.models.visit import Visit


class ResourceKind(models.Model):
    """A kind of resource; staff may add kinds."""

    slug = models.SlugField(_("slug"), unique=True)
    name_id = models.CharField(_("name in Indonesian"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    is_place = models.BooleanField(_("guests are received there"), default=False)
    is_person = models.BooleanField(_("a person who speaks or guides"), default=False)

    class Meta:
        verbose_name = _("kind of resource")
        verbose_name_plural = _("kinds of resources")
        ordering = ["pk"]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """Name in the active language."""
        return in_active_language(self, "name")


class Resource(PlaceFields, ClusterableModel):
    """A room, speaker, guide or vehicle. Without hours it is always available."""

    kind = models.ForeignKey(ResourceKind, models.PROTECT, verbose_name=_("kind"), related_name="resources")
    name = PrintedField(_("name"), max_length=120, unique=True)
    partner = models.CharField(_("provided by"), max_length=120, blank=True, help_text=_("For example Pemko, Polmed or Telkom."))
    capacity_persons = models.PositiveSmallIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty if the group may have any size."),
    )
    buffer_minutes = models.PositiveSmallIntegerField(_("free after a visit, in minutes"), default=0)
    active = models.BooleanField(_("in use"), default=True)
    note = models.CharField(_("note"), max_length=255, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Of a speaker or guide; invitations go there."))
    biography = models.TextField(_("short biography"), max_length=800, blank=True, help_text=_("Of a speaker, as told to the guests."))

    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel(["name", "kind"]),
                FieldRowPanel(["partner", "capacity_persons"]),
                FieldRowPanel(["buffer_minutes", "active"]),
                FieldPanel("note"),
            ],
            heading=_("What it is"),
        ),
        MultiFieldPanel(
            [FieldRowPanel(["address", "map_url"]), FieldRowPanel(["directions_id", "directions_en"]), "wifi_note"],
            heading=_("For a room: where it is"),
        ),
        MultiFieldPanel(["email", "biography"], heading=_("For a speaker or guide")),
        InlinePanel(
            "hours",
            heading=_("Hours"),
            label=_("Hours"),
            help_text=_("Leave empty if it is there whenever a programme is open."),
            panels=[FieldRowPanel(["weekday", "start", "end"])],
        ),
    ]

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["kind", "name"]

    def __str__(self):
        return self.name


class ResourceHours(models.Model):
    """When a resource is available, by ISO weekday (Monday = 1), in the venue's local time."""

    resource = ParentalKey(Resource, on_delete=models.CASCADE, verbose_name=_("resource"), related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WeeklyHours.Weekday)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("hours of a resource")
        verbose_name_plural = _("hours of resources")
        ordering = ["resource", "weekday", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lt=F("end")),
                name="resource_hours_start_before_end",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="resource_hours_iso_weekday"),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.start:%H.%M}–{self.end:%H.%M}"


class ProgrammeNeed(models.Model):
    """How many resources of a kind a visit of a programme needs."""

    programme = ParentalKey(Programme, on_delete=models.CASCADE, verbose_name=_("programme"), related_name="needs")
    kind = models.ForeignKey(ResourceKind, models.PROTECT, verbose_name=_("kind"), related_name="+")
    quantity = models.PositiveSmallIntegerField(_("how many"), default=1, validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("need of a programme")
        verbose_name_plural = _("needs of programmes")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind"],
                name="need_unique",
                violation_error_message=_("Each kind can be named once. Raise its number."),
            ),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.kind}"


class Allocation(models.Model):
    """A period in which a resource is taken by a visit, including its free time afterwards, or blocked by staff with a note.

    Half-open. Active allocations of a resource do not overlap: domain.resources checks it under the resource's lock, and PostgreSQL has
    an exclusion constraint.
    """

    resource = models.ForeignKey(Resource, models.PROTECT, verbose_name=_("resource"), related_name="allocations")
    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="allocations", null=True, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    active = models.BooleanField(_("active"), default=True, editable=False)
    note = models.CharField(_("why it is blocked"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")),
                name="allocation_start_before_end",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(condition=Q(visit__isnull=False) | ~Q(note=""), name="allocation_says_what_for"),
        ]
        indexes = [
            models.Index(fields=["resource", "active", "starts_at"]),
            # For the allocations of a year of sessions, in the order of the GROUP BY.
            models.Index(fields=["ends_at", "starts_at", "resource"], condition=Q(active=True), name="allocation_times"),
        ]

    def __str__(self):
        return f"{self.resource} {self.starts_at:%Y-%m-%d %H:%M}"
