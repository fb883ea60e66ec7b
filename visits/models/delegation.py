"""The delegates of a visit and their attendance."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.encrypted import Encrypted, EncryptedTextField, or_encrypted
from visits.enums import AttendanceKind, AttendanceSource
from visits.models.secret_link import SecretLink
from visits.models.visit import Visit

MASK = "•••"
"""Replaces the hidden digits of a NIP."""


def mask(nip: str) -> str:
    """A NIP as pages show it: only the last three digits; of one that no key opens, that it is unreadable."""
    if isinstance(nip, Encrypted):
        return " ".join([MASK, gettext("unreadable: wrong key")])
    return f"{MASK} {nip[-3:]}" if nip else ""


def person_key(name: str, position: str) -> str:
    """Name and position without case and repeated spaces, to recognise a person who is entered twice."""
    return " ".join(f"{name}|{position}".casefold().split())


class Delegate(SecretLink):
    """A member of the delegation, with titles as on official papers."""

    visit = models.ForeignKey(Visit, models.CASCADE, verbose_name=_("visit"), related_name="delegates")
    name = models.CharField(_("full name with titles"), max_length=120)
    position = models.CharField(_("position"), max_length=150, blank=True)
    unit = models.CharField(_("unit or organisation"), max_length=200, blank=True)
    rank = models.CharField(_("rank and grade"), max_length=60, blank=True)
    nip = EncryptedTextField(_("NIP"), blank=True, help_text=_("18 digits, if the person has one."))
    needs = models.CharField(_("special needs"), max_length=300, blank=True)
    protocol_order = models.PositiveSmallIntegerField(_("order of protocol"), default=0)
    walk_in = models.BooleanField(_("came unannounced"), default=False, editable=False)
    person_key = models.CharField(max_length=300, editable=False)
    survey_answered = models.BooleanField(default=False, editable=False)
    badge_code = models.CharField(_("code on the badge"), max_length=8, null=True, editable=False)

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["protocol_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "person_key"], name="delegate_unique_in_visit"),
            models.UniqueConstraint(fields=["visit", "badge_code"], name="delegate_badge_code_unique"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Update ``person_key``."""
        self.person_key = person_key(self.name, self.position)
        super().save(*args, **kwargs)

    @property
    def masked_nip(self) -> str:
        """The NIP as pages show it."""
        return mask(or_encrypted(self, "nip"))


class AttendanceEvent(models.Model):
    """A check-in or its annulment. Events are only added; the last one of a delegate decides whether the person attended."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="attendance_events")
    delegate = models.ForeignKey(Delegate, models.CASCADE, related_name="attendance_events")
    kind = models.CharField(_("event"), max_length=12, choices=AttendanceKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)
    source = models.CharField(_("recorded at"), max_length=10, choices=AttendanceSource, default=AttendanceSource.DESK)
    nonce = models.UUIDField(default=uuid.uuid4, unique=True)
    at = models.DateTimeField(_("at"))
    device_at = models.DateTimeField(_("time of the device"), null=True)
    device = models.CharField(_("device"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.delegate_id} {self.kind}"
