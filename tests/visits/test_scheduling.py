"""Another date: proposed, accepted, refused, lapsed, moved; rooms and speakers; the waiting list; who is pushed out is asked."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import (
    NeedFactory,
    ProgrammeFactory,
    RegionFactory,
    ResourceFactory,
    ResourceKindFactory,
    SlotFactory,
    UserFactory,
    VisitFactory,
)
from visits.domain import availability, booking, decisions, reminders, resources, scheduling, waiting_list
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.domain.errors import MoveRefused
from visits.enums import Actor, MessageKind, OrganisationKind, ProposalState, ReasonCode, VisitStatus
from visits.models import Allocation, OutboundMessage, Proposal, ResourceHours, Visit, VisitSlot, WaitlistEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(admin=True)


@pytest.fixture
def programme():
    return ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40)


def slots_of(programme, *days, capacity=60):
    return [SlotFactory(programme=programme, days_ahead=day, capacity_persons=capacity) for day in days]


def taken(slot):
    return VisitSlot.objects.get(pk=slot.pk).used_persons


def seats_agree():
    """The seats that visits and open proposals hold are the seats that the sessions count."""
    return all(
        slot.used_persons
        == (slot.visits.aggregate(total=Sum("seats_held"))["total"] or 0)
        + (slot.proposals.aggregate(total=Sum("seats_held"))["total"] or 0)
        for slot in VisitSlot.objects.all()
    )


def mails(visit):
    return list(OutboundMessage.objects.filter(visit=visit).order_by("pk").values_list("kind", flat=True))


def test_a_proposed_date_holds_its_seats_and_the_old_date_stays(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, submitted=True)

    proposal = scheduling.propose(visit, new, by=Actor.STAFF, user=officer, message="Ruang kami terpakai.")

    visit.refresh_from_db()
    assert visit.status == VisitStatus.PROPOSED
    assert (taken(old), taken(new)) == (10, 10)
    assert proposal.expires_at > timezone.now()
    assert mails(visit) == [MessageKind.PROPOSAL]
    with pytest.raises(MoveRefused):
        scheduling.propose(visit, old, by=Actor.STAFF, user=officer)


def test_the_guest_accepts_the_date_that_staff_proposed_and_is_invited(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, submitted=True)
    scheduling.propose(visit, new, by=Actor.STAFF, user=officer)

    accepted = scheduling.accept(Visit.objects.get(pk=visit.pk), by=Actor.GUEST)

    assert (accepted.status, accepted.slot) == (VisitStatus.APPROVED, new)
    assert (taken(old), taken(new)) == (0, 10)
    assert accepted.calendar_sequence == 1
    assert MessageKind.INVITATION in mails(visit)
    assert seats_agree()
    with pytest.raises(MoveRefused):
        scheduling.accept(accepted, by=Actor.GUEST)


def test_nobody_accepts_their_own_proposal(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, submitted=True)
    scheduling.propose(visit, new, by=Actor.GUEST)

    with pytest.raises(MoveRefused):
        scheduling.accept(Visit.objects.get(pk=visit.pk), by=Actor.GUEST)
    assert scheduling.accept(Visit.objects.get(pk=visit.pk), by=Actor.STAFF, user=officer).status == VisitStatus.APPROVED


def test_a_refused_date_frees_its_seats_and_the_answer_is_due_anew(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, submitted=True, answer_due_at=None)
    scheduling.propose(visit, new, by=Actor.STAFF, user=officer)

    refused = scheduling.end_proposal(Visit.objects.get(pk=visit.pk), by=Actor.GUEST, reason="Kami ada sidang.")

    assert (refused.status, refused.slot) == (VisitStatus.SUBMITTED, old)
    assert refused.answer_due_at > timezone.now()
    assert (taken(old), taken(new)) == (10, 0)
    assert Proposal.objects.get().state == ProposalState.REFUSED
    assert refused.thread.get().text == "Kami ada sidang."


def test_a_scheduled_visit_stays_as_it_is_when_the_wish_lapses(programme):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, approved=True)
    proposal = scheduling.propose(visit, new, by=Actor.GUEST, message="Boleh minggu depannya?")

    assert scheduling.let_proposals_lapse(proposal.expires_at - dt.timedelta(seconds=1)) == 0
    assert scheduling.let_proposals_lapse(proposal.expires_at) == 1

    visit.refresh_from_db()
    assert (visit.status, visit.slot, visit.calendar_sequence) == (VisitStatus.APPROVED, old, 1)
    assert (taken(old), taken(new)) == (10, 0)


def test_a_move_takes_both_sessions_in_one_step_and_updates_the_calendar(programme, officer):
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

    with pytest.raises(MoveRefused) as refusal:
        scheduling.move(visit, new, user=officer, override_reason="Mendesak")

    assert refusal.value.codes == ("slot_full",)
    visit.refresh_from_db()
    assert (visit.slot, taken(old), taken(new)) == (old, 10, 55)
    assert not mails(visit)


def test_cancelling_frees_the_seats_of_an_open_proposal_too(programme, officer):
    old, new = slots_of(programme, 30, 37)
    visit = VisitFactory(slot=old, approved=True)
    scheduling.propose(visit, new, by=Actor.STAFF, user=officer)

    decisions.cancel(Visit.objects.get(pk=visit.pk), by=Actor.GUEST, reason="Anggaran berubah")

    assert (taken(old), taken(new)) == (0, 0)
    assert Proposal.objects.get().state == ProposalState.WITHDRAWN


class TestResources:
    """Rooms and speakers are taken when a visit is scheduled, and never twice."""

    def test_a_session_without_a_free_room_is_not_offered(self, programme):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == [slot]

        resources.block(room, slot.starts_at - dt.timedelta(hours=1), slot.starts_at + dt.timedelta(minutes=1), "Rapat")

        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == []

    def test_a_room_is_free_again_the_moment_the_other_visit_and_its_pause_end(self, programme):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory(buffer_minutes=30)
        NeedFactory(programme=programme, kind=room.kind)

        resources.block(room, slot.ends_at + dt.timedelta(minutes=30), slot.ends_at + dt.timedelta(hours=2), "Rapat")
        resources.block(room, slot.starts_at - dt.timedelta(hours=2), slot.starts_at, "Rapat")

        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == [slot]

    def test_a_room_that_is_too_small_or_closed_does_not_count(self, programme):
        (slot,) = slots_of(programme, 30)
        small = ResourceFactory(capacity_persons=9)
        NeedFactory(programme=programme, kind=small.kind)
        other_day = ResourceFactory(kind=small.kind)
        weekday = slot.starts_at.astimezone(VENUE_ZONE).isoweekday() % 7 + 1
        ResourceHours.objects.create(resource=other_day, weekday=weekday, start=dt.time(8), end=dt.time(16))
        ResourceFactory(kind=small.kind, active=False)

        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == []
        assert availability.bookable_slots(programme, persons=9, now=timezone.now()) == [slot]

    def test_approval_takes_the_room_and_cancelling_gives_it_back(self, programme, officer):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory(buffer_minutes=15)
        NeedFactory(programme=programme, kind=room.kind)
        visit = decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer)

        allocation = Allocation.objects.get()
        assert (allocation.resource, allocation.starts_at, allocation.ends_at) == (
            room,
            slot.starts_at,
            slot.ends_at + dt.timedelta(minutes=15),
        )

        decisions.cancel(visit, by=Actor.STAFF, user=officer, reason="Banjir")
        assert not Allocation.objects.filter(active=True).exists()

    def test_a_second_visit_needs_another_room_or_a_reason(self, programme, officer):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        first, second = VisitFactory(slot=slot, submitted=True), VisitFactory(slot=slot, submitted=True)
        decisions.approve(first, by=officer)

        with pytest.raises(MoveRefused) as refusal:
            decisions.approve(Visit.objects.get(pk=second.pk), by=officer)
        assert refusal.value.codes == ("resource_missing",)
        with pytest.raises(MoveRefused) as refusal:
            decisions.approve(Visit.objects.get(pk=second.pk), by=officer, override_reason="Aula pinjaman", chosen=[room])
        assert refusal.value.codes == ("resource_taken",)

        assert (
            decisions.approve(Visit.objects.get(pk=second.pk), by=officer, override_reason="Aula pinjaman").status == VisitStatus.APPROVED
        )
        assert resources.overlaps() == []

    def test_who_loses_the_room_is_listed_before_and_asked_for_a_new_date_after(self, programme, officer):
        slot, free = slots_of(programme, 30, 37)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        winner, loser = VisitFactory(slot=slot, submitted=True), VisitFactory(slot=slot, submitted=True)
        elsewhere = VisitFactory(slot=free, submitted=True)
        assert scheduling.displaced_by(winner, slot, [room]) == [loser]

        approved = decisions.approve(winner, by=officer)
        asked = scheduling.displace_others(approved, user=officer)

        assert asked == [loser]
        loser.refresh_from_db()
        assert (loser.status, loser.reason_code) == (VisitStatus.NEEDS_INFO, ReasonCode.NEEDS_NEW_DATE)
        assert mails(loser) == [MessageKind.NEEDS_INFO]
        assert loser.thread.get().text.count("–") >= 1, "the next free sessions are named"
        elsewhere.refresh_from_db()
        assert elsewhere.status == VisitStatus.SUBMITTED
        assert scheduling.displace_others(approved, user=officer) == [], "nobody is asked twice"

    def test_a_displaced_guest_chooses_another_date(self, programme, officer):
        slot, free = slots_of(programme, 30, 37)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        winner, loser = VisitFactory(slot=slot, submitted=True), VisitFactory(slot=slot, submitted=True)
        scheduling.displace_others(decisions.approve(winner, by=officer), user=officer)

        scheduling.propose(Visit.objects.get(pk=loser.pk), free, by=Actor.GUEST)
        moved = scheduling.accept(Visit.objects.get(pk=loser.pk), by=Actor.STAFF, user=officer)

        assert (moved.status, moved.slot) == (VisitStatus.APPROVED, free)
        assert seats_agree()

    def test_a_moved_visit_keeps_its_speaker_and_what_it_has_beyond_its_needs(self, programme, officer):
        slot, later, busy = slots_of(programme, 30, 37, 44)
        first, second = ResourceFactory(name="Narasumber A"), ResourceFactory(name="Narasumber B")
        NeedFactory(programme=programme, kind=first.kind)
        bus = ResourceFactory(name="Bus", kind=ResourceKindFactory(slug="kendaraan"))
        visit = decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer, chosen=[second, bus])

        assert resources.choose(visit, later) == [second, bus]
        resources.block(second, busy.starts_at, busy.ends_at, "Cuti")
        resources.block(bus, busy.starts_at, busy.ends_at, "Servis")
        assert resources.choose(visit, busy) == [first]

    def test_a_blocked_time_is_given_back_and_a_visit_keeps_what_it_has(self, programme, officer):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        block = resources.block(room, slot.starts_at, slot.ends_at, "Rapat")
        assert resources.unblock(block)
        decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer)

        assert not resources.unblock(Allocation.objects.get())
        assert Allocation.objects.filter(active=True).count() == 1

    def test_who_loses_is_found_in_as_many_queries_for_many_as_for_one(self, programme, django_assert_num_queries):
        (slot,) = slots_of(programme, 30, capacity=500)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        winner = VisitFactory(slot=slot, submitted=True)
        losers = [VisitFactory(slot=slot, submitted=True) for _ in range(12)]

        with django_assert_num_queries(3):
            assert scheduling.displaced_by(winner, slot, [room]) == losers

    def test_a_blocked_time_cannot_cover_a_visit(self, programme, officer):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer)

        with pytest.raises(MoveRefused):
            resources.block(room, slot.starts_at, slot.ends_at, "Cat ulang")


class TestWaitingList:
    """Strict order, at most three offers, each with a hold."""

    def request(self, programme, *, persons=10, joined=0):
        today = local_date(timezone.now())
        draft = booking.BookingDraft(
            programme=programme,
            slot=None,
            region=RegionFactory(),
            organisation="Dinas Contoh",
            organisation_kind=OrganisationKind.LOCAL_GOVERNMENT,
            group_size=persons,
            contact_name="Narahubung",
            contact_email=f"antre{joined}@contoh.invalid",
            waiting_period=(today + dt.timedelta(days=20), today + dt.timedelta(days=60)),
        )
        return booking.confirm(booking.submit(draft))

    def test_nobody_waits_while_a_session_is_free(self, programme):
        slots_of(programme, 30)

        with pytest.raises(MoveRefused):
            self.request(programme)
        assert not Visit.objects.exists()

    def test_a_request_without_a_session_has_a_reference_but_no_promised_date(self, programme):
        visit = self.request(programme)

        assert (visit.status, visit.slot, visit.answer_due_at) == (VisitStatus.SUBMITTED, None, None)
        assert visit.reference
        assert waiting_list.place_in_line(visit.waitlist_entries.get()) == 1

    def test_a_free_place_is_offered_in_order_and_held(self, programme, officer):
        (slot,) = slots_of(programme, 30, capacity=40)
        full = VisitFactory(slot=slot, group_size=40, approved=True)
        first, second = self.request(programme, persons=15, joined=1), self.request(programme, persons=20, joined=2)
        decisions.cancel(full, by=Actor.STAFF, user=officer, reason="Batal")

        assert waiting_list.offer_free_places(timezone.now()) == 2

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.status, second.status) == (VisitStatus.PROPOSED, VisitStatus.PROPOSED)
        assert taken(slot) == 35
        accepted = scheduling.accept(first, by=Actor.GUEST)
        assert (accepted.status, accepted.slot) == (VisitStatus.SUBMITTED, slot)
        assert accepted.answer_due_at
        assert not accepted.waitlist_entries.filter(is_open=True).exists()
        assert seats_agree()

    def test_who_does_not_fit_is_passed_over_and_stays_first(self, programme, officer):
        slot, later = slots_of(programme, 30, 31, capacity=40)
        VisitFactory(slot=slot, group_size=20, approved=True)
        half = VisitFactory(slot=slot, group_size=20, approved=True)
        full = VisitFactory(slot=later, group_size=40, approved=True)
        large, small = self.request(programme, persons=30, joined=1), self.request(programme, persons=10, joined=2)

        decisions.cancel(half, by=Actor.STAFF, user=officer, reason="Batal")
        waiting_list.offer_free_places(timezone.now())
        large.refresh_from_db()
        small.refresh_from_db()
        assert (large.status, small.status) == (VisitStatus.SUBMITTED, VisitStatus.PROPOSED)

        decisions.cancel(full, by=Actor.STAFF, user=officer, reason="Batal")
        waiting_list.offer_free_places(timezone.now())
        large.refresh_from_db()
        assert large.status == VisitStatus.PROPOSED

    def test_freed_seats_are_kept_from_others_until_those_who_wait_were_asked(self, programme, officer):
        (slot,) = slots_of(programme, 30, capacity=40)
        full = VisitFactory(slot=slot, group_size=40, approved=True)
        self.request(programme, persons=15)
        decisions.cancel(full, by=Actor.STAFF, user=officer, reason="Batal")

        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == []

        waiting_list.offer_free_places(timezone.now())
        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == [VisitSlot.objects.get(pk=slot.pk)]

    def test_after_three_offers_the_wait_is_over_and_staff_answer(self, programme, officer):
        slots = slots_of(programme, 30, 31, 32, 33, capacity=40)
        blockers = [VisitFactory(slot=slot, group_size=40, approved=True) for slot in slots]
        visit = self.request(programme)
        now = timezone.now()
        for blocker in blockers:
            decisions.cancel(blocker, by=Actor.STAFF, user=officer, reason="Batal")
        for _round in range(3):
            assert waiting_list.offer_free_places(now) == 1
            now = visit.proposals.first().expires_at
            assert scheduling.let_proposals_lapse(now) == 1
        assert waiting_list.offer_free_places(now) == 0

        visit.refresh_from_db()
        entry = WaitlistEntry.objects.get()
        assert (entry.notices_sent, entry.is_open) == (3, False)
        assert visit.status == VisitStatus.SUBMITTED
        assert visit.answer_due_at
        assert visit.proposals.values("slot").distinct().count() == 3, "no session is offered twice"

    def test_the_database_refuses_a_fourth_offer(self, programme):
        visit = self.request(programme)
        with pytest.raises(IntegrityError), transaction.atomic():
            WaitlistEntry.objects.filter(visit=visit).update(notices_sent=4)


def test_a_promised_letter_is_reminded_of_once_and_blocks_the_approval(officer):
    programme = ProgrammeFactory()
    (slot,) = slots_of(programme, 40)
    draft = booking.BookingDraft(
        programme=programme,
        slot=slot,
        region=RegionFactory(),
        organisation="Dinas Contoh",
        organisation_kind=OrganisationKind.LOCAL_GOVERNMENT,
        group_size=10,
        contact_name="Narahubung",
        contact_email="surat@contoh.invalid",
        letter_follows=True,
    )
    visit = booking.confirm(booking.submit(draft))
    assert visit.letter_due_on > local_date(timezone.now())
    with pytest.raises(MoveRefused) as refusal:
        decisions.approve(visit, by=officer)
    assert refusal.value.codes == ("letter_missing",)

    with time_machine.travel(dt.datetime.combine(visit.letter_due_on + dt.timedelta(days=1), dt.time(9), VENUE_ZONE), tick=False):
        assert reminders.send_due(timezone.now()) == 1
        assert reminders.send_due(timezone.now()) == 0


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
def test_whatever_happens_the_seats_agree_and_no_room_is_taken_twice(moves):
    """Any order of moves by anybody: sessions count what is held, and allocations of a room never overlap."""
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
                "lapse": lambda: scheduling.let_proposals_lapse(timezone.now() + dt.timedelta(days=20)),
            }[what]
            try:
                with transaction.atomic():
                    act()
            except MoveRefused:
                pass
            assert seats_agree()
            assert resources.overlaps() == []
            for scheduled in Visit.objects.filter(status=VisitStatus.APPROVED):
                assert scheduled.allocations.filter(active=True, starts_at=scheduled.slot.starts_at).count() == 1
        transaction.set_rollback(True)
