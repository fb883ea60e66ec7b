"""Proposed dates and the waiting list."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.enums import Actor, ProposalState
from visits.models.programme import VisitSlot
from visits.models.visit import Visit

MAX_NOTICES = 3
"""How often a guest on the waiting list is offered a place."""


class ProposalQuerySet(models.QuerySet):
    """Queries for proposed dates."""

    def open(self):
        """Proposals that wait for an answer."""
        return self.filter(open_proposal_condition())


def open_proposal_condition(relation: str = "") -> Q:
    """The condition of an open proposal; ``relation`` is the prefix of a lookup from another model, for example ``proposals__``."""
    return Q(**{f"{relation}state": ProposalState.OPEN})


class Proposal(models.Model):
    """Another session for a visit, proposed by guest, staff or waiting list. It holds seats while it is open."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="proposals")
    by = models.CharField(_("proposed by"), max_length=10, choices=Actor)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True)
    slot = models.ForeignKey(VisitSlot, models.PROTECT, verbose_name=_("session"), related_name="proposals")
    seats_held = models.PositiveSmallIntegerField(_("seats held"), default=0, editable=False)
    message = models.TextField(_("message"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("holds until"))
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed date")
        verbose_name_plural = _("proposed dates")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit"], condition=open_proposal_condition(), name="proposal_one_open"),
            models.CheckConstraint(condition=open_proposal_condition() | Q(seats_held=0), name="proposal_only_open_holds_seats"),
        ]
        indexes = [models.Index(fields=["state", "expires_at"])]

    def __str__(self):
        return f"{self.visit_id} → {self.slot}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == ProposalState.OPEN

    def state_when_ended_by(self, actor: Actor) -> ProposalState:
        """The state after this side ended it: withdrawn by its maker, refused by the other side."""
        return ProposalState.WITHDRAWN if self.by == actor else ProposalState.REFUSED


class WaitlistEntry(models.Model):
    """A guest who waits for a place in a full period. Places are offered in the order of ``joined_at``."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="waitlist_entries")
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"))
    notices_sent = models.PositiveSmallIntegerField(_("places offered"), default=0)
    is_open = models.BooleanField(_("waiting"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    class Meta:
        verbose_name = _("place on the waiting list")
        verbose_name_plural = _("places on the waiting list")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit"], condition=Q(is_open=True), name="waitlist_one_open"),
            models.CheckConstraint(condition=Q(notices_sent__lte=MAX_NOTICES), name="waitlist_at_most_three_notices"),
            models.CheckConstraint(condition=Q(from_date__lte=F("until_date")), name="waitlist_from_before_until"),
        ]

    def __str__(self):
        return f"{self.visit_id} {self.from_date:%d.%m.%Y}–{self.until_date:%d.%m.%Y}"


class SeatRequest(models.Model):
    """A guest's wish for more people than were approved; staff accept or refuse it."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="seat_requests")
    group_size = models.PositiveSmallIntegerField(_("number of people"))
    message = models.TextField(_("message"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)

    class Meta:
        verbose_name = _("request for more seats")
        verbose_name_plural = _("requests for more seats")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["visit"], condition=open_proposal_condition(), name="seat_request_one_open")]

    def __str__(self):
        return f"{self.visit_id}: {self.group_size}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for staff."""
        return self.state == ProposalState.OPEN
