"""Checks the booking rules for an existing visit, and overrides them with a reason of staff."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import availability, rules
from visits.domain.errors import Refused, Violation
from visits.domain.preconditions import require_programme
from visits.models import Visit, VisitSlot


def violations(
    visit: Visit,
    slot: VisitSlot | None,
    *,
    now: dt.datetime | None = None,
    settled: rules.Settled | None = None,
    is_offer: bool = False,
    known: rules.BookingContext | None = None,
    has_letter: bool | None = None,
) -> list[Violation]:
    """Rules that a visit breaks in a session now. Views show them before a decision, which checks them again.

    Args:
        visit: the visit.
        slot: the session; None for the rules that need none.
        now: the moment of the check (aware).
        settled: the step whose settled rules are left out.
        is_offer: whether the waiting list offers the session.
        known: what the rules read, if it was read before.
        has_letter: whether a letter is attached; one query if None.
    """
    request = rules.Request(
        programme=require_programme(visit),
        slot=slot,
        persons=visit.group_size or 0,
        now=now or timezone.now(),
        has_letter=visit.letters.exclude(file="").exists() if has_letter is None else has_letter,
        has_seats=slot is not None and slot.pk == visit.slot_id and visit.seats_held > 0,
        visit=visit,
        is_offer=is_offer,
        known=known,
        spoken_language=visit.spoken_language,
    )
    return rules.check(request, settled=settled)


def require_met(failed: Sequence[Violation], override_reason: str) -> None:
    """Raise Refused for violations that are not overridden with a reason."""
    left = [violation for violation in failed if not (override_reason.strip() and violation.overridable)]
    if left:
        raise Refused(violations=left)


def binding_for_guest(failed: Sequence[Violation]) -> list[Violation]:
    """Violations that count when a guest accepts a proposed date: staff may have overridden the others when they proposed it."""
    return [each for each in failed if not each.overridable or ((rule := rules.by_code(each.code)) and rule.stays_for_guest)]


def log_override(visit: Visit, user: User | None, reason: str) -> None:
    """Log the reason for overriding rules, if there is one."""
    if reason.strip():
        log(instance=visit, action="visits.override", user=user, data={"reason": reason.strip()})


def next_free_slots(visit: Visit, *, now: dt.datetime | None = None, count: int = 3) -> list[VisitSlot]:
    """The first ``count`` other sessions that are free for the visit, in order of time."""
    free = availability.bookable_slots(require_programme(visit), persons=visit.group_size or 0, now=now or timezone.now(), visit=visit)
    return [slot for slot in free if slot.pk != visit.slot_id][:count]
