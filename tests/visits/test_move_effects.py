"""Make every allowed move and compare its mails, seats and other effects with the table of effects."""

import datetime as dt

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.utils import timezone

from tests.factories import SlotFactory, UserFactory, VisitFactory
from visits.domain import booking, decisions, scheduling
from visits.domain.move_effects import EFFECTS, as_markdown, effects_of
from visits.enums import ALLOWED_MOVES, Actor, VisitStatus
from visits.models import Certificate, OutboundMessage, Visit, VisitSlot

pytestmark = pytest.mark.django_db
S, GUEST, STAFF, CLOCK = VisitStatus, Actor.GUEST, Actor.STAFF, Actor.CLOCK

NOT_MADE = {
    (S.NEEDS_INFO, S.SUBMITTED, STAFF): "staff decide without asking again",
    (S.PROPOSED, S.EXPIRED, CLOCK): "the proposal ends first, and the visit is submitted again",
}
"""Allowed moves that no function makes, with the reason."""


@pytest.fixture
def officer():
    user = UserFactory(username="pemutus", email="pemutus@contoh.invalid")
    user.user_permissions.add(Permission.objects.get(codename="decide_visit"))
    return user


def other_slot(visit: Visit) -> VisitSlot:
    return SlotFactory(programme=visit.programme, starts_at=visit.slot.starts_at + dt.timedelta(days=1))


def visit_in(source: VisitStatus, to: VisitStatus, by: Actor, officer) -> Visit:
    """A visit in the state from which the move starts."""
    if source == S.UNVERIFIED:
        return VisitFactory()
    if source == S.APPROVED:
        on_the_day = to in (S.COMPLETED, S.NO_SHOW)
        visit = VisitFactory(approved=True, days_ahead=-1 if on_the_day else 35, delegates=1, attended=to == S.COMPLETED)
        if to == S.APPROVED and by == GUEST:
            scheduling.propose(visit, other_slot(visit), by=STAFF, user=officer)
            visit.refresh_from_db()
        return visit
    visit = VisitFactory(submitted=True)
    if source == S.NEEDS_INFO:
        visit = decisions.ask_for_information(visit, by=officer, question="Surat?")
    if source == S.PROPOSED:
        proposer = GUEST if (to, by) in {(S.APPROVED, STAFF), (S.SUBMITTED, GUEST)} else STAFF
        scheduling.propose(visit, other_slot(visit), by=proposer, user=officer if proposer == STAFF else None)
        visit.refresh_from_db()
    return visit


def ends_proposal(visit, by, user):
    scheduling.end_proposal(visit, by=by, user=user, reason="Tidak jadi.")


def cancels(visit, by, user):
    decisions.cancel(visit, by=by, reason="Berhalangan.", user=user)


def proposes(visit, by, user):
    scheduling.propose(visit, other_slot(visit), by=by, user=user)


MAKE = {
    (S.UNVERIFIED, S.SUBMITTED): lambda visit, by, user: booking.confirm(visit, by=by, user=user),
    (S.NEEDS_INFO, S.SUBMITTED): lambda visit, by, user: decisions.answer_question(visit, text="Ini suratnya."),
    (S.SUBMITTED, S.APPROVED): lambda visit, by, user: decisions.approve(visit, by=user, override_reason="Surat menyusul."),
    (S.PROPOSED, S.APPROVED): lambda visit, by, user: scheduling.accept(visit, by=by, user=user),
    S.SUBMITTED: ends_proposal,
    S.NEEDS_INFO: lambda visit, by, user: decisions.ask_for_information(visit, by=user, question="Surat?"),
    S.PROPOSED: proposes,
    S.DECLINED: lambda visit, by, user: decisions.decline(visit, by=user, reason="Tidak dapat."),
    S.EXPIRED: lambda visit, by, user: decisions.expire_holds(timezone.now() + dt.timedelta(days=400)),
    S.CANCELLED_BY_GUEST: cancels,
    S.CANCELLED_BY_HOST: cancels,
    S.COMPLETED: lambda visit, by, user: decisions.complete(visit, by=by, user=user),
    S.NO_SHOW: lambda visit, by, user: decisions.close_as_no_show(visit, by=user, reason="Tidak datang."),
    (S.PROPOSED, S.SUBMITTED, CLOCK): lambda visit, by, user: scheduling.expire_proposals(visit.proposals.get(state="open").expires_at),
    (S.APPROVED, S.APPROVED, STAFF): lambda visit, by, user: scheduling.move(visit, other_slot(visit), user=user),
    (S.APPROVED, S.APPROVED, GUEST): lambda visit, by, user: scheduling.accept(visit, by=by),
}
"""The functions that views and the clock call, by the new status; where that is ambiguous, by the whole move."""


def make(visit: Visit, to: VisitStatus, by: Actor, officer) -> None:
    """Call the function that makes a move."""
    function = MAKE.get((visit.status, to, by)) or MAKE.get((visit.status, to)) or MAKE[to]
    function(visit, by, officer if by == STAFF else None)


MOVES = [(source, to, by) for source, moves in ALLOWED_MOVES.items() for to, actors in moves.items() for by in sorted(actors)]


@pytest.mark.parametrize(("source", "to", "by"), MOVES)
def test_every_allowed_move_has_effects(source, to, by):
    assert (effects_of(source, to, by) is None) == ((source, to, by) in NOT_MADE)


MADE = [move for move in MOVES if move not in NOT_MADE]


@pytest.mark.parametrize(("source", "to", "by"), MADE)
def test_a_move_has_the_effects_of_its_row(source, to, by, officer):
    visit = visit_in(source, to, by, officer)
    before = set(OutboundMessage.objects.values_list("pk", flat=True))
    row = effects_of(source, to, by)

    make(visit, to, by, officer)

    moved = Visit.objects.get(pk=visit.pk)
    assert moved.status == to
    mails = OutboundMessage.objects.exclude(pk__in=before)
    to_staff = {message.kind for message in mails if message.recipient == officer.email}
    to_guest = {message.kind for message in mails if message.recipient == visit.contact_email}
    assert to_guest == ({row.guest_mail} if row.guest_mail else set())
    assert to_staff == ({row.staff_mail} if row.staff_mail else set())
    assert (moved.seats_held == 0) == row.frees_seats
    assert Certificate.objects.filter(visit=moved).exists() == (to == S.COMPLETED)
    assert (moved.calendar_sequence > visit.calendar_sequence) == (
        "calendar sequence" in row.others or source == S.APPROVED and row.frees_seats
    )


def test_the_documentation_equals_the_table():
    assert (settings.BASE_DIR / "docs" / "visit-lifecycle.md").read_text() == as_markdown()


def test_every_row_belongs_to_an_allowed_move():
    used = {id(effects_of(*move)) for move in MOVES}

    assert all(id(row) in used for row in EFFECTS)
