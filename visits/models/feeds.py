"""Private calendars that staff, speakers and guests subscribe to by a secret address."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.models.resources import Resource
from visits.models.secret_link import SecretLink
from visits.models.visit import Visit


class CalendarFeed(SecretLink):
    """The address of the calendar of one room or speaker, one officer, or one visit for its guests."""

    resource = models.OneToOneField(Resource, models.CASCADE, verbose_name=_("room or speaker"), related_name="feed", null=True)
    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("officer"), related_name="visits_feed", null=True
    )
    visit = models.OneToOneField(Visit, models.CASCADE, verbose_name=_("visit"), related_name="feed", null=True)
    made_at = models.DateTimeField(_("made"), auto_now=True)

    class Meta:
        verbose_name = _("private calendar")
        verbose_name_plural = _("private calendars")
        constraints = [
            models.CheckConstraint(
                condition=Q(resource__isnull=False, officer__isnull=True, visit__isnull=True)
                | Q(resource__isnull=True, officer__isnull=False, visit__isnull=True)
                | Q(resource__isnull=True, officer__isnull=True, visit__isnull=False),
                name="feed_of_one_thing",
            )
        ]

    def __str__(self):
        return str(self.resource or self.officer or self.visit)
