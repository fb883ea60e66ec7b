"""Seats of a slot: taken by a conditional update; a check constraint enforces the limit too.

Visits and open proposals hold seats. The sum of their ``seats_held`` is ``used_persons`` of the slot, their number ``used_visits``.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import rules
from visits.domain.errors import Refused
from visits.enums import ProposalState
from visits.models import Programme, Proposal, Visit, VisitSlot

Holder = Visit | Proposal
"""What can hold seats of a slot."""


def take(holder: Holder, slot: VisitSlot, persons: int, *, even_closed: bool = False) -> None:
    """Take ``persons`` seats of a slot, or none.

    The update checks and writes in one statement, which is safe on SQLite and PostgreSQL. The holder's own row is not saved.
    ``even_closed`` allows a closed session, if staff gave a reason.

    Raises:
        Refused: the seats are not free (any more).
    """
    slots = VisitSlot.objects.filter(pk=slot.pk, used_persons__lte=F("capacity_persons") - persons)
    taken = (slots if even_closed else slots.filter(is_open=True)).update(
        used_persons=F("used_persons") + persons, used_visits=F("used_visits") + 1
    )
    if not taken:
        raise Refused(violations=[rules.seats_are_free.violation(_("This session was just taken. Choose another one."))])
    holder.seats_held = persons


def give_back(holder: Holder) -> None:
    """Give back the seats that are held. The holder's own row is not saved."""
    if holder.seats_held and holder.slot_id:
        VisitSlot.objects.filter(pk=holder.slot_id).update(
            used_persons=F("used_persons") - holder.seats_held, used_visits=F("used_visits") - 1
        )
    holder.seats_held = 0


def resize(holder: Holder, persons: int) -> None:
    """Take or give back seats so that the holder has ``persons``; one that holds none stays so. The holder's own row is not saved.

    Raises:
        Refused: the further seats are not free.
    """
    if not (holder.seats_held and holder.slot_id):
        return
    more = persons - holder.seats_held
    slots = VisitSlot.objects.filter(pk=holder.slot_id, used_persons__lte=F("capacity_persons") - more)
    if not slots.update(used_persons=F("used_persons") + more):
        raise Refused(violations=[rules.seats_are_free.violation(_("This session does not have so many free seats."), overridable=False)])
    holder.seats_held = persons


def lock_slots(*slots: VisitSlot | None) -> dict[int, VisitSlot]:
    """Lock programmes and slots in the order of their primary keys; returns the slots by primary key, read again with their programmes.

    Slots that were deleted meanwhile are missing. Must run inside a transaction.

    The order prevents deadlocks. Programmes are locked because their limits per day and week count visits of all their slots.
    """
    wanted = {slot.pk: slot for slot in slots if slot is not None}
    # FOR NO KEY UPDATE: inserts that refer to a programme or slot do not wait.
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


def close_proposal(proposal: Proposal, state: ProposalState, *, now: dt.datetime | None = None) -> None:
    """End an open proposal and give its seats back. Must run under the visit's lock."""
    give_back(proposal)
    _end_proposal(proposal, state, now)


def accept_proposal(proposal: Proposal, *, now: dt.datetime | None = None) -> int:
    """End an open proposal as accepted: its seats stay taken and belong to the visit from now on. Returns how many they are."""
    held, proposal.seats_held = proposal.seats_held, 0
    _end_proposal(proposal, ProposalState.ACCEPTED, now)
    return held


def _end_proposal(proposal: Proposal, state: ProposalState, now: dt.datetime | None) -> None:
    proposal.state, proposal.decided_at = state, now or timezone.now()
    proposal.save(update_fields=["state", "seats_held", "decided_at"])


@dataclass(frozen=True)
class Drift:
    """A session whose counters differ from its visits and proposals.

    Attributes:
        slot: the session.
        counted: taken seats according to the counter.
        held: seats that visits and proposals hold.
        counted_visits: holders according to the counter.
        holders: visits and proposals that hold seats.
    """

    slot: VisitSlot
    counted: int
    held: int
    counted_visits: int
    holders: int


def _of_holders(model: type[Visit | Proposal], what: Sum | Count) -> Coalesce:
    rows = model._default_manager.filter(slot=OuterRef("pk"), seats_held__gt=0).order_by().values("slot").annotate(what=what).values("what")
    return Coalesce(Subquery(rows), 0)


def _drifts_of(slots: QuerySet[VisitSlot]) -> list[Drift]:
    seats_held, rows = Sum("seats_held"), Count("pk")
    counted = slots.annotate(
        held=_of_holders(Visit, seats_held) + _of_holders(Proposal, seats_held),
        holders=_of_holders(Visit, rows) + _of_holders(Proposal, rows),
    )
    drifted = counted.exclude(used_persons=F("held"), used_visits=F("holders"))
    return [Drift(slot, slot.used_persons, slot.held, slot.used_visits, slot.holders) for slot in drifted]


def drifts() -> list[Drift]:
    """All sessions with wrong counters, past ones too, in order of time; one query."""
    return _drifts_of(VisitSlot.objects.select_related("programme").order_by("starts_at", "pk"))


@transaction.atomic
def repair(slot: VisitSlot, *, user: User | None = None) -> bool:
    """Correct the counters of a session under its lock; logged. Returns whether they were wrong.

    Raises:
        Refused: more seats are held than the session has; staff must move a visit.
    """
    lock_slots(slot)
    for drift in _drifts_of(VisitSlot.objects.filter(pk=slot.pk)):
        if drift.held > drift.slot.capacity_persons:
            raise Refused(
                _("%(held)d seats are held, the session has %(capacity)d. Move a visit to another session.")
                % {"held": drift.held, "capacity": drift.slot.capacity_persons}
            )
        VisitSlot.objects.filter(pk=slot.pk).update(used_persons=drift.held, used_visits=drift.holders)
        log(
            instance=drift.slot,
            action="visits.capacity_repaired",
            user=user,
            data={
                "before": drift.counted,
                "after": drift.held,
                "visits_before": drift.counted_visits,
                "visits_after": drift.holders,
            },
        )
        return True
    return False
