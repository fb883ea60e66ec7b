"""Requests of people about their data, incidents with data, and proofs of erasure (Law 27/2022)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.enums import DataRequestKind, DataRequestState
from visits.models.secret_link import SecretLink
from visits.models.visit import Visit

CLOCK = dt.timedelta(hours=72)
"""3 × 24 hours: to answer a person (articles 30, 32 and 40), and to tell of an incident (article 46)."""


class DataRequest(SecretLink):
    """What a person asks about the own data. The clock starts when the mail address is confirmed.

    ``delegates`` and ``contact_of`` are primary keys of the delegates and visits that staff found to be the person.
    """

    kind = models.CharField(_("request"), max_length=10, choices=DataRequestKind)
    name = models.CharField(_("full name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    detail = models.TextField(_("what it is about"), max_length=2000, blank=True)
    visit = models.ForeignKey(Visit, models.SET_NULL, verbose_name=_("visit"), null=True, related_name="+")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="id")
    state = models.CharField(_("status"), max_length=12, choices=DataRequestState, default=DataRequestState.UNCONFIRMED)
    delegates = models.JSONField(default=list)
    contact_of = models.JSONField(default=list)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    due_at = models.DateTimeField(_("answer due"), null=True)
    closed_at = models.DateTimeField(_("answered"), null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["due_at", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"


class Incident(models.Model):
    """A failure to protect personal data, and when agency and people were told of it."""

    title = models.CharField(_("what happened"), max_length=150)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    due_at = models.DateTimeField(_("to be told until"), editable=False)
    data = models.TextField(_("which data"), max_length=2000, help_text=_("Kinds of data and whose they are; no names."))
    people = models.PositiveIntegerField(_("number of people"), null=True, blank=True)
    cause = models.TextField(_("when and how"), max_length=2000, blank=True)
    measures = models.TextField(_("what was done"), max_length=2000, blank=True)
    agency_told_at = models.DateTimeField(_("agency told"), null=True, blank=True)
    people_told_at = models.DateTimeField(_("people told"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("data incident")
        verbose_name_plural = _("data incidents")
        ordering = ["-found_at"]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Count the time from when it was found."""
        self.due_at = self.found_at + CLOCK
        super().save(*args, **kwargs)

    @property
    def told_at(self) -> dt.datetime | None:
        """When both agency and people were told; None before."""
        told = [self.agency_told_at, self.people_told_at]
        return max(at for at in told if at) if all(told) else None


class Erasure(models.Model):
    """Proof that a person was made anonymous: when, by whom, and how many values of each field; nothing that names the person.

    ``delegates`` and ``contact_of`` are primary keys of delegates and visits, so that a restored backup can be treated again.
    """

    request = models.ForeignKey(DataRequest, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)
    delegates = models.JSONField(default=list)
    contact_of = models.JSONField(default=list)
    report = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-at"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}"
