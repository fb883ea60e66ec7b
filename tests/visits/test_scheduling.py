"""Other dates: proposed, accepted, refused, expired, moved; seats are always counted right."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import (
    NeedFactory,
    ProgrammeFactory,
    RegionFactory,
    ResourceFactory,
    SlotFactory,
    UserFactory,
    VisitFactory,
)
from tests.visits.sessions import mails, seats_agree, slots_of, taken
from visits.domain import booking, decisions, reminders, resources, scheduling
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.domain.errors import Refused
from visits.enums import Actor, MessageKind, OrganisationKind, ProposalState, ReasonCode, VisitStatus
from visits.models import Proposal, Visit, VisitSlot

pytestmark = pytest.mark.django_db


def test_a_proposal_holds_seats_in_both_sessions(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, submitted=True)

    proposal = scheduling.propose(visit, new, by=Actor.STAFF, user=officer, message="Ruang kami terpakai.")

    visit.refresh_from_db()
    assert visit.status == VisitStatus.PROPOSED
    assert (taken(old), taken(new)) == (10, 10)
    assert proposal.expires_at > timezone.now()
    assert mails(visit) == [MessageKind.PROPOSAL]
    with pytest.raises(Refused):
        scheduling.propose(visit, old, by=Actor.STAFF, user=officer)


def test_accepting_a_proposal_schedules_the_visit(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, submitted=True)
    scheduling.propose(visit, new, by=Actor.STAFF, user=officer)

    accepted = scheduling.accept(Visit.objects.get(pk=visit.pk), by=Actor.GUEST)

    assert (accepted.status, accepted.slot) == (VisitStatus.APPROVED, new)
    assert (taken(old), taken(new)) == (0, 10)
    assert accepted.calendar_sequence == 1
    assert MessageKind.INVITATION in mails(visit)
    assert seats_agree()
    with pytest.raises(Refused):
        scheduling.accept(accepted, by=Actor.GUEST)


@pytest.mark.parametrize("way", ["approved", "accepted by the guest", "accepted by staff", "moved"])
def test_scheduling_asks_those_who_lose_the_session(programme, officer, way, django_capture_on_commit_callbacks):
    old, new = slots_of(programme, 30, 37)
    room = ResourceFactory()
    NeedFactory(programme=programme, kind=room.kind)
    visit, loser = VisitFactory(slot=new if way == "approved" else old, submitted=True), VisitFactory(slot=new, submitted=True)
    if way.startswith("accepted"):
        proposer = Actor.STAFF if way == "accepted by the guest" else Actor.GUEST
        scheduling.propose(visit, new, by=proposer, user=officer if proposer == Actor.STAFF else None)
    if way == "moved":
        decisions.approve(visit, by=officer)
    visit.refresh_from_db()

    with django_capture_on_commit_callbacks(execute=True):
        if way == "approved":
            decisions.approve(visit, by=officer)
        elif way == "moved":
            scheduling.move(visit, new, user=officer)
        else:
            scheduling.accept(visit, by=Actor.GUEST if proposer == Actor.STAFF else Actor.STAFF)

    loser.refresh_from_db()
    assert (loser.status, loser.reason_code) == (VisitStatus.NEEDS_INFO, ReasonCode.NEEDS_NEW_DATE)
    assert mails(loser) == [MessageKind.NEEDS_INFO]


def test_nobody_accepts_their_own_proposal(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, submitted=True)
    scheduling.propose(visit, new, by=Actor.GUEST)

    with pytest.raises(Refused):
        scheduling.accept(Visit.objects.get(pk=visit.pk), by=Actor.GUEST)
    assert scheduling.accept(Visit.objects.get(pk=visit.pk), by=Actor.STAFF, user=officer).status == VisitStatus.APPROVED


def test_refusing_a_proposal_frees_its_seats(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, submitted=True, answer_due_at=None)
    scheduling.propose(visit, new, by=Actor.STAFF, user=officer)

    refused = scheduling.end_proposal(Visit.objects.get(pk=visit.pk), by=Actor.GUEST, reason="Kami ada sidang.")

    assert (refused.status, refused.slot) == (VisitStatus.SUBMITTED, old)
    assert refused.answer_due_at > timezone.now()
    assert (taken(old), taken(new)) == (10, 0)
    assert Proposal.objects.get().state == ProposalState.REFUSED
    assert refused.thread.get().text == "Kami ada sidang."


def test_an_expired_request_keeps_the_scheduled_date(programme):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, approved=True)
    proposal = scheduling.propose(visit, new, by=Actor.GUEST, message="Boleh minggu depannya?")

    assert scheduling.expire_proposals(proposal.expires_at - dt.timedelta(seconds=1)) == 0
    assert scheduling.expire_proposals(proposal.expires_at) == 1

    visit.refresh_from_db()
    assert (visit.status, visit.slot, visit.calendar_sequence) == (VisitStatus.APPROVED, old, 1)
    assert (taken(old), taken(new)) == (10, 0)


def test_a_move_updates_seats_and_calendar(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, approved=True)

    moved = scheduling.move(visit, new, user=officer, message="Sesuai telepon.")

    assert (moved.status, moved.slot, moved.calendar_sequence) == (VisitStatus.APPROVED, new, 2)
    assert (taken(old), taken(new)) == (0, 10)
    assert mails(visit) == [MessageKind.MOVED]


def test_a_move_into_a_full_session_changes_nothing(programme, officer):
    old, new = slots_of(programme, 30, 37)
    VisitFactory(slot=new, group_size=55, approved=True)
    visit = VisitFactory(slot=old, approved=True)

    with pytest.raises(Refused) as refusal:
        scheduling.move(visit, new, user=officer, override_reason="Mendesak")

    assert refusal.value.codes == ("slot_full",)
    visit.refresh_from_db()
    assert (visit.slot, taken(old), taken(new)) == (old, 10, 55)
    assert not mails(visit)


def test_cancelling_frees_seats_of_an_open_proposal(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, approved=True)
    scheduling.propose(visit, new, by=Actor.STAFF, user=officer)

    decisions.cancel(Visit.objects.get(pk=visit.pk), by=Actor.GUEST, reason="Anggaran berubah")

    assert (taken(old), taken(new)) == (0, 0)
    assert Proposal.objects.get().state == ProposalState.WITHDRAWN


def test_a_missing_promised_letter_blocks_approval(officer):
    programme = ProgrammeFactory()
    (slot,) = slots_of(programme, 40)
    draft = booking.BookingDraft(
        programme=programme,
        slot=slot,
        region=RegionFactory(),
        group_size=10,
        details={
            "organisation": "Dinas Contoh",
            "organisation_kind": OrganisationKind.LOCAL_GOVERNMENT,
            "contact_name": "Narahubung",
            "contact_email": "surat@contoh.invalid",
        },
        letter_follows=True,
    )
    visit = booking.confirm(booking.submit(draft))
    assert visit.letter_due_on > local_date(timezone.now())
    with pytest.raises(Refused) as refusal:
        decisions.approve(visit, by=officer)
    assert refusal.value.codes == ("letter_missing",)

    with time_machine.travel(dt.datetime.combine(visit.letter_due_on + dt.timedelta(days=1), dt.time(9), VENUE_ZONE), tick=False):
        assert reminders.queue_due(timezone.now()) == 1
        assert reminders.queue_due(timezone.now()) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["propose", "wish", "accept", "agree", "end", "move", "approve", "cancel", "lapse"]),
            st.integers(0, 2),
            st.integers(0, 3),
        ),
        max_size=12,
    )
)
@pytest.mark.long
def test_random_moves_keep_seats_and_rooms_consistent(moves):
    """After any sequence of moves, sessions count the held seats, and allocations of a room never overlap."""
    with transaction.atomic():
        officer = UserFactory(admin=True)
        programme = ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40, capacity_persons=40)
        slots = slots_of(programme, 30, 31, 32, 33, capacity=25)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        visits = [VisitFactory(slot=slots[index], submitted=True) for index in range(3)]
        for what, who, where in moves:
            visit = Visit.objects.select_related("programme", "slot").get(pk=visits[who].pk)
            act = {
                "propose": lambda v=visit, s=slots[where]: scheduling.propose(v, s, by=Actor.STAFF, user=officer),
                "wish": lambda v=visit, s=slots[where]: scheduling.propose(v, s, by=Actor.GUEST),
                "accept": lambda v=visit: scheduling.accept(v, by=Actor.GUEST),
                "agree": lambda v=visit: scheduling.accept(v, by=Actor.STAFF, user=officer),
                "end": lambda v=visit: scheduling.end_proposal(v, by=Actor.GUEST),
                "move": lambda v=visit, s=slots[where]: scheduling.move(v, s, user=officer),
                "approve": lambda v=visit: decisions.approve(v, by=officer),
                "cancel": lambda v=visit: decisions.cancel(v, by=Actor.GUEST, reason="Batal"),
                "lapse": lambda: scheduling.expire_proposals(timezone.now() + dt.timedelta(days=20)),
            }[what]
            try:
                with transaction.atomic():
                    act()
            except Refused:
                pass
            assert seats_agree()
            assert resources.overlaps() == []
            for scheduled in Visit.objects.filter(status=VisitStatus.APPROVED):
                assert scheduled.allocations.filter(active=True, starts_at=scheduled.slot.starts_at).count() == 1
        transaction.set_rollback(True)


def test_an_open_proposal_prevents_expiry(programme, officer):
    old, new = slots_of(programme, 30, 33)
    visit = VisitFactory(slot=old, submitted=True)
    with time_machine.travel(old.starts_at - dt.timedelta(hours=20), tick=False):
        scheduling.propose(visit, new, by=Actor.STAFF, user=officer, override_reason="Ditanyakan lewat telepon")

    after = old.starts_at + dt.timedelta(hours=4)
    with time_machine.travel(after, tick=False):
        decisions.expire_holds(after)
        visit.refresh_from_db()
        assert visit.status == VisitStatus.PROPOSED
        assert scheduling.accept(visit, by=Actor.GUEST).slot == new


def test_a_request_expires_after_its_proposal(programme, officer):
    old, new = slots_of(programme, 30, 33)
    visit = VisitFactory(slot=old, submitted=True)
    with time_machine.travel(old.starts_at - dt.timedelta(hours=20), tick=False):
        proposal = scheduling.propose(visit, new, by=Actor.STAFF, user=officer, override_reason="Ditanyakan lewat telepon")

    with time_machine.travel(proposal.expires_at, tick=False):
        scheduling.expire_proposals(timezone.now())
        decisions.expire_holds(timezone.now())

    visit.refresh_from_db()
    assert visit.status == VisitStatus.EXPIRED
    assert taken(new) == 0


def test_completing_a_visit_withdraws_its_proposal(programme, officer):
    today, later = SlotFactory(programme=programme, days_ahead=0), SlotFactory(programme=programme, days_ahead=37)
    visit = VisitFactory(slot=today, approved=True, delegates=1, attended=True)
    Proposal.objects.create(visit=visit, by=Actor.GUEST, slot=later, seats_held=10, expires_at=later.starts_at)
    VisitSlot.objects.filter(pk=later.pk).update(used_persons=10, used_visits=1)

    with time_machine.travel(today.ends_at, tick=False):
        decisions.complete(Visit.objects.get(pk=visit.pk), by=Actor.STAFF, user=officer)

    assert Proposal.objects.get().state == ProposalState.WITHDRAWN
    assert taken(later) == 0
    assert MessageKind.PROPOSAL_ENDED not in mails(visit)
