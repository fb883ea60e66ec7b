"""Make every allowed move and compare its mails, seats and other effects with the table of effects."""

import datetime as dt

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.utils import timezone

from tests.factories import SlotFactory, UserFactory, VisitFactory
from visits.domain import booking, decisions, scheduling
from visits.domain.move_effects import EFFECTS, as_markdown, effects_of, rows_of
from visits.enums import ALLOWED_MOVES, Actor, ProposalState, VisitStatus
from visits.mail.messages import render
from visits.models import Certificate, OutboundMessage, Visit, VisitSlot, WaitlistEntry

pytestmark = pytest.mark.django_db
S, GUEST, STAFF, CLOCK = VisitStatus, Actor.GUEST, Actor.STAFF, Actor.CLOCK


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
    assert (moved.calendar_sequence > visit.calendar_sequence) == ("calendar sequence" in row.others)


def test_the_documentation_equals_the_table():
    assert (settings.BASE_DIR / "docs" / "visit-lifecycle.md").read_text() == as_markdown()


def test_a_place_from_the_waiting_list_is_a_request(officer):
    visit = VisitFactory(submitted=True)
    scheduling.propose(visit, other_slot(visit), by=CLOCK)
    visit.refresh_from_db()

    moved = scheduling.accept(visit, by=GUEST)

    row = effects_of(S.PROPOSED, S.SUBMITTED, GUEST, takes_offer=True)
    assert moved.status == S.SUBMITTED
    assert [message.kind for message in OutboundMessage.objects.filter(recipient=officer.email)] == [row.staff_mail]


@pytest.mark.parametrize("source", [S.PROPOSED, S.APPROVED])
@pytest.mark.parametrize(("to", "by"), [(S.CANCELLED_BY_GUEST, GUEST), (S.CANCELLED_BY_HOST, STAFF)])
def test_cancelling_ends_proposal_waiting_and_calendar_entry(source, to, by, officer):
    visit = visit_in(source, S.APPROVED, GUEST, officer)
    WaitlistEntry.objects.create(visit=visit, from_date=visit.slot.starts_at.date(), until_date=visit.slot.starts_at.date())

    make(visit, to, by, officer)

    assert visit.proposals.get().state == ProposalState.WITHDRAWN
    assert not WaitlistEntry.objects.filter(is_open=True).exists()
    mail = OutboundMessage.objects.get(recipient=visit.contact_email, kind=effects_of(source, to, by).guest_mail)
    assert ('method="CANCEL"' in render(mail).message().as_string()) == (source == S.APPROVED)


def test_every_row_belongs_to_an_allowed_move():
    used = {id(row) for move in MOVES for row in rows_of(*move)}

    assert all(id(row) in used for row in EFFECTS)
