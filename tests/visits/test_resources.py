"""Rooms and speakers are allocated on approval, never twice; displaced visits are asked for a new date."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories import (
    NeedFactory,
    ResourceFactory,
    ResourceKindFactory,
    VisitFactory,
)
from tests.visits.sessions import mails, seats_agree, slots_of
from visits.domain import availability, decisions, displacement, resources, scheduling
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.errors import Refused
from visits.enums import Actor, MessageKind, ReasonCode, VisitStatus
from visits.models import Allocation, ResourceHours, Visit

pytestmark = pytest.mark.django_db


class TestResources:
    """Allocation, release, blocking and displacement."""

    def test_a_session_without_a_free_room_is_not_offered(self, programme):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == [slot]

        resources.block(room, slot.starts_at - dt.timedelta(hours=1), slot.starts_at + dt.timedelta(minutes=1), "Rapat")

        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == []

    def test_a_room_is_free_after_its_pause(self, programme):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory(buffer_minutes=30)
        NeedFactory(programme=programme, kind=room.kind)

        resources.block(room, slot.ends_at + dt.timedelta(minutes=30), slot.ends_at + dt.timedelta(hours=2), "Rapat")
        resources.block(room, slot.starts_at - dt.timedelta(hours=2), slot.starts_at, "Rapat")

        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == [slot]

    def test_small_or_closed_rooms_are_not_used(self, programme):
        (slot,) = slots_of(programme, 30)
        small = ResourceFactory(capacity_persons=9)
        NeedFactory(programme=programme, kind=small.kind)
        other_day = ResourceFactory(kind=small.kind)
        weekday = slot.starts_at.astimezone(VENUE_ZONE).isoweekday() % 7 + 1
        ResourceHours.objects.create(resource=other_day, weekday=weekday, start=dt.time(8), end=dt.time(16))
        ResourceFactory(kind=small.kind, active=False)

        assert availability.bookable_slots(programme, persons=10, now=timezone.now()) == []
        assert availability.bookable_slots(programme, persons=9, now=timezone.now()) == [slot]

    def test_approval_takes_and_cancelling_releases_the_room(self, programme, officer):
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

    def test_a_second_visit_needs_room_or_reason(self, programme, officer):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        first, second = VisitFactory(slot=slot, submitted=True), VisitFactory(slot=slot, submitted=True)
        decisions.approve(first, by=officer)

        with pytest.raises(Refused) as refusal:
            decisions.approve(Visit.objects.get(pk=second.pk), by=officer)
        assert refusal.value.codes == ("resource_missing",)
        with pytest.raises(Refused) as refusal:
            decisions.approve(Visit.objects.get(pk=second.pk), by=officer, override_reason="Aula pinjaman", chosen=[room])
        assert refusal.value.codes == ("resource_taken",)

        assert (
            decisions.approve(Visit.objects.get(pk=second.pk), by=officer, override_reason="Aula pinjaman").status == VisitStatus.APPROVED
        )
        assert resources.overlaps() == []

    def test_displaced_visits_are_listed_and_asked(self, programme, officer):
        slot, free = slots_of(programme, 30, 37)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        winner, loser = VisitFactory(slot=slot, submitted=True), VisitFactory(slot=slot, submitted=True)
        elsewhere = VisitFactory(slot=free, submitted=True)
        assert displacement.displaced_by(winner, slot, [room]) == [loser]

        approved = decisions.approve(winner, by=officer)
        asked = displacement.displace_others(approved, user=officer)

        assert asked == [loser]
        loser.refresh_from_db()
        assert (loser.status, loser.reason_code) == (VisitStatus.NEEDS_INFO, ReasonCode.NEEDS_NEW_DATE)
        assert mails(loser) == [MessageKind.NEEDS_INFO]
        assert loser.thread.get().text.count("–") >= 1, "the next free sessions are named"
        elsewhere.refresh_from_db()
        assert elsewhere.status == VisitStatus.SUBMITTED
        assert displacement.displace_others(approved, user=officer) == [], "nobody is asked twice"

    def test_a_displaced_guest_chooses_another_date(self, programme, officer):
        slot, free = slots_of(programme, 30, 37)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        winner, loser = VisitFactory(slot=slot, submitted=True), VisitFactory(slot=slot, submitted=True)
        displacement.displace_others(decisions.approve(winner, by=officer), user=officer)

        scheduling.propose(Visit.objects.get(pk=loser.pk), free, by=Actor.GUEST)
        moved = scheduling.accept(Visit.objects.get(pk=loser.pk), by=Actor.STAFF, user=officer)

        assert (moved.status, moved.slot) == (VisitStatus.APPROVED, free)
        assert seats_agree()

    def test_a_moved_visit_keeps_its_resources(self, programme, officer):
        slot, later, busy = slots_of(programme, 30, 37, 44)
        first, second = ResourceFactory(name="Narasumber A"), ResourceFactory(name="Narasumber B")
        NeedFactory(programme=programme, kind=first.kind)
        bus = ResourceFactory(name="Bus", kind=ResourceKindFactory(slug="kendaraan"))
        visit = decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer, chosen=[second, bus])

        assert resources.choose(visit, later) == [second, bus]
        resources.block(second, busy.starts_at, busy.ends_at, "Cuti")
        resources.block(bus, busy.starts_at, busy.ends_at, "Servis")
        assert resources.choose(visit, busy) == [first]

    def test_unblocking_releases_blocked_times_only(self, programme, officer):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        block = resources.block(room, slot.starts_at, slot.ends_at, "Rapat")
        assert resources.unblock(block)
        decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer)

        assert not resources.unblock(Allocation.objects.get())
        assert Allocation.objects.filter(active=True).count() == 1

    def test_finding_displaced_visits_needs_three_queries(self, programme, django_assert_num_queries):
        (slot,) = slots_of(programme, 30, capacity=500)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        winner = VisitFactory(slot=slot, submitted=True)
        losers = [VisitFactory(slot=slot, submitted=True) for _ in range(12)]

        with django_assert_num_queries(3):
            assert displacement.displaced_by(winner, slot, [room]) == losers

    def test_a_blocked_time_cannot_cover_a_visit(self, programme, officer):
        (slot,) = slots_of(programme, 30)
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer)

        with pytest.raises(Refused):
            resources.block(room, slot.starts_at, slot.ends_at, "Cat ulang")
