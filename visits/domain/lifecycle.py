"""The only place that writes a visit's status."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits import signals
from visits.domain import resources, seats
from visits.domain.changes import person
from visits.domain.errors import Refused
from visits.enums import ALLOWED_MOVES, FINISHED, FREES_SEATS, REASON_REQUIRED, Actor, ProposalState, VisitStatus
from visits.models import SeatRequest, Visit, WaitlistEntry

_DECISIONS = FREES_SEATS | {VisitStatus.APPROVED}


def allowed_moves(visit: Visit, by: Actor) -> frozenset[VisitStatus]:
    """States that this actor may move the visit to; views show them as buttons."""
    return frozenset(to for to, actors in ALLOWED_MOVES[VisitStatus(visit.status)].items() if by in actors)


def require_allowed(visit: Visit, to: VisitStatus, by: Actor) -> None:
    """Raises Refused unless this actor may move the visit to that state."""
    if to not in allowed_moves(visit, by):
        raise Refused(
            _("A visit that is “%(source)s” cannot become “%(target)s”.")
            % {"source": VisitStatus(visit.status).label, "target": VisitStatus(to).label}
        )


def lock(visit: Visit) -> Visit:
    """Read the visit again with a row lock; refused if it changed since it was read.

    Must run inside a transaction. On SQLite the transaction itself holds the write lock.

    Raises:
        Refused: somebody else changed the visit meanwhile.
    """
    current = Visit.objects.select_for_update(of=("self",)).select_related("programme", "slot", "region").get(pk=visit.pk)
    if (current.status, current.revision) != (visit.status, visit.revision):
        raise Refused(
            _("Somebody else changed this visit meanwhile; it is now “%(status)s”. Look at it again before you decide.")
            % {"status": current.get_status_display()}
        )
    return current


@transaction.atomic
def transition(
    visit: Visit,
    to: VisitStatus,
    *,
    by: Actor,
    user: User | None = None,
    reason: str = "",
    reason_code: str = "",
    changes: dict[str, Any] | None = None,
) -> Visit:
    """Move a visit to another state, with the fields in ``changes`` written in the same statement.

    Checks status and revision in the same statement and logs the move. A finished visit has no open proposal, no wish for more seats
    and no place on the waiting list any more. For the states in FREES_SEATS its seats are given back, and its resources too
    unless its session has begun. Sends the signal ``visit_moved`` inside the transaction. Mail is queued by
    move_effects.queue_mails(), not here.

    Args:
        visit: as the caller read it; its status and revision must still be current.
        to: the state to move to.
        by: guest, staff or clock.
        user: the member of staff, for the log.
        reason: text for the other side; required for the moves in REASON_REQUIRED.
        reason_code: a ReasonCode, for statistics.
        changes: more fields of the visit to write.

    Returns:
        The visit, read again.

    Raises:
        Refused: the move is not in ALLOWED_MOVES, its reason is missing, or somebody else changed the visit.
    """
    current = lock(visit)
    source = VisitStatus(current.status)
    require_allowed(current, to, by)
    if to in REASON_REQUIRED and by != Actor.CLOCK and not reason.strip():
        raise Refused(_("Give a reason, so that the other side understands."))

    now = timezone.now()
    values: dict[str, Any] = {"reason": reason.strip(), "reason_code": reason_code, **(changes or {})}
    if to in FINISHED:
        _close_proposal_and_waiting(current, now)
    if to in FREES_SEATS:
        _release(current, now)
        values |= {"seats_held": 0, "hold_until": None, "cancelled_at": now}
    if to in _DECISIONS:
        values |= {"decided_at": now, "decided_by": user}
    updated = Visit.objects.filter(pk=current.pk, status=source, revision=current.revision).update(
        status=to, revision=current.revision + 1, **values
    )
    if not updated:
        raise Refused(_("Somebody else changed this visit meanwhile. Look at it again before you decide."))

    log(
        instance=current,
        action="visits.move",
        user=user,
        data={"from": source, "to": to, "by": by, "reason_code": reason_code, **person(current, by), **_other_session(current, values)},
    )
    current = Visit.objects.select_related("programme", "slot", "region").get(pk=current.pk)
    signals.visit_moved.send(sender=Visit, visit=current, source=source, target=VisitStatus(to), actor=by)
    return current


def _other_session(visit: Visit, values: dict[str, Any]) -> dict[str, list[str]]:
    """Start of the session before and after, for the log, if the move changes the session."""
    slot = values.get("slot", visit.slot)
    if slot == visit.slot:
        return {}
    return {"session": [each.starts_at.isoformat() if each else "" for each in (visit.slot, slot)]}


def _close_proposal_and_waiting(visit: Visit, now: dt.datetime) -> None:
    open_proposal = visit.open_proposal
    seats.lock_slots(visit.slot, open_proposal.slot if open_proposal else None)
    if open_proposal:
        seats.close_proposal(open_proposal, ProposalState.WITHDRAWN, now=now)
    WaitlistEntry.objects.filter(visit=visit, is_open=True).update(is_open=False)
    SeatRequest.objects.filter(visit=visit, state=ProposalState.OPEN).update(state=ProposalState.WITHDRAWN, decided_at=now)


def _release(visit: Visit, now: dt.datetime) -> None:
    seats.give_back(visit)
    if visit.slot and visit.slot.starts_at > now:
        resources.release(visit)
