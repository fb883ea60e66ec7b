"""The visum of travel orders: who may attest a stay, and from when to when it lasted."""

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from visits.domain.calendar_days import day_of
from visits.domain.errors import MoveRefused
from visits.models import HostOfficial, Visit, VisumEntry


@transaction.atomic
def settle(visit: Visit, *, signatory: HostOfficial, arrived_on: dt.date, departed_on: dt.date, by=None) -> VisumEntry:
    """Write down who signs the visum and the days of arrival and departure; a second time changes them.

    Raises:
        MoveRefused: the official may not sign travel orders, or the guests were not here on the day of the visit.
    """
    if not HostOfficial.objects.filter(pk=signatory.pk, active=True, signs_visum=True).exists():
        raise MoveRefused(_("%(name)s may not sign travel orders. Choose another official.") % {"name": signatory.name})
    day = day_of(visit)
    if day is None:
        raise MoveRefused(_("The visit has no day yet."))
    if not arrived_on <= day <= departed_on:
        raise MoveRefused(
            _("The visit is on %(day)s: the arrival cannot be later, and the departure cannot be earlier.")
            % {"day": date_format(day, "l, j F Y")}
        )
    values = {"signatory": signatory, "arrived_on": arrived_on, "departed_on": departed_on}
    entry, _created = VisumEntry.objects.update_or_create(visit=visit, defaults=values)
    log(instance=visit, action="visits.visum", user=by)
    return entry
