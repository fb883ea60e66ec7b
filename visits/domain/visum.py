"""The visum of travel orders: who signs it, and the days of arrival and departure."""

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain.calendar_days import day_of
from visits.domain.changes import differences
from visits.domain.errors import Refused
from visits.models import HostOfficial, Visit, VisumEntry


@transaction.atomic
def save(visit: Visit, *, signatory: HostOfficial, arrived_on: dt.date, departed_on: dt.date, by: User | None = None) -> VisumEntry:
    """Save who signs the visum and the days of arrival and departure; a second call changes them.

    Raises:
        Refused: the official may not sign travel orders, or the day of the visit is not between the two days.
    """
    if not HostOfficial.objects.filter(pk=signatory.pk, active=True, signs_visum=True).exists():
        raise Refused(_("%(name)s may not sign travel orders. Choose another official.") % {"name": signatory.name})
    day = day_of(visit)
    if day is None:
        raise Refused(_("The visit has no day yet."))
    if not arrived_on <= day <= departed_on:
        raise Refused(
            _("The visit is on %(day)s: the arrival cannot be later, and the departure cannot be earlier.")
            % {"day": date_format(day, "l, j F Y")}
        )
    values = {"signatory": signatory, "arrived_on": arrived_on, "departed_on": departed_on}
    former = VisumEntry.objects.select_related("signatory").filter(visit=visit).first()
    entry, _created = VisumEntry.objects.update_or_create(visit=visit, defaults=values)
    changes = differences({name: getattr(former, name) for name in values} if former else {}, values)
    log(instance=visit, action="visits.visum", user=by, data={"changes": changes})
    return entry
