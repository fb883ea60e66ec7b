"""The waiting list: offers in strict order, at most three, and offered seats are reserved."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import NeedFactory, RegionFactory, ResourceFactory, VisitFactory
from tests.visits.sessions import seats_agree, slots_of, taken
from visits.domain import availability, booking, decisions, resources, rules, scheduling, waiting_list
from visits.domain.calendar_days import local_date
from visits.domain.errors import Refused
from visits.enums import Actor, OrganisationKind, VisitStatus
from visits.models import Visit, VisitSlot, WaitlistEntry
from visits.queries.sessions import month_of_sessions

pytestmark = pytest.mark.django_db


class TestWaitingList:
    """Offers are made in strict order, at most three times, and hold seats."""

    def request(self, programme, *, persons=10, joined=0):
        today = local_date(timezone.now())
        draft = booking.BookingDraft(
            programme=programme,
            slot=None,
            region=RegionFactory(),
            group_size=persons,
            details={
                "organisation": "Dinas Contoh",
                "organisation_kind": OrganisationKind.LOCAL_GOVERNMENT,
                "contact_name": "Narahubung",
                "contact_email": f"antre{joined}@contoh.invalid",
            },
            waiting_period=(today + dt.timedelta(days=20), today + dt.timedelta(days=60)),
        )
        return booking.confirm(booking.submit(draft))

    def test_waiting_is_refused_while_sessions_are_free(self, programme):
        slots_of(programme, 30)

        with pytest.raises(Refused):
            self.request(programme)
        assert not Visit.objects.exists()

    def test_a_waiting_request_has_no_answer_date(self, programme):
        visit = self.request(programme)

        assert (visit.status, visit.slot, visit.answer_due_at) == (VisitStatus.SUBMITTED, None, None)
        assert visit.reference
        assert waiting_list.position(visit.waitlist_entries.get()) == 1

    def test_free_places_are_offered_in_order(self, programme, officer):
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

    def test_a_group_that_is_too_large_stays_first(self, programme, officer):
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

    def test_freed_seats_are_reserved_for_the_waiting_list(self, programme, officer):
        (slot,) = slots_of(programme, 30, capacity=40)
        full = VisitFactory(slot=slot, group_size=40, approved=True)
        self.request(programme, persons=15)
        decisions.cancel(full, by=Actor.STAFF, user=officer, reason="Batal")

        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == []

        waiting_list.offer_free_places(timezone.now())
        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == [VisitSlot.objects.get(pk=slot.pk)]

    def test_waiting_groups_without_a_room_reserve_nothing(self, programme, officer):
        (slot,) = slots_of(programme, 30, capacity=60)
        full = VisitFactory(slot=slot, group_size=60, approved=True)
        small, large = ResourceFactory(capacity_persons=20), ResourceFactory(capacity_persons=60)
        NeedFactory(programme=programme, kind=small.kind)
        self.request(programme, persons=35)
        decisions.cancel(full, by=Actor.STAFF, user=officer, reason="Batal")
        now = timezone.now()
        assert availability.bookable_slots(programme, persons=10, now=now) == [], "the large room is kept for the large group"

        resources.block(large, slot.starts_at, slot.ends_at, "Cat ulang")

        slot = VisitSlot.objects.select_related("programme").get(pk=slot.pk)
        assert availability.bookable_slots(programme, persons=10, now=now) == [slot]
        assert rules.check(rules.Request(programme, slot, 10, now)) == []
        month = month_of_sessions(programme, persons=10, now=now, month=local_date(slot.starts_at))
        assert [choice.note for day in month.days for choice in day.sessions] == [""]
        assert waiting_list.offer_free_places(now) == 0

    def test_a_refused_place_is_free_for_others(self, programme, officer):
        (slot,) = slots_of(programme, 30, capacity=40)
        full = VisitFactory(slot=slot, group_size=40, approved=True)
        visit = self.request(programme, persons=15)
        decisions.cancel(full, by=Actor.STAFF, user=officer, reason="Batal")
        waiting_list.offer_free_places(timezone.now())

        visit.refresh_from_db()
        scheduling.end_proposal(visit, by=Actor.GUEST)

        assert waiting_list.offer_free_places(timezone.now()) == 0
        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == [VisitSlot.objects.get(pk=slot.pk)]
        assert (
            rules.waiting_guests_come_first.check(rules.Request(programme, VisitSlot.objects.get(pk=slot.pk), 10, timezone.now())) is None
        )

    def test_waiting_ends_after_three_offers(self, programme, officer):
        slots = slots_of(programme, 30, 31, 32, 33, capacity=40)
        blockers = [VisitFactory(slot=slot, group_size=40, approved=True) for slot in slots]
        visit = self.request(programme)
        now = timezone.now()
        for blocker in blockers:
            decisions.cancel(blocker, by=Actor.STAFF, user=officer, reason="Batal")
        for _round in range(3):
            assert waiting_list.offer_free_places(now) == 1
            now = visit.proposals.first().expires_at
            assert scheduling.expire_proposals(now) == 1
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
