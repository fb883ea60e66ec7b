"""Whether the counted seats of sessions are those that visits and open proposals hold; never repaired without being asked."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from visits.domain import seats
from visits.domain.errors import MoveRefused
from visits.models import Proposal, Visit, VisitSlot


@dataclass(frozen=True)
class Drift:
    """A session whose counter says something else than its visits and proposals.

    Attributes:
        slot: the session.
        counted: seats that its counter says are taken.
        held: seats that visits and proposals hold.
    """

    slot: VisitSlot
    counted: int
    held: int


def _seats_of(model) -> Coalesce:
    rows = model.objects.filter(slot=OuterRef("pk")).order_by().values("slot").annotate(seats=Sum("seats_held")).values("seats")
    return Coalesce(Subquery(rows), 0)


def _with_held() -> QuerySet[VisitSlot]:
    return VisitSlot.objects.annotate(held=_seats_of(Visit) + _seats_of(Proposal))


def drifts() -> list[Drift]:
    """Every session that drifted, past ones too, in order of time; one query."""
    rows = _with_held().exclude(used_persons=F("held")).select_related("programme").order_by("starts_at", "pk")
    return [Drift(slot, slot.used_persons, slot.held) for slot in rows]


@transaction.atomic
def repair(slot: VisitSlot, *, user=None) -> bool:
    """Set a session's counter to what is held, counted anew under its lock; noted in the log. Returns whether it had drifted.

    Raises:
        MoveRefused: more is held than the session has seats; people must decide which visit moves.
    """
    seats.lock_slots(slot)
    current = _with_held().get(pk=slot.pk)
    if current.used_persons == current.held:
        return False
    if current.held > current.capacity_persons:
        raise MoveRefused(
            _("%(held)d seats are held, the session has %(capacity)d. Move a visit to another session.")
            % {"held": current.held, "capacity": current.capacity_persons}
        )
    VisitSlot.objects.filter(pk=slot.pk).update(used_persons=current.held)
    log(instance=current, action="visits.capacity_repaired", user=user, data={"before": current.used_persons, "after": current.held})
    return True
