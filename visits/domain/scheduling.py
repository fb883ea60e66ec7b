"""Other dates for a visit: proposed by guest or staff, accepted or refused; and moves by staff."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import (
    conversation,
    displacement,
    lifecycle,
    move_effects,
    outbox,
    place,
    preparation,
    resources,
    rule_checks,
    rules,
    seats,
    speaker_news,
    speakers,
)
from visits.domain.calendar_days import add_working_days, answer_due, end_of_day, local_date
from visits.domain.changes import person
from visits.domain.errors import Refused
from visits.domain.preconditions import require_programme, require_session
from visits.domain.rules import Settled
from visits.enums import AWAITS_DECISION, Actor, MessageKind, ProposalState, VisitStatus
from visits.models import Proposal, Resource, Visit, VisitMessage, VisitSlot, WaitlistEntry

PROPOSAL_WORKING_DAYS = 5
"""How long a guest may answer a proposed date, unless that date is earlier."""

PLACE_HOLDS_FOR = dt.timedelta(hours=48)
"""How long a free place is held for a guest on the waiting list."""

_OPEN_STATES = AWAITS_DECISION | {VisitStatus.APPROVED}


def _require_slot(locked: dict[int, VisitSlot], slot: VisitSlot) -> VisitSlot:
    """The locked session; refused if new opening hours removed it meanwhile."""
    if slot.pk not in locked:
        raise Refused(violations=[rules.slot_removed()])
    return locked[slot.pk]


def proposal_expiry(by: Actor, slot: VisitSlot, visit: Visit, now: dt.datetime) -> dt.datetime:
    """Until when a proposal that is made now holds its seats."""
    if by == Actor.CLOCK:
        return min(now + PLACE_HOLDS_FOR, slot.starts_at)
    if by == Actor.GUEST:
        return min(answer_due(require_programme(visit), now), slot.starts_at)
    return min(end_of_day(add_working_days(local_date(now), PROPOSAL_WORKING_DAYS)), slot.starts_at)


@transaction.atomic
def propose(
    visit: Visit,
    slot: VisitSlot,
    *,
    by: Actor,
    user: User | None = None,
    message: str = "",
    override_reason: str = "",
    now: dt.datetime | None = None,
) -> Proposal:
    """Propose another session and hold its seats; the visit keeps the session that it has.

    A request becomes ``proposed``; a scheduled visit stays scheduled. The other side gets a mail.

    Args:
        visit: as the proposer saw it.
        slot: the session.
        by: guest, staff, or the clock for the waiting list.
        user: the member of staff.
        message: text for the other side.
        override_reason: for staff only: why overridable rules are ignored.

    Raises:
        Refused: a proposal is open already, the session is the one the visit has, or a rule failed.
    """
    now = now or timezone.now()
    current = lifecycle.lock(visit)
    if current.status not in _OPEN_STATES:
        raise Refused(_("The date of a visit that is “%(status)s” cannot be changed.") % {"status": current.get_status_display()})
    if slot.pk == current.slot_id:
        raise Refused(_("The visit has this session already. Choose another one."))
    if current.open_proposal:
        raise Refused(_("A proposed date is still waiting for an answer."))
    slot = _require_slot(seats.lock_slots(current.slot, slot), slot)
    rule_checks.require_met(
        rule_checks.violations(current, slot, now=now, settled=Settled.REQUEST, is_offer=by == Actor.CLOCK),
        override_reason if by == Actor.STAFF else "",
    )
    proposal = Proposal(
        visit=current, by=by, author=user, slot=slot, message=message.strip(), expires_at=proposal_expiry(by, slot, current, now)
    )
    seats.take(proposal, slot, current.group_size or 0, even_closed=by == Actor.STAFF and bool(override_reason.strip()))
    proposal.save()
    source = VisitStatus(current.status)
    if source != VisitStatus.APPROVED:
        # The old session stays held as long as the proposal is open.
        changes = {"answer_due_at": proposal.expires_at if by == Actor.GUEST else None}
        if current.slot and current.seats_held:
            changes["hold_until"] = min(max(proposal.expires_at, current.hold_until or proposal.expires_at), current.slot.starts_at)
        current = lifecycle.transition(current, VisitStatus.PROPOSED, by=by, user=user, reason_code=current.reason_code, changes=changes)
    else:
        _increase_revision(current)
    rule_checks.log_override(current, user, override_reason if by == Actor.STAFF else "")
    data = {"by": by, "slot": slot.pk, "session": _sessions(current, slot), **person(current, by)}
    log(instance=current, action="visits.proposed", user=user, data=data)
    move_effects.queue_mails(
        current,
        source,
        by,
        to=VisitStatus.PROPOSED,  # A scheduled visit stays scheduled; the mails are the same.
        note=message.strip(),
        news=gettext_lazy("The guest asks for another date."),
    )
    return proposal


def _sessions(visit: Visit, slot: VisitSlot) -> list[str]:
    """Start of the session that the visit has, and of another one, for the log."""
    return [each.starts_at.isoformat() if each else "" for each in (visit.slot, slot)]


def _increase_revision(visit: Visit) -> None:
    """Increase the revision after a change without a move, so that older pages of the visit are refused."""
    Visit.objects.filter(pk=visit.pk).update(revision=F("revision") + 1)
    visit.revision += 1


def _open_proposal(visit: Visit) -> Proposal:
    proposal = visit.open_proposal
    if proposal is None:
        raise Refused(_("This proposed date does not hold any more."))
    return proposal


@transaction.atomic
def accept(
    visit: Visit,
    *,
    by: Actor,
    user: User | None = None,
    message: str = "",
    override_reason: str = "",
    chosen: Iterable[Resource] | None = None,
    details: Mapping[str, str] | None = None,
    now: dt.datetime | None = None,
) -> Visit:
    """Accept the date that the other side proposed.

    Rules are checked again. The seats of the proposal become those of the visit, and the seats of its old session are free. If staff
    proposed or accept the date, the visit is scheduled and the guest invited; after the commit, requests that lost their session are
    asked for a new date. If the place was offered to the waiting list, the visit becomes a request for that session, which staff decide.

    Raises:
        Refused: there is no open proposal of the other side, a rule failed, or the guests cannot be told where to go.
    """
    now = now or timezone.now()
    current = lifecycle.lock(visit)
    proposal = _open_proposal(current)
    if (proposal.by == Actor.GUEST) == (by == Actor.GUEST):
        raise Refused(_("The other side has to answer this proposal."))
    if proposal.expires_at <= now:
        raise Refused(_("This proposed date does not hold any more."))
    slot = proposal.slot
    seats.lock_slots(current.slot, slot)
    failed = rule_checks.violations(current, slot, now=now, settled=Settled.PROPOSAL)
    if by == Actor.GUEST:
        failed = rule_checks.binding_for_guest(failed)
    rule_checks.require_met(failed, override_reason)
    seats.give_back(current)
    held = seats.accept_proposal(proposal, now=now)
    WaitlistEntry.objects.filter(visit=current, is_open=True).update(is_open=False)
    if proposal.by == Actor.CLOCK:
        return _request_place(current, slot, held, now)
    return _schedule(
        current, slot, held, by=by, user=user, message=message, override_reason=override_reason, chosen=chosen, details=details
    )


def _request_place(visit: Visit, slot: VisitSlot, held: int, now: dt.datetime) -> Visit:
    due = answer_due(require_programme(visit), now)
    moved = lifecycle.transition(
        visit,
        VisitStatus.SUBMITTED,
        by=Actor.GUEST,
        changes={"slot": slot, "seats_held": held, "answer_due_at": due, "hold_until": min(due, slot.starts_at)},
    )
    move_effects.queue_mails(moved, VisitStatus(visit.status), Actor.GUEST, takes_offer=True)
    return moved


def _schedule(
    visit: Visit,
    slot: VisitSlot,
    held: int,
    *,
    by: Actor,
    user: User | None,
    message: str,
    override_reason: str,
    chosen: Iterable[Resource] | None,
    details: Mapping[str, str] | None,
) -> Visit:
    taken = resources.choose(visit, slot) if chosen is None else list(chosen)
    settled = place.settle(visit, details, taken, by=by, user=user)
    resources.allocate(visit, slot, taken, user=user)
    moved = lifecycle.transition(
        visit,
        VisitStatus.APPROVED,
        by=by,
        user=user,
        changes={
            "slot": slot,
            "seats_held": held,
            "hold_until": None,
            "answer_due_at": visit.answer_due_at,
            "calendar_sequence": F("calendar_sequence") + 1,
            **settled,
        },
    )
    rule_checks.log_override(moved, user, override_reason)
    if visit.status == VisitStatus.APPROVED:
        preparation.follow_move(moved)
        speakers.ask_again(moved)
    else:
        preparation.begin(moved, by=user)
    conversation.add_host_message(moved, message, author=user)
    move_effects.queue_mails(
        moved,
        VisitStatus(visit.status),
        by,
        note=message.strip(),
        news=gettext_lazy("The guest accepted the proposed date."),
        sequence=moved.calendar_sequence,
    )
    displacement.displace_after_commit(moved, user=user)
    return moved


@transaction.atomic
def end_proposal(visit: Visit, *, by: Actor, user: User | None = None, reason: str = "", now: dt.datetime | None = None) -> Visit:
    """Refuse the date that the other side proposed, or withdraw one's own; the visit keeps the session that it has.

    A request then waits for staff again, with a new date of the answer.

    Raises:
        Refused: no proposal is open, or staff gave no reason for refusing the guest's wish.
    """
    now = now or timezone.now()
    current = lifecycle.lock(visit)
    proposal = _open_proposal(current)
    state = proposal.state_when_ended_by(by)
    if by == Actor.STAFF and state == ProposalState.REFUSED and not reason.strip():
        raise Refused(_("Give a reason, so that the other side understands."))
    return _end(current, proposal, state, by=by, user=user, reason=reason, now=now)


def _end(visit: Visit, proposal: Proposal, state: ProposalState, *, by: Actor, user: User | None, reason: str, now: dt.datetime) -> Visit:
    seats.lock_slots(visit.slot, proposal.slot)
    seats.close_proposal(proposal, state, now=now)
    data = {"state": state, "by": by, "session": _sessions(visit, proposal.slot), **person(visit, by)}
    log(instance=visit, action="visits.proposal_ended", user=user, data=data)
    if reason.strip():
        VisitMessage.objects.create(visit=visit, from_guest=by == Actor.GUEST, author=user, text=reason.strip())
    if visit.status == VisitStatus.PROPOSED:
        waits = WaitlistEntry.objects.filter(visit=visit, is_open=True).exists()
        due = None if waits else answer_due(require_programme(visit), now)
        changes = {"answer_due_at": due, "hold_until": min(due, visit.slot.starts_at) if due and visit.slot and visit.seats_held else None}
        visit = lifecycle.transition(visit, VisitStatus.SUBMITTED, by=by, user=user, changes=changes)
    else:
        _increase_revision(visit)
    refused, withdrawn = gettext_lazy("The guest refused the proposed date."), gettext_lazy("The guest withdrew the proposed date.")
    move_effects.queue_mails(
        visit,
        VisitStatus.PROPOSED,  # A scheduled visit stays scheduled; the mails are the same.
        by,
        to=VisitStatus.SUBMITTED,
        note=reason.strip(),
        news=refused if state == ProposalState.REFUSED else withdrawn,
    )
    return visit


def expire_proposals(now: dt.datetime) -> int:
    """End proposals that were not answered in time; returns how many."""
    return sum(_expire_proposal(proposal, now) for proposal in Proposal.objects.open().filter(expires_at__lte=now))


def _expire_proposal(proposal: Proposal, now: dt.datetime) -> bool:
    with transaction.atomic():
        try:
            visit = lifecycle.lock(proposal.visit)
            current = _open_proposal(visit)
            if current.expires_at > now:
                return False
            _end(visit, current, ProposalState.LAPSED, by=Actor.CLOCK, user=None, reason="", now=now)
        except Refused:
            # Somebody answered between the query and the lock.
            return False
    return True


@transaction.atomic
def move(
    visit: Visit,
    slot: VisitSlot,
    *,
    user: User | None,
    message: str = "",
    override_reason: str = "",
    chosen: Iterable[Resource] | None = None,
    details: Mapping[str, str] | None = None,
    now: dt.datetime | None = None,
) -> Visit:
    """Move a scheduled visit to another session, in one transaction; the guest's calendar is updated.

    The booking rules are checked. An open proposal is closed. After the commit, requests that lost their session are asked for a new
    date.

    Raises:
        Refused: the visit is not scheduled or has begun, a rule failed, the guests cannot be told where to go, or a seat or
            resource was just taken.
    """
    now = now or timezone.now()
    current = lifecycle.lock(visit)
    if current.status != VisitStatus.APPROVED:
        raise Refused(_("Only a scheduled visit can be moved. Propose another date instead."))
    if require_session(current).starts_at <= now:
        raise Refused(_("The visit has begun; it cannot be moved any more."))
    if slot.pk == current.slot_id:
        raise Refused(_("The visit has this session already. Choose another one."))
    proposal = current.open_proposal
    slot = _require_slot(seats.lock_slots(current.slot, slot, proposal.slot if proposal else None), slot)
    if proposal:
        seats.close_proposal(proposal, proposal.state_when_ended_by(Actor.STAFF), now=now)
        slot.refresh_from_db(fields=["used_persons"])
    failed = rule_checks.violations(current, slot, now=now, settled=Settled.REQUEST)
    rule_checks.require_met(failed, override_reason)
    seats.give_back(current)
    seats.take(current, slot, current.group_size or 0, even_closed=bool(override_reason.strip()))
    return _schedule(
        current,
        slot,
        current.seats_held,
        by=Actor.STAFF,
        user=user,
        message=message,
        override_reason=override_reason,
        chosen=chosen,
        details=details,
    )


@transaction.atomic
def change_place(
    visit: Visit,
    *,
    user: User | None,
    details: Mapping[str, str],
    chosen: Iterable[Resource],
    message: str = "",
    now: dt.datetime | None = None,
) -> Visit:
    """Change place, room, link or contact of a scheduled visit; the guest gets a mail that updates the calendar.

    After the commit, requests that lost their session because of the room are asked for a new date.

    Args:
        visit: as the member of staff saw it.
        user: the member of staff.
        details: fields of place.FIELDS that staff entered.
        chosen: resources that the visit has from now on.
        message: text for the guest, added to the mail.

    Raises:
        Refused: the visit is not scheduled or is over, nothing changed, a resource is taken, or the guests could not be told where
            to go.
    """
    now = now or timezone.now()
    current = lifecycle.lock(visit)
    if current.status != VisitStatus.APPROVED or require_session(current).ends_at <= now:
        raise Refused(_("Only the place of a scheduled visit can be changed."))
    slot, taken = require_session(current), list(chosen)
    held = set(current.allocations.filter(active=True).values_list("resource", flat=True))
    settled = place.settle(current, details, taken, by=Actor.STAFF, user=user)
    is_other_room = held != {resource.pk for resource in taken}
    if not settled and not is_other_room:
        raise Refused(_("Nothing was changed, so no mail left."))
    if is_other_room:
        resources.allocate(current, slot, taken, user=user)
    Visit.objects.filter(pk=current.pk).update(revision=F("revision") + 1, calendar_sequence=F("calendar_sequence") + 1, **settled)
    current = Visit.objects.select_related("programme", "slot", "region").get(pk=current.pk)
    conversation.add_host_message(current, message, author=user)
    outbox.queue(current, MessageKind.PLACE_CHANGED, sequence=current.calendar_sequence, note=message.strip())
    if is_other_room or settled.keys() & {*place.WAY, "meeting_url"}:
        speaker_news.tell_of_place(current)
    displacement.displace_after_commit(current, user=user)
    return current
