"""The row of a proposed date: its seats and its end. What a proposal means for its visit is in scheduling.py."""

import datetime as dt

from django.utils import timezone

from visits.domain import seats
from visits.enums import Actor, ProposalState
from visits.models import Proposal, Visit


def open_of(visit: Visit) -> Proposal | None:
    """The visit's open proposal with its session, or None."""
    return Proposal.objects.select_related("slot__programme").filter(visit=visit, state=ProposalState.OPEN).first()


def ended_by(proposal: Proposal, actor: Actor) -> ProposalState:
    """What became of a proposal that this side ended: withdrawn by its maker, refused by the other."""
    return ProposalState.WITHDRAWN if proposal.by == actor else ProposalState.REFUSED


def close(proposal: Proposal, state: ProposalState, *, now: dt.datetime | None = None) -> int:
    """End an open proposal and give its seats back; returns how many seats it held.

    Must run under the visit's lock.
    """
    held = proposal.seats_held
    seats.give_back(proposal)
    _end(proposal, state, now)
    return held


def hand_over(proposal: Proposal, *, now: dt.datetime | None = None) -> int:
    """End a proposal as accepted: its seats stay taken, the visit holds them from now on; returns how many."""
    held, proposal.seats_held = proposal.seats_held, 0
    _end(proposal, ProposalState.ACCEPTED, now)
    return held


def _end(proposal: Proposal, state: ProposalState, now: dt.datetime | None) -> None:
    proposal.state, proposal.decided_at = state, now or timezone.now()
    proposal.save(update_fields=["state", "seats_held", "decided_at"])
