"""Requests that lose their session when another visit is scheduled: listed before, and asked for a new date afterwards."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge_hub.models import User
from visits.domain import lifecycle, move_effects, resource_conflicts, resources
from visits.domain.calendar_days import local_date, session_times
from visits.domain.errors import Refused
from visits.domain.preconditions import require_programme, require_session
from visits.domain.resource_conflicts import TakenTime, session_span, unix_timestamp
from visits.domain.rule_checks import next_free_slots
from visits.enums import AWAITS_DECISION, Actor, ReasonCode, VisitStatus
from visits.models import Allocation, Resource, Visit, VisitMessage, VisitSlot


def displaced_by(visit: Visit, slot: VisitSlot, chosen: Iterable[Resource] = ()) -> list[Visit]:
    """Requests that could no longer have their session if the visit took this session with the chosen resources.

    After the visit is scheduled, call it without ``chosen``: its allocations are read. At most three queries.
    """
    waiting = (
        Visit.objects.select_related("programme", "slot", "region")
        .filter(
            status__in=AWAITS_DECISION,
            slot__starts_at__lt=slot.ends_at + dt.timedelta(days=1),
            slot__ends_at__gt=slot.starts_at - dt.timedelta(days=1),
        )
        .exclude(pk=visit.pk)
        .exclude(reason_code=ReasonCode.NEEDS_NEW_DATE, status=VisitStatus.NEEDS_INFO)
        .order_by("slot__starts_at", "submitted_at", "pk")
    )
    chosen = list(chosen)
    if not (others := list(waiting)):
        return []
    seats_to_take = 0 if visit.slot_id == slot.pk and visit.seats_held else visit.group_size or 0
    needs = resources.needs_by_programme({require_programme(other) for other in others})
    taken = _taken_by_visit([need for needed in needs.values() for need in needed], others)
    start, end = unix_timestamp(slot.starts_at), unix_timestamp(slot.ends_at)
    own = [TakenTime(start, end + 60 * resource.buffer_minutes, frozenset([resource.pk])) for resource in chosen]
    if not chosen:
        own = [time for holder, time in taken if holder == visit.pk]

    def loses_resources(other: Visit) -> bool:
        """Whether the other request lacks resources because of this visit only."""
        needed = needs[require_programme(other).pk]
        without = [time for holder, time in taken if holder not in (visit.pk, other.pk)]
        return _is_short(other, needed, [*without, *own]) and not _is_short(other, needed, without)

    return [other for other in others if loses_resources(other) or (other.slot_id == slot.pk and _loses_seats(other, seats_to_take))]


def _is_short(visit: Visit, needs: Sequence[resources.Need], taken: Iterable[TakenTime]) -> bool:
    buffers = {pk: int(buffer.total_seconds()) for pk, buffer in resources.buffers_of(needs).items()}
    during_session = resource_conflicts.taken_during_sessions([session_span(require_session(visit))], taken, buffers)
    return bool(resources.kinds_short_of(needs, require_session(visit), visit.group_size or 0, during_session))


def _taken_by_visit(needs: Sequence[resources.Need], visits: Sequence[Visit]) -> list[tuple[int | None, TakenTime]]:
    """Allocations around the sessions of some visits, with the visit of each; one query."""
    buffers = resources.buffers_of(needs)
    if not buffers:
        return []
    rows = Allocation.objects.filter(
        active=True,
        resource__in=list(buffers),
        starts_at__lt=max(require_session(visit).ends_at for visit in visits) + max(buffers.values()),
        ends_at__gt=min(require_session(visit).starts_at for visit in visits),
    )
    return [
        (holder, TakenTime(unix_timestamp(start), unix_timestamp(end), frozenset([resource])))
        for holder, start, end, resource in rows.values_list("visit", "starts_at", "ends_at", "resource")
    ]


def _loses_seats(other: Visit, seats_to_take: int) -> bool:
    """Whether a request without held seats no longer fits."""
    return not other.seats_held and require_session(other).free_persons - seats_to_take < (other.group_size or 0)


def displace_after_commit(visit: Visit, *, user: User | None) -> None:
    """Have displace_others() called after the transaction in which the visit is scheduled.

    Not before, because it locks other requests while the visit's session is locked.
    """
    transaction.on_commit(partial(displace_others, visit, user=user))


def asked_among(visits: Iterable[Visit]) -> list[Visit]:
    """Those of the visits that are asked for a new date now."""
    return list(
        Visit.objects.filter(
            pk__in=[visit.pk for visit in visits], status=VisitStatus.NEEDS_INFO, reason_code=ReasonCode.NEEDS_NEW_DATE
        ).order_by("slot__starts_at", "submitted_at", "pk")
    )


def displace_others(visit: Visit, *, user: User | None, now: dt.datetime | None = None) -> list[Visit]:
    """Ask the requests that lost their session to a scheduled visit for a new date; returns them.

    Each in its own transaction. Requests that somebody else decides meanwhile are left out.
    """
    return [moved for other in displaced_by(visit, require_session(visit)) if (moved := _ask_for_new_date(other, user=user, now=now))]


def _ask_for_new_date(visit: Visit, *, user: User | None, now: dt.datetime | None) -> Visit | None:
    with transaction.atomic():
        try:
            current = lifecycle.lock(visit)
            if current.open_proposal:
                # Another date is proposed already.
                return None
            text = new_date_message(current, now=now)
            if current.status == VisitStatus.NEEDS_INFO:
                Visit.objects.filter(pk=current.pk).update(reason_code=ReasonCode.NEEDS_NEW_DATE, revision=F("revision") + 1)
                moved = Visit.objects.get(pk=current.pk)
            else:
                moved = lifecycle.transition(
                    current,
                    VisitStatus.NEEDS_INFO,
                    by=Actor.STAFF,
                    user=user,
                    reason=text,
                    reason_code=ReasonCode.NEEDS_NEW_DATE,
                    changes={"answer_due_at": None, "hold_until": require_session(current).starts_at if current.seats_held else None},
                )
        except Refused:
            # Somebody else decided meanwhile.
            return None
        VisitMessage.objects.create(visit=moved, from_guest=False, author=user, text=text)
        # A request that was asked already stays in its state and gets the same mail.
        move_effects.queue_mails(moved, VisitStatus.SUBMITTED, Actor.STAFF, to=VisitStatus.NEEDS_INFO, note=text)
        return moved


def new_date_message(visit: Visit, *, now: dt.datetime | None = None) -> str:
    """The message to a guest who lost the session, in the guest's language, with the next free sessions."""
    with override(visit.language):
        text = _("Another visit has been scheduled at the time that you asked for. Please choose another date on the page of your visit.")
        sessions = [f"{formats.date_format(local_date(slot.starts_at))}, {session_times(slot)}" for slot in next_free_slots(visit, now=now)]
        if sessions:
            text += "\n\n" + _("The next free sessions:") + "\n" + "\n".join(f"– {session}" for session in sessions)
        return text
