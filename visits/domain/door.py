"""Phones at the door: until when they keep the list of names, and what they report."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge_hub.models import User
from visits.domain import attendance, certificates
from visits.domain.attendance import Entry, Receipt
from visits.domain.errors import Refused
from visits.models import Visit

NAMES_KEPT_FOR = dt.timedelta(hours=12)
"""How long a phone keeps the names after the planned end of a visit, also without network."""

MOST_ENTRIES = 200
"""Events in one post of a phone; it sends the rest with the next one."""


def forget_at(visit: Visit) -> dt.datetime | None:
    """When phones delete the names of a visit; None without a session."""
    return visit.slot.ends_at + NAMES_KEPT_FOR if visit.slot else None


def why_closed(visit: Visit) -> str:
    """Why phones may not check in guests of this visit now, as a sentence; empty if they may."""
    try:
        attendance.require_receiving(visit)
    except Refused as refusal:
        return str(refusal)
    limit = forget_at(visit)
    if limit and limit <= timezone.now():
        return _("The day of this visit is over. Go on with the list of the reception.")
    return ""


@transaction.atomic
def receive(visit_pk: int, entries: Sequence[Entry], *, by: User, device: str, clock_offset: dt.timedelta | None = None) -> list[Receipt]:
    """Take the events of a phone, as attendance.receive() does. Who came, but was reported only after the visit was completed, gets a
    certificate too.

    Raises:
        Visit.DoesNotExist: there is no such visit.
    """
    receipts = attendance.receive(visit_pk, entries, by=by, device=device, clock_offset=clock_offset)
    if any(receipt.is_late for receipt in receipts):
        certificates.plan(Visit.objects.get(pk=visit_pk))
    return receipts
