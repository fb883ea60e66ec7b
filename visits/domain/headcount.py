"""The size of the group, changed by the guest: fewer at once; more at once before the decision, and with staff's consent after it."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log

from knowledge_hub.models import User
from knowledge_hub.models.contact import how_to_reach_us
from visits.domain import conversation, displacement, lifecycle, outbox, place, resources, rule_checks, seats
from visits.domain.changes import person
from visits.domain.errors import Refused, Violation
from visits.domain.rules import Settled
from visits.enums import AWAITS_DECISION, Actor, MessageKind, ProposalState, VisitStatus
from visits.models import Proposal, SeatRequest, Visit

_CHANGEABLE = AWAITS_DECISION | {VisitStatus.APPROVED}


def can_change(visit: Visit, now: dt.datetime | None = None) -> bool:
    """Whether the guest may change the size of the group: until the visit begins."""
    return visit.status in _CHANGEABLE and (visit.slot is None or visit.slot.starts_at > (now or timezone.now()))


@transaction.atomic
def change(visit: Visit, group_size: int, *, message: str = "", now: dt.datetime | None = None) -> Visit:
    """Change the number of people as the guest asks; the latest number counts.

    Fewer people give their seats back at once. More people take seats at once while the request waits for its decision; of a scheduled
    visit they become a SeatRequest. The present number withdraws an open SeatRequest. A second click changes nothing.

    Raises:
        Refused: the visit is over or has begun, the number is below that of the named delegates, a rule failed, or the seats were
            just taken.
    """
    now = now or timezone.now()
    current = lifecycle.lock(visit)
    if not can_change(current, now):
        raise Refused(_("The number of people cannot be changed any more. Please contact us: %(contact)s") % {"contact": how_to_reach_us()})
    if group_size < 1:
        raise Refused(_("At least one person must come. Cancel the visit if nobody can."))
    open_request = current.open_seat_request
    if group_size == (open_request.group_size if open_request else current.group_size):
        return current
    named = current.delegates.count()
    if group_size < named:
        raise Refused(
            ngettext(
                "%(count)d delegate is named already. Shorten the list of delegates first.",
                "%(count)d delegates are named already. Shorten the list of delegates first.",
                named,
            )
            % {"count": named}
        )
    if open_request:
        _close(open_request, ProposalState.WITHDRAWN, now=now)
    if group_size > (current.group_size or 0) and current.status == VisitStatus.APPROVED:
        SeatRequest.objects.create(visit=current, group_size=group_size, message=message.strip())
        log(
            instance=current,
            action="visits.seats_asked",
            data={"from": current.group_size, "to": group_size, "by": Actor.GUEST, **person(current, Actor.GUEST)},
        )
        _increase_revision(current)
        outbox.notify_staff(current, gettext_lazy("The guest asks for more seats."), pause=outbox.PAUSE_BETWEEN_NEWS)
        return current
    if group_size == current.group_size:
        log(instance=current, action="visits.seats_withdrawn", data={"by": Actor.GUEST, **person(current, Actor.GUEST)})
        _increase_revision(current)
        outbox.notify_staff(current, gettext_lazy("The guest no longer asks for more seats."), pause=outbox.PAUSE_BETWEEN_NEWS)
        return current
    if group_size > (current.group_size or 0):
        rule_checks.require_met(new_violations(current, group_size, now=now), "")
    _resize(current, group_size, by=Actor.GUEST)
    outbox.notify_staff(current, gettext_lazy("The guest changed the number of people."), pause=outbox.PAUSE_BETWEEN_NEWS)
    return current


def new_violations(visit: Visit, group_size: int, *, now: dt.datetime | None = None) -> list[Violation]:
    """Rules that a larger group breaks and the present one does not. Views show them before a decision, which checks them again."""
    settled = Settled.PROPOSAL if visit.seats_held else Settled.REQUEST
    before = {each.code for each in rule_checks.violations(visit, visit.slot, now=now, settled=settled)}
    present, visit.group_size = visit.group_size, group_size
    try:
        after = rule_checks.violations(visit, visit.slot, now=now, settled=settled)
    finally:
        visit.group_size = present
    return [each for each in after if each.code not in before]


def _resize(visit: Visit, group_size: int, *, by: Actor, user: User | None = None) -> None:
    """Write the new number, with the seats of the visit and of its open proposal. The visit is locked; raises Refused."""
    proposal = visit.open_proposal
    holders: Sequence[Visit | Proposal] = [visit, proposal] if proposal else [visit]
    seats.lock_slots(*(holder.slot for holder in holders))
    before = visit.group_size
    for holder in holders:
        seats.resize(holder, group_size)
    if proposal:
        proposal.save(update_fields=["seats_held"])
    updated = Visit.objects.filter(pk=visit.pk, revision=visit.revision).update(
        group_size=group_size, seats_held=visit.seats_held, revision=F("revision") + 1
    )
    if not updated:
        raise Refused(_("Somebody else changed this visit meanwhile. Look at it again before you decide."))
    visit.group_size, visit.revision = group_size, visit.revision + 1
    log(instance=visit, action="visits.headcount", user=user, data={"from": before, "to": group_size, "by": by, **person(visit, by)})


def _increase_revision(visit: Visit) -> None:
    Visit.objects.filter(pk=visit.pk).update(revision=F("revision") + 1)
    visit.revision += 1


def _close(request: SeatRequest, state: ProposalState, *, now: dt.datetime, user: User | None = None) -> None:
    request.state, request.decided_at, request.decided_by = state, now, user
    request.save(update_fields=["state", "decided_at", "decided_by"])


def _open_request(visit: Visit) -> SeatRequest:
    if visit.open_seat_request is None:
        raise Refused(_("The guest does not ask for more seats any more."))
    return visit.open_seat_request


@transaction.atomic
def grant(
    visit: Visit, *, by: User | None, group_size: int, message: str = "", override_reason: str = "", now: dt.datetime | None = None
) -> Visit:
    """Accept the larger group: rules are checked, its seats taken, and a room that is large enough.

    After the commit, requests that lost their session are asked for a new date.

    Args:
        visit: as the member of staff saw it.
        by: the member of staff.
        group_size: the number that the page showed.
        message: text for the guest, added to the mail.
        override_reason: why overridable rules are ignored; logged.

    Raises:
        Refused: the guest asks for another number or none, a rule failed, or the seats are not free.
    """
    now = now or timezone.now()
    current = lifecycle.lock(visit)
    request = _open_request(current)
    if request.group_size != group_size:
        raise Refused(_("The guest asks for another number now. Look at it again before you decide."))
    if not can_change(current, now):
        raise Refused(_("The visit has begun; its size cannot be changed any more."))
    failed = new_violations(current, group_size, now=now)
    rule_checks.require_met(failed, override_reason)
    _close(request, ProposalState.ACCEPTED, now=now, user=by)
    _resize(current, group_size, by=Actor.STAFF, user=by)
    _take_larger_room(current, by, keeps_room="resource_missing" in {each.code for each in failed})
    rule_checks.log_override(current, by, override_reason)
    conversation.add_host_message(current, message, author=by)
    outbox.queue(current, MessageKind.SEATS_GRANTED, sequence=request.pk, note=message.strip())
    displacement.displace_after_commit(current, user=by)
    return current


def _take_larger_room(visit: Visit, by: User | None, *, keeps_room: bool) -> None:
    """Allocate resources for the new size, if other ones are needed; the calendar of the guest is corrected then."""
    if keeps_room or visit.slot is None:
        return
    held = {allocation.resource_id for allocation in visit.allocations.filter(active=True)}
    chosen = resources.choose(visit, visit.slot)
    if {resource.pk for resource in chosen} == held:
        return
    place.settle(visit, None, chosen, by=Actor.STAFF, user=by)
    resources.allocate(visit, visit.slot, chosen, user=by)
    Visit.objects.filter(pk=visit.pk).update(calendar_sequence=F("calendar_sequence") + 1)
    visit.calendar_sequence += 1


@transaction.atomic
def refuse(visit: Visit, *, by: User | None, reason: str, now: dt.datetime | None = None) -> Visit:
    """Refuse the larger group with a reason for the guest; the number stays. Raises Refused if none is asked for any more."""
    if not reason.strip():
        raise Refused(_("Give a reason, so that the other side understands."))
    current = lifecycle.lock(visit)
    request = _open_request(current)
    _close(request, ProposalState.REFUSED, now=now or timezone.now(), user=by)
    log(instance=current, action="visits.seats_refused", user=by, data={"to": request.group_size})
    _increase_revision(current)
    conversation.add_host_message(current, reason, author=by)
    outbox.queue(current, MessageKind.SEATS_REFUSED, sequence=request.pk, note=reason.strip())
    return current
