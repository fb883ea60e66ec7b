"""Decisions about a visit: approve, decline, ask, cancel, complete, and what expires with time."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from knowledge_hub.models import User
from knowledge_hub.models.contact import how_to_reach_us
from visits.domain import (
    agenda,
    attendance,
    certificates,
    conversation,
    displacement,
    letters,
    lifecycle,
    move_effects,
    place,
    preparation,
    resources,
    rule_checks,
    seats,
    speakers,
)
from visits.domain.calendar_days import answer_due
from visits.domain.errors import Refused
from visits.domain.preconditions import require_programme
from visits.enums import AWAITS_DECISION, Actor, ReasonCode, VisitStatus
from visits.models import Resource, Visit, VisitMessage

_MAY_EXPIRE = (AWAITS_DECISION | {VisitStatus.UNVERIFIED}) - {VisitStatus.PROPOSED}


@transaction.atomic
def approve(
    visit: Visit,
    *,
    by: User | None,
    message: str = "",
    override_reason: str = "",
    chosen: Iterable[Resource] | None = None,
    details: Mapping[str, str] | None = None,
    now: dt.datetime | None = None,
) -> Visit:
    """Schedule a request on its slot, allocate resources, and invite the guest.

    Checks every booking rule again, makes the held seats final (takes them again if the hold expired), allocates resources, and
    writes log and invitation, all in one transaction. An open proposal is closed. A second call is refused. After the
    commit, requests that lost their session are asked for a new date.

    Args:
        visit: as the member of staff saw it.
        by: the member of staff.
        message: text for the guest, added to the invitation.
        override_reason: why overridable rules are ignored; logged.
        chosen: resources; the first free ones if None.
        details: fields of place.FIELDS that staff entered.

    Raises:
        Refused: the visit is no longer waiting, or a rule failed, or the guests cannot be told where to go; with the
            sentence for the screen and the codes of the rules.
    """
    now = now or timezone.now()
    current = lifecycle.lock(visit)
    if current.slot is None:
        raise Refused(_("This request waits for a place. Propose a session to the guest first."))
    if current.status == VisitStatus.APPROVED:
        raise Refused(_("This visit is scheduled already."))
    open_proposal = current.open_proposal
    seats.lock_slots(current.slot, open_proposal.slot if open_proposal else None)
    if open_proposal:
        seats.close_proposal(open_proposal, open_proposal.state_when_ended_by(Actor.STAFF), now=now)
    rule_checks.require_met(rule_checks.violations(current, current.slot, now=now), override_reason)
    if not current.seats_held:
        seats.take(current, current.slot, current.group_size or 0, even_closed=bool(override_reason.strip()))
    taken = resources.choose(current, current.slot) if chosen is None else list(chosen)
    settled = place.settle(current, details, taken, by=Actor.STAFF, user=by)
    resources.allocate(current, current.slot, taken, user=by)
    moved = lifecycle.transition(
        current,
        VisitStatus.APPROVED,
        by=Actor.STAFF,
        user=by,
        changes={"seats_held": current.seats_held, "hold_until": None, "calendar_sequence": F("calendar_sequence") + 1, **settled},
    )
    rule_checks.log_override(moved, by, override_reason)
    preparation.begin(moved, by=by)
    conversation.add_host_message(moved, message, author=by)
    move_effects.queue_mails(moved, VisitStatus(current.status), Actor.STAFF, note=message.strip(), sequence=moved.calendar_sequence)
    displacement.displace_after_commit(moved, user=by)
    return moved


@transaction.atomic
def decline(visit: Visit, *, by: User | None, reason: str, reason_code: str = ReasonCode.OTHER) -> Visit:
    """Decline a request with a reason for the guest. Raises Refused as transition() does."""
    moved = lifecycle.transition(visit, VisitStatus.DECLINED, by=Actor.STAFF, user=by, reason=reason, reason_code=reason_code)
    move_effects.queue_mails(moved, VisitStatus(visit.status), Actor.STAFF, note=reason)
    return moved


@transaction.atomic
def ask_for_information(visit: Visit, *, by: User | None, question: str, reason_code: str = ReasonCode.LETTER_INCOMPLETE) -> Visit:
    """Ask the guest to complete the request; the date of the answer is suspended. Raises Refused as transition() does."""
    moved = lifecycle.transition(
        visit,
        VisitStatus.NEEDS_INFO,
        by=Actor.STAFF,
        user=by,
        reason=question,
        reason_code=reason_code,
        changes={"answer_due_at": None, "hold_until": visit.slot.starts_at if visit.slot and visit.seats_held else None},
    )
    VisitMessage.objects.create(visit=moved, from_guest=False, author=by, text=question.strip())
    move_effects.queue_mails(moved, VisitStatus(visit.status), Actor.STAFF, note=question)
    return moved


@transaction.atomic
def answer_question(visit: Visit, *, text: str, now: dt.datetime | None = None) -> Visit:
    """Save the guest's answer: the request waits for staff again, with a new date of the answer. Raises Refused."""
    now = now or timezone.now()
    if not text.strip():
        raise Refused(_("Write your answer first."))
    due = answer_due(require_programme(visit), now)
    moved = lifecycle.transition(
        visit,
        VisitStatus.SUBMITTED,
        by=Actor.GUEST,
        changes={"answer_due_at": due, "hold_until": min(due, visit.slot.starts_at) if visit.slot and visit.seats_held else None},
    )
    VisitMessage.objects.create(visit=moved, from_guest=True, text=text.strip())
    move_effects.queue_mails(moved, VisitStatus(visit.status), Actor.GUEST, news=gettext_lazy("The guest answered your question."))
    return moved


@transaction.atomic
def cancel(visit: Visit, *, by: Actor, reason: str, user: User | None = None) -> Visit:
    """Cancel a visit before its session begins.

    Its seats and resources are free at once. If an invitation was sent, the mail cancels the entry in the guest's calendar.

    Raises:
        Refused: the session has begun, or as transition() does.
    """
    if visit.slot and visit.slot.starts_at <= timezone.now():
        raise Refused(
            _("The visit has begun and can no longer be cancelled. Please contact us: %(contact)s") % {"contact": how_to_reach_us()}
        )
    was_announced = visit.status == VisitStatus.APPROVED
    target = VisitStatus.CANCELLED_BY_GUEST if by == Actor.GUEST else VisitStatus.CANCELLED_BY_HOST
    changes = {"calendar_sequence": F("calendar_sequence") + 1} if was_announced else {}
    moved = lifecycle.transition(visit, target, by=by, user=user, reason=reason, changes=changes)
    preparation.follow_move(moved)
    move_effects.queue_mails(
        moved,
        VisitStatus(visit.status),
        by,
        note=reason,
        news=gettext_lazy("The guest cancelled the visit."),
        sequence=moved.calendar_sequence,
    )
    if was_announced:
        speakers.call_off(moved)
    return moved


def require_completable(visit: Visit, by: Actor, now: dt.datetime) -> None:
    """Raises Refused if the visit cannot be completed from its state, has not begun, or nobody was checked in."""
    lifecycle.require_allowed(visit, VisitStatus.COMPLETED, by)
    if visit.slot and visit.slot.starts_at > now:
        raise Refused(_("The visit has not begun yet."))
    if not attendance.attended(visit).exists():
        raise Refused(
            _("Nobody is checked in. Record who came first, or close the visit as “%(status)s”.") % {"status": VisitStatus.NO_SHOW.label}
        )


@transaction.atomic
def complete(visit: Visit, *, by: Actor, user: User | None = None, message: str = "", now: dt.datetime | None = None) -> Visit:
    """Complete a visit after its start: the guest is thanked, and everyone who attended gets a certificate; one transaction.

    Args:
        visit: as the caller read it.
        by: staff.
        user: the member of staff.
        message: own words for the guest, added to the mail.
        now: the time; the current one if None.

    Raises:
        Refused: the visit has not begun, nobody was checked in, or as transition() does.
    """
    now = now or timezone.now()
    require_completable(visit, by, now)
    moved = lifecycle.transition(visit, VisitStatus.COMPLETED, by=by, user=user)
    conversation.add_host_message(moved, message, author=user)
    move_effects.queue_mails(moved, VisitStatus(visit.status), by, note=message.strip())
    agenda.keep_people(moved)
    agenda.keep_cases(moved)
    certificates.plan(moved, now=now)
    return moved


@transaction.atomic
def close_as_no_show(visit: Visit, *, by: User | None, reason: str) -> Visit:
    """Close a visit to which nobody came. Raises Refused if someone was checked in, or as transition() does."""
    if visit.slot and visit.slot.starts_at > timezone.now():
        raise Refused(_("The visit has not begun yet."))
    if attendance.attended(visit).exists():
        raise Refused(_("Somebody is checked in, so the guests did come. Close the visit as completed."))
    return lifecycle.transition(visit, VisitStatus.NO_SHOW, by=Actor.STAFF, user=by, reason=reason)


def expire_holds(now: dt.datetime) -> int:
    """Give back seats whose hold has expired, and expire requests that can no longer take place; returns how many visits changed.

    An unconfirmed request expires with its hold. A request that was not answered in time loses its seats and
    stays in the inbox; it expires on its day. For requests with an open proposal see scheduling.expire_proposals().
    """
    open_requests = Visit.objects.filter(status__in=_MAY_EXPIRE)
    overdue = open_requests.filter(hold_until__lte=now)
    past = open_requests.filter(slot__starts_at__lte=now)
    return sum(_expire_hold(visit, now) for visit in _unique(overdue, past))


def _unique(*querysets: QuerySet[Visit]) -> list[Visit]:
    return list({visit.pk: visit for queryset in querysets for visit in queryset.select_related("slot", "programme")}.values())


def _expire_hold(visit: Visit, now: dt.datetime) -> bool:
    with transaction.atomic():
        try:
            current = lifecycle.lock(visit)
            if current.status == VisitStatus.UNVERIFIED or (current.slot and current.slot.starts_at <= now):
                if current.status == VisitStatus.UNVERIFIED:
                    letters.delete_letters(current)
                moved = lifecycle.transition(current, VisitStatus.EXPIRED, by=Actor.CLOCK)
                move_effects.queue_mails(moved, VisitStatus(current.status), Actor.CLOCK)
                return True
        except Refused:
            # Somebody changed it between the query and the lock; the next run reads it again.
            return False
        seats.give_back(current)
        Visit.objects.filter(pk=current.pk).update(seats_held=0, hold_until=None, revision=F("revision") + 1)
        log(instance=current, action="visits.hold_lapsed", data={})
        return True
