"""A guest's request: from the filled form to the confirmed request that waits for an answer."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import Region, User
from visits import signals
from visits.domain import lifecycle, move_effects, outbox, rule_checks, rules, seats, tokens, waiting_list
from visits.domain.calendar_days import VENUE_ZONE, add_working_days, answer_due, local_date
from visits.domain.changes import person
from visits.domain.errors import Refused, Violation
from visits.domain.letters import LetterDraft, save_letter
from visits.domain.preconditions import require_programme
from visits.domain.rules import Settled
from visits.enums import Actor, MessageKind, SpokenLanguage, VisitSource, VisitStatus
from visits.models import NumberSequence, Programme, Visit, VisitSlot

CONFIRM_WITHIN = dt.timedelta(hours=4)
"""How long an unconfirmed request holds its seats, and how long its link works."""


@dataclass(frozen=True)
class BookingDraft:
    """The answers of a guest. Those that the booking rules need are attributes; the others are in ``details``.

    Attributes:
        slot: the session; None if the guest waits for a place in ``waiting_period`` (both days included).
        details: further fields of the visit by name, many-to-many fields as lists of objects.
        letter_follows: the guest will send the letter within the programme's grace.
        submission_key: created with the form; a second submission with the same key is the same request.
    """

    programme: Programme
    slot: VisitSlot | None
    region: Region | None
    group_size: int
    details: Mapping[str, Any]
    letter: LetterDraft | None = None
    letter_follows: bool = False
    alternatives: tuple[VisitSlot, ...] = ()
    waiting_period: tuple[dt.date, dt.date] | None = None
    spoken_language: str = SpokenLanguage.INDONESIAN
    language: str = "id"
    privacy_notice_version: str = ""
    submission_key: uuid.UUID = field(default_factory=uuid.uuid4)


def similar_visit(draft: BookingDraft) -> Visit | None:
    """An open request or visit of the same region with the same letter number: most likely the same letter was sent twice."""
    if not draft.letter or not draft.letter.number or not draft.region:
        return None
    return (
        Visit.objects.filter(region=draft.region, letters__number__iexact=draft.letter.number.strip())
        .exclude(status__in=[VisitStatus.DECLINED, VisitStatus.EXPIRED, VisitStatus.CANCELLED_BY_GUEST, VisitStatus.CANCELLED_BY_HOST])
        .exclude(submission_key=draft.submission_key)
        .first()
    )


def submit(draft: BookingDraft, *, now: dt.datetime | None = None, source: VisitSource = VisitSource.ONLINE) -> Visit:
    """Save a guest's request, hold its seats and write the mail that asks to confirm the address.

    Request, seats and mail are saved in one transaction. The same ``submission_key`` again (a double click) returns the first
    request.

    Raises:
        Refused: a rule is not met, or the period is not full; carries the rules' codes and sentences.
    """
    now = now or timezone.now()
    if sent := _check_before_lock(draft, now):
        return sent
    context = _read_context(draft, now)

    def save() -> Visit:
        visit = _save(draft, context, now=now, source=source, override_reason="")
        outbox.queue_first(visit, MessageKind.CONFIRM)
        return visit

    return _save_once(draft, save)


def _save_once(draft: BookingDraft, save: Callable[[], Visit]) -> Visit:
    """Call ``save`` in a transaction; if the same form was submitted just before, return the request that it created.

    There is no query beforehand: the second click fails on the unique key, or on a rule if the first one took the last seats.
    """
    try:
        with transaction.atomic():
            return save()
    except (Refused, IntegrityError):
        if sent := Visit.objects.filter(submission_key=draft.submission_key).first():
            return sent
        raise


def _check_before_lock(draft: BookingDraft, now: dt.datetime) -> Visit | None:
    """Run the quick rules without a lock, so that guests who come too late do not wait for it.

    The rules are checked again under the lock.

    Returns the request that the same form created before, if there is one; makes one query otherwise. Raises Refused.
    """
    if draft.slot is None:
        return None
    sent = Visit.objects.filter(submission_key=draft.submission_key)
    slots = VisitSlot.objects.select_related("programme").only(*rules.QUICK_FIELDS).annotate(is_sent=Exists(sent)).order_by("pk")
    slot = slots.filter(pk=draft.slot.pk).first()
    if slot and slot.is_sent:
        return sent.get()
    if slot:
        _require_quick_rules(draft, slot, now)
    return None


def _require_quick_rules(draft: BookingDraft, slot: VisitSlot, now: dt.datetime) -> None:
    violations = rules.quick_check(rules.Request(programme=slot.programme, slot=slot, persons=draft.group_size, now=now))
    if violations:
        raise Refused(violations=violations)


def submit_for_guest(draft: BookingDraft, *, user: User | None, override_reason: str = "", now: dt.datetime | None = None) -> Visit:
    """Enter the request of a guest who wrote or phoned. It waits for an answer at once; the address need not be confirmed.

    Args:
        draft: the request; the contact person gets the receipt if there is an e-mail address.
        user: the member of staff.
        override_reason: why overridable rules are ignored; logged.

    Raises:
        Refused: as submit() does.
    """
    now = now or timezone.now()
    context = _read_context(draft, now)

    def save() -> Visit:
        visit = _save(draft, context, now=now, source=VisitSource.STAFF, override_reason=override_reason)
        rule_checks.log_override(visit, user, override_reason)
        return _receive(visit, now=now, by=Actor.STAFF, user=user)

    return _save_once(draft, save)


def _read_context(draft: BookingDraft, now: dt.datetime) -> rules.BookingContext | None:
    """Read the context of the rules before the lock is taken, so that the lock is held for a short time."""
    if draft.slot is None:
        return None
    return rules.BookingContext(draft.programme, now, local_date(draft.slot.starts_at)).read()


def _save(
    draft: BookingDraft, context: rules.BookingContext | None, *, now: dt.datetime, source: VisitSource, override_reason: str
) -> Visit:
    """Save the visit with its seats, under the lock of its session (or of its programme, if the guest waits for a place)."""
    slot, quick_rules_met = None, False
    if draft.slot is not None:
        slot = seats.lock_slots(draft.slot).get(draft.slot.pk)
        if slot is None:
            raise Refused(violations=[rules.slot_removed()])
        if source != VisitSource.STAFF:
            # Before the other rules, so that the lock is released early if the session is full.
            _require_quick_rules(draft, slot, now)
            quick_rules_met = True
    else:
        Programme.objects.select_for_update(of=("self",)).get(pk=draft.programme.pk)
    rule_checks.require_met(rules.check(_request(draft, slot, context, now), skip_quick=quick_rules_met), override_reason)
    if draft.waiting_period:
        waiting_list.check_period(
            draft.programme, persons=draft.group_size, from_date=draft.waiting_period[0], until_date=draft.waiting_period[1], now=now
        )
    elif slot is None:
        raise Refused(violations=[Violation("no_session", _("Choose a session."))])
    hold_until = now + CONFIRM_WITHIN
    visit = Visit(
        **{name: value for name, value in draft.details.items() if not _is_many_to_many(name)},
        source=source,
        programme=draft.programme,
        slot=slot,
        region=draft.region,
        group_size=draft.group_size,
        spoken_language=draft.spoken_language,
        language=draft.language,
        privacy_notice_version=draft.privacy_notice_version,
        submission_key=draft.submission_key,
        hold_until=min(hold_until, slot.starts_at) if slot else hold_until,
        letter_due_on=_letter_due(draft, now),
    )
    if slot:
        seats.take(visit, slot, draft.group_size, even_closed=bool(override_reason.strip()))
    tokens.make_tokens(visit)
    visit.save()
    _add_related(visit, draft)
    if draft.letter:
        save_letter(visit, draft.letter)
    if draft.waiting_period:
        waiting_list.join(visit, from_date=draft.waiting_period[0], until_date=draft.waiting_period[1])
    actor = Actor.STAFF if source == VisitSource.STAFF else Actor.GUEST
    log(instance=visit, action="visits.submit", data={"source": source, "persons": draft.group_size, "by": actor, **person(visit, actor)})
    signals.visit_moved.send(sender=Visit, visit=visit, source=None, target=VisitStatus.UNVERIFIED, actor=actor)
    return visit


def _is_many_to_many(name: str) -> bool:
    return bool(Visit._meta.get_field(name).many_to_many)


def _add_related(visit: Visit, draft: BookingDraft) -> None:
    for name, value in draft.details.items():
        if _is_many_to_many(name):
            getattr(visit, name).add(*value)
    visit.alternative_slots.add(*draft.alternatives)


def _request(draft: BookingDraft, slot: VisitSlot | None, context: rules.BookingContext | None, now: dt.datetime) -> rules.Request:
    return rules.Request(
        programme=draft.programme,
        slot=slot,
        persons=draft.group_size,
        now=now,
        has_letter=bool(draft.letter and draft.letter.file) or _may_follow(draft),
        spoken_language=draft.spoken_language,
        is_duplicate=similar_visit(draft) is not None,
        known=context,
    )


def _may_follow(draft: BookingDraft) -> bool:
    return draft.letter_follows and draft.programme.letter_grace_working_days > 0


def _letter_due(draft: BookingDraft, now: dt.datetime) -> dt.date | None:
    if (draft.letter and draft.letter.file) or not _may_follow(draft):
        return None
    return add_working_days(local_date(now), draft.programme.letter_grace_working_days)


@transaction.atomic
def confirm(visit: Visit, *, now: dt.datetime | None = None, by: Actor = Actor.GUEST, user: User | None = None) -> Visit:
    """Confirm a request by the link in the mail: it gets its reference and the date of the answer.

    A request that is confirmed already is returned unchanged. If its seats were given back, they are taken again.

    Raises:
        Refused: the request has expired or was withdrawn, or its seats are gone.
    """
    now = now or timezone.now()
    current = Visit.objects.select_for_update(of=("self",)).select_related("programme", "slot").get(pk=visit.pk)
    if current.reference and current.status != VisitStatus.UNVERIFIED:
        return current
    if current.status != VisitStatus.UNVERIFIED:
        raise Refused(_("This link has expired and the seats were given back. Please make the request again."))
    if current.slot and not current.seats_held:
        current.slot = seats.lock_slots(current.slot)[current.slot.pk]
        failed = rule_checks.violations(current, current.slot, now=now, settled=Settled.REQUEST)
        rule_checks.require_met(failed, override_reason="")
        seats.take(current, current.slot, current.group_size or 0)
    return _receive(current, now=now, by=by, user=user)


def _receive(visit: Visit, *, now: dt.datetime, by: Actor, user: User | None = None) -> Visit:
    """Give a request its reference and the date of the answer; a request on the waiting list has no such date."""
    due = answer_due(require_programme(visit), now) if visit.slot else None
    today = now.astimezone(VENUE_ZONE)
    moved = lifecycle.transition(
        visit,
        VisitStatus.SUBMITTED,
        by=by,
        user=user,
        changes={
            "reference": NumberSequence.objects.next_number("visit", year=today.year, month=today.month),
            "submitted_at": now,
            "answer_due_at": due,
            "seats_held": visit.seats_held,
            "hold_until": min(due, visit.slot.starts_at) if due and visit.slot else None,
        },
    )
    move_effects.queue_mails(moved, VisitStatus.UNVERIFIED, by)
    return moved
