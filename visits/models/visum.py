"""What the visum of travel orders says beyond who travelled."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.models.host import HostOfficial
from visits.models.visit import Visit


class VisumEntry(models.Model):
    """Who attests the stay of a delegation, and its days of arrival and departure. Without one, the usual ones stand on the sheet."""

    visit = models.OneToOneField(Visit, models.CASCADE, verbose_name=_("visit"), related_name="visum_entry")
    signatory = models.ForeignKey(HostOfficial, models.PROTECT, verbose_name=_("signed by"), related_name="+")
    arrived_on = models.DateField(_("arrived on"))
    departed_on = models.DateField(_("departed on"))

    class Meta:
        verbose_name = _("entry of the visum")
        verbose_name_plural = _("entries of the visum")
        constraints = [models.CheckConstraint(condition=Q(arrived_on__lte=F("departed_on")), name="visum_arrival_before_departure")]

    def __str__(self):
        return str(self.visit_id)
