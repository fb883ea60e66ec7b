"""Visits with their messages, and drafts of requests."""

import uuid

from django.conf import settings
from django.core.files.storage import storages
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge_hub.models import CaseStudyPage, Region, SubDimension
from knowledge_hub.papers.fields import PrintedField
from visits.enums import FREES_SEATS, OrganisationKind, ReasonCode, SpokenLanguage, VisitSource, VisitStatus
from visits.models.programme import Programme, VisitSlot


def private_storage():
    """The storage without public URLs; a callable, so that migrations contain no path."""
    return storages["private"]


def new_calendar_uid() -> str:
    """A UID that never changes and cannot be guessed (RFC 5545 section 3.8.4.7, RFC 7986 section 5.3)."""
    return f"{uuid.uuid4()}@{settings.SITE_HOST.split(':')[0]}"


class Visit(models.Model):
    """A visit of a delegation, from the request to the certificates. Only domain.lifecycle writes its status."""

    reference = models.CharField(_("reference"), max_length=20, unique=True, null=True, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=VisitStatus, default=VisitStatus.UNVERIFIED, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    source = models.CharField(_("source"), max_length=10, choices=VisitSource, default=VisitSource.ONLINE, editable=False)

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="visits", null=True)
    slot = models.ForeignKey(VisitSlot, models.PROTECT, verbose_name=_("session"), related_name="visits", null=True)
    seats_held = models.PositiveSmallIntegerField(_("seats held"), default=0, editable=False)
    hold_until = models.DateTimeField(_("seats held until"), null=True, editable=False)
    alternative_slots = models.ManyToManyField(VisitSlot, verbose_name=_("other sessions that suit"), blank=True, related_name="+")
    letter_due_on = models.DateField(_("letter promised by"), null=True, editable=False)
    recorded_date = models.DateField(
        _("date of the visit"), null=True, editable=False, help_text=_("Only for visits known from a published source.")
    )

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="visits", null=True)
    organisation = PrintedField(_("organisation"), max_length=200)
    organisation_kind = models.CharField(_("kind of organisation"), max_length=30, choices=OrganisationKind)
    group_size = models.PositiveSmallIntegerField(_("number of people"), null=True, validators=[MinValueValidator(1)])
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True)
    topics = models.ManyToManyField(SubDimension, verbose_name=_("topics"), blank=True, related_name="visits")
    case_studies = models.ManyToManyField(CaseStudyPage, verbose_name=_("case studies"), blank=True, related_name="visits")
    spoken_language = models.CharField(_("language of the visit"), max_length=5, choices=SpokenLanguage, default=SpokenLanguage.INDONESIAN)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="id")

    contact_name = PrintedField(_("contact person"), max_length=150, blank=True)
    contact_position = PrintedField(_("position"), max_length=150, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=30, blank=True)
    privacy_notice_version = models.CharField(_("privacy notice"), max_length=20, blank=True, editable=False)

    place = PrintedField(
        _("place"), max_length=200, blank=True, help_text=_("Leave empty for the allocated room or the programme's place.")
    )
    address = PrintedField(_("address"), max_length=250, blank=True)
    directions = models.TextField(_("directions"), max_length=600, blank=True)
    map_url = models.URLField(_("link to a map"), max_length=500, blank=True)
    meeting_url = models.URLField(_("link to the online session"), max_length=500, blank=True)
    host_contact_name = PrintedField(_("contact of the host"), max_length=120, blank=True)
    host_contact_phone = models.CharField(_("telephone of this contact"), max_length=30, blank=True)

    submission_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_nonce = models.CharField(max_length=40, editable=False, blank=True)
    token_hash = models.CharField(max_length=64, editable=False, unique=True, null=True)
    confirm_hash = models.CharField(max_length=64, editable=False, unique=True, null=True)

    # What staff entered for single papers: key of the paper, name of the value, value (EnteredValue in visits/documents/declaration.py).
    paper_values = models.JSONField(default=dict, blank=True, editable=False)

    calendar_uid = models.CharField(max_length=100, unique=True, default=new_calendar_uid, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    reason_code = models.CharField(_("kind of reason"), max_length=30, choices=ReasonCode, blank=True, editable=False)
    reason = models.TextField(_("reason"), max_length=2000, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    answer_due_at = models.DateTimeField(_("answer due"), null=True, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("officer"), related_name="+", null=True, blank=True, editable=False
    )
    survey_answered = models.BooleanField(default=False, editable=False, help_text="By the contact person.")
    anonymised_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("decided by"), related_name="+", null=True, editable=False
    )

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-created_at"]
        permissions = [
            ("register_visit", _("Can register letters and issue replies")),
            ("decide_visit", _("Can decide on requests")),
            ("receive_visit", _("Can receive guests and record attendance")),
            ("certify_visit", _("Can issue and revoke certificates")),
            ("dispose_visit", _("Can read and write dispositions")),
            ("audit_visit", _("Can read everything about visits, without changing it")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=VisitStatus.values), name="visit_status_known"),
            models.CheckConstraint(
                condition=Q(slot__isnull=False)
                | Q(source=VisitSource.RECORD, recorded_date__isnull=False)
                | ~Q(status__in=[VisitStatus.APPROVED, VisitStatus.COMPLETED, VisitStatus.NO_SHOW]),
                name="visit_has_a_time",
            ),
            models.CheckConstraint(condition=~Q(status__in=FREES_SEATS) | Q(seats_held=0), name="visit_exit_holds_no_seats"),
        ]
        indexes = [models.Index(fields=["status", "answer_due_at"]), models.Index(fields=["hold_until"])]

    def __str__(self):
        return f"{self.reference or '–'} {self.organisation}"

    @property
    def starts_at(self):
        """Start of the visit (aware, UTC); None if only the day is known or the guest waits for a place."""
        return self.slot.starts_at if self.slot_id else None

    @property
    def open_proposal(self):
        """The proposed date that waits for an answer, or None; makes no query if the visit was read with its proposals."""
        return next((proposal for proposal in self.proposals.all() if proposal.is_open), None)

    @property
    def open_seat_request(self):
        """The wish for more people that waits for staff, or None; makes no query if the visit was read with its seat requests."""
        return next((request for request in self.seat_requests.all() if request.is_open), None)


class VisitMessage(models.Model):
    """A message between guest and host, shown on the guest's status page."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="thread")
    from_guest = models.BooleanField(_("from the guest"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True)
    text = models.TextField(_("message"), max_length=4000)
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]

    def __str__(self):
        return f"{self.visit_id} {self.created_at:%Y-%m-%d %H:%M}"


class SavedDraft(models.Model):
    """The answers of an unfinished request, opened by a secret link. The database holds only the hash of the link."""

    email = models.EmailField(_("e-mail"))
    values = models.JSONField(_("answers"))
    language = models.CharField(_("language"), max_length=5)
    token_nonce = models.CharField(max_length=40, editable=False)
    token_hash = models.CharField(max_length=64, editable=False, unique=True, null=True)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("saved request")
        verbose_name_plural = _("saved requests")
        ordering = ["-saved_at"]

    def __str__(self):
        return str(self.pk)


class SavedFilter(models.Model):
    """A filter of the inbox that a member of staff keeps under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_unique")]

    def __str__(self):
        return self.name
