"""Seats of a slot: taken by a conditional update, guarded by a check constraint behind it.

Taken as persons, not rows: one delegation is one request for many seats. Visits and open proposals hold seats alike; their
``seats_held`` of a slot add up to its ``used_persons``, and its ``used_visits`` says how many they are.
"""

from django.db.models import F
from django.utils.translation import gettext as _

from visits.domain import rules
from visits.domain.errors import MoveRefused
from visits.models import Programme, Proposal, Visit, VisitSlot

Holder = Visit | Proposal
"""What can hold seats of a slot."""


def take(holder: Holder, slot: VisitSlot, persons: int, *, even_closed: bool = False) -> None:
    """Take ``persons`` seats of a slot, or none.

    Correct on SQLite and PostgreSQL alike: the update counts and writes in one statement. The holder's own row is not saved.
    A closed session gives seats only where ``even_closed`` says that staff gave a reason.

    Raises:
        MoveRefused: the seats are not free (any more).
    """
    slots = VisitSlot.objects.filter(pk=slot.pk, used_persons__lte=F("capacity_persons") - persons)
    taken = (slots if even_closed else slots.filter(is_open=True)).update(
        used_persons=F("used_persons") + persons, used_visits=F("used_visits") + 1
    )
    if not taken:
        raise MoveRefused(violations=[rules.seats_are_free.violation(_("This session was just taken. Choose another one."))])
    holder.seats_held = persons


def give_back(holder: Holder) -> None:
    """Give back the seats that are held. The holder's own row is not saved."""
    if holder.seats_held and holder.slot_id:
        VisitSlot.objects.filter(pk=holder.slot_id).update(
            used_persons=F("used_persons") - holder.seats_held, used_visits=F("used_visits") - 1
        )
    holder.seats_held = 0


def lock_slots(*slots: VisitSlot | None) -> dict[int, VisitSlot]:
    """Lock slots, and before them their programmes, in the order of their keys; returns them by key as they now stand, each
    with its programme. Those that were removed meanwhile are missing. Must run inside a transaction.

    The order keeps two moves between the same slots from waiting for each other. The programmes are locked because their limits
    per day and week count visits of all their slots: two guests in two slots of one day must not both be the last.
    """
    wanted = {slot.pk: slot for slot in slots if slot is not None}
    # Not FOR UPDATE: rows that only refer to a programme or a session need not wait.
    if len(wanted) == 1:
        # In one query; PostgreSQL locks the rows in the order in which they are named.
        both = VisitSlot.objects.select_related("programme").select_for_update(of=("programme", "self"), no_key=True)
        return both.order_by().in_bulk(wanted)
    programmes = Programme.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    by_key = {programme.pk: programme for programme in programmes.filter(pk__in={slot.programme_id for slot in wanted.values()})}
    locked = list(VisitSlot.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("pk"))
    for slot in locked:
        slot.programme = by_key[slot.programme_id]
    return {slot.pk: slot for slot in locked}
