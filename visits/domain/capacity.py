"""Whether the counted seats of sessions are those that visits and open proposals hold; never repaired without being asked."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from visits.domain import seats
from visits.domain.errors import MoveRefused
from visits.models import Proposal, Visit, VisitSlot


@dataclass(frozen=True)
class Drift:
    """A session whose counters say something else than its visits and proposals.

    Attributes:
        slot: the session.
        counted: seats that its counter says are taken.
        held: seats that visits and proposals hold.
        counted_visits: visits and proposals that its counter says hold seats.
        holders: visits and proposals that do.
    """

    slot: VisitSlot
    counted: int
    held: int
    counted_visits: int
    holders: int


def _of_holders(model, what) -> Coalesce:
    rows = model.objects.filter(slot=OuterRef("pk"), seats_held__gt=0).order_by().values("slot").annotate(what=what).values("what")
    return Coalesce(Subquery(rows), 0)


def _with_held() -> QuerySet[VisitSlot]:
    seats_held, rows = Sum("seats_held"), Count("pk")
    return VisitSlot.objects.annotate(
        held=_of_holders(Visit, seats_held) + _of_holders(Proposal, seats_held),
        holders=_of_holders(Visit, rows) + _of_holders(Proposal, rows),
    )


def drifts() -> list[Drift]:
    """Every session that drifted, past ones too, in order of time; one query."""
    rows = _with_held().exclude(used_persons=F("held"), used_visits=F("holders")).select_related("programme").order_by("starts_at", "pk")
    return [Drift(slot, slot.used_persons, slot.held, slot.used_visits, slot.holders) for slot in rows]


@transaction.atomic
def repair(slot: VisitSlot, *, user=None) -> bool:
    """Set a session's counters to what is held, counted anew under its lock; noted in the log. Returns whether it had drifted.

    Raises:
        MoveRefused: more is held than the session has seats; people must decide which visit moves.
    """
    seats.lock_slots(slot)
    current = _with_held().get(pk=slot.pk)
    if (current.used_persons, current.used_visits) == (current.held, current.holders):
        return False
    if current.held > current.capacity_persons:
        raise MoveRefused(
            _("%(held)d seats are held, the session has %(capacity)d. Move a visit to another session.")
            % {"held": current.held, "capacity": current.capacity_persons}
        )
    VisitSlot.objects.filter(pk=slot.pk).update(used_persons=current.held, used_visits=current.holders)
    log(
        instance=current,
        action="visits.capacity_repaired",
        user=user,
        data={
            "before": current.used_persons,
            "after": current.held,
            "visits_before": current.used_visits,
            "visits_after": current.holders,
        },
    )
    return True
