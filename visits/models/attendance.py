"""Who came: events that are added and never changed."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.enums import AttendanceKind, AttendanceSource
from visits.models.delegation import Delegate
from visits.models.visit import Visit


class AttendanceEvent(models.Model):
    """A check-in or its annulment; the last event of a delegate says whether the person attended."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="attendance_events")
    delegate = models.ForeignKey(Delegate, models.CASCADE, related_name="attendance_events")
    kind = models.CharField(_("event"), max_length=12, choices=AttendanceKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)
    source = models.CharField(_("recorded at"), max_length=10, choices=AttendanceSource, default=AttendanceSource.DESK)
    nonce = models.UUIDField(default=uuid.uuid4, unique=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.delegate_id} {self.kind}"
