"""What stands against having a visit in a session: the rules, those that are settled, and the reason that staff give instead."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.utils import timezone
from wagtail.log_actions import log

from visits.domain import availability, rules
from visits.domain.errors import MoveRefused, Violation
from visits.models import Visit, VisitSlot

SETTLED_BY_REQUEST = frozenset({"letter_missing"})
"""What was known when the visit was requested and does not stand against another date."""

SETTLED_BY_PROPOSAL = frozenset({"slot_full", "day_full", "week_full", "promised", "notice_too_short", "letter_missing"})
"""The open proposal holds its seats and was made in time; a missing letter was known when it was made."""


def violations(
    visit: Visit,
    slot: VisitSlot | None,
    *,
    now: dt.datetime | None = None,
    settled: Collection[str] = (),
    is_offer: bool = False,
) -> list[Violation]:
    """Rules that stand against having the visit in a session now, but for those whose codes are ``settled``.

    What screens show before a button is pressed, and what is asked again when it was.
    """
    failed = rules.check(
        rules.Request(
            programme=visit.programme,
            slot=slot,
            persons=visit.group_size or 0,
            now=now or timezone.now(),
            has_letter=visit.letters.exclude(file="").exists(),
            has_seats=slot is not None and slot.pk == visit.slot_id and visit.seats_held > 0,
            visit=visit,
            is_offer=is_offer,
            spoken_language=visit.spoken_language,
        )
    )
    return [violation for violation in failed if violation.code not in settled]


def refuse_violations(failed: Sequence[Violation], override_reason: str) -> None:
    """Stop where rules failed that nobody overrode with a reason. Raises MoveRefused."""
    left = [violation for violation in failed if not (override_reason.strip() and violation.overridable)]
    if left:
        raise MoveRefused(violations=left)


def log_override(visit: Visit, user, reason: str) -> None:
    """Note why rules did not count, where they did not."""
    if reason.strip():
        log(instance=visit, action="visits.override", user=user, data={"reason": reason.strip()})


def next_free(visit: Visit, *, now: dt.datetime | None = None, count: int = 3) -> list[VisitSlot]:
    """The first sessions that the visit could have instead of its own, in order of time."""
    free = availability.bookable_slots(visit.programme, persons=visit.group_size or 0, now=now or timezone.now(), visit=visit)
    return [slot for slot in free if slot.pk != visit.slot_id][:count]
