"""Seats of a slot: taken by a conditional update, guarded by a check constraint behind it.

Taken as persons, not rows: one delegation is one request for many seats.
"""

from django.db.models import F
from django.utils.translation import gettext as _

from visits.domain.errors import MoveRefused, Violation
from visits.models import Visit, VisitSlot


def take(visit: Visit, slot: VisitSlot, persons: int) -> None:
    """Take ``persons`` seats of a slot for a visit, or none.

    Correct on SQLite and PostgreSQL alike: the update counts and writes in one statement. The visit's own row is not saved.

    Raises:
        MoveRefused: the seats are not free (any more).
    """
    taken = VisitSlot.objects.filter(pk=slot.pk, is_open=True, used_persons__lte=F("capacity_persons") - persons).update(
        used_persons=F("used_persons") + persons
    )
    if not taken:
        raise MoveRefused(violations=[Violation("slot_full", _("This session was just taken. Choose another one."))])
    visit.seats_held = persons


def give_back(visit: Visit) -> None:
    """Give back the seats that a visit holds. The visit's own row is not saved."""
    if visit.seats_held and visit.slot_id:
        VisitSlot.objects.filter(pk=visit.slot_id).update(used_persons=F("used_persons") - visit.seats_held)
    visit.seats_held = 0
