"""The guest changes the size of the group: seats, rules, staff's consent, and what staff see of it."""

import pytest
from django.urls import reverse

from tests.factories import DelegateFactory, NeedFactory, ProgrammeFactory, ResourceFactory, SlotFactory, UserFactory, VisitFactory
from visits.domain import decisions, headcount, scheduling, tokens
from visits.domain.errors import Refused
from visits.domain.place import place_of
from visits.enums import Actor, MessageKind, ProposalState
from visits.models import SeatRequest, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40, max_persons=40, capacity_persons=60)


@pytest.fixture
def visit(programme):
    return VisitFactory(slot__programme=programme, approved=True, group_size=10)


def page_of(visit, name="people"):
    return reverse(f"visits:{name}", args=[tokens.token_for(visit, tokens.STATUS)])


def now(visit):
    """The visit and its session as they stand."""
    return Visit.objects.select_related("slot", "programme", "region").get(pk=visit.pk)


class TestFewer:
    @pytest.mark.parametrize("state", ["approved", "submitted"])
    def test_seats_are_given_back_at_once(self, client, programme, state):
        visit = VisitFactory(slot__programme=programme, group_size=10, **{state: True})
        for _click in range(2):
            assert client.post(page_of(visit), {"group_size": "6"}).status_code == 302
        found = now(visit)
        assert (found.group_size, found.seats_held, found.slot.used_persons, found.slot.used_visits) == (6, 6, 6, 1)

    def test_never_fewer_than_are_named(self, client, visit):
        DelegateFactory.create_batch(4, visit=visit)
        answer = client.post(page_of(visit), {"group_size": "3"})
        assert answer.status_code == 409
        assert now(visit).group_size == 10
        client.post(page_of(visit), {"group_size": "4"})
        assert now(visit).group_size == 4

    def test_a_proposed_date_gives_back_too(self, visit, programme):
        other = SlotFactory(programme=programme, days_ahead=40)
        scheduling.propose(visit, other, by=Actor.GUEST)
        headcount.change(now(visit), 6)
        other.refresh_from_db()
        assert (other.used_persons, now(visit).slot.used_persons) == (6, 6)

    @pytest.mark.parametrize("typed", ["0", "-3", "x", "", "99999999999"])
    def test_nonsense_is_answered_with_a_sentence(self, client, visit, typed):
        answer = client.post(page_of(visit), {"group_size": typed})
        assert answer.status_code == 422
        assert answer.context["form"].errors["group_size"]


class TestMoreBeforeTheDecision:
    def test_seats_are_taken_at_once(self, client, programme):
        visit = VisitFactory(slot__programme=programme, submitted=True, group_size=10)
        client.post(page_of(visit), {"group_size": "25"})
        found = now(visit)
        assert (found.group_size, found.seats_held, found.slot.used_persons) == (25, 25, 25)
        assert not SeatRequest.objects.exists()

    def test_rules_are_checked(self, client, programme):
        visit = VisitFactory(slot__programme=programme, submitted=True, group_size=10)
        assert client.post(page_of(visit), {"group_size": "41"}).status_code == 409
        VisitFactory(slot=visit.slot, approved=True, group_size=40)
        assert client.post(page_of(visit), {"group_size": "25"}).status_code == 409
        assert now(visit).seats_held == 10


class TestMoreAfterTheDecision:
    def test_staff_accept(self, client, visit):
        for _click in range(2):
            client.post(page_of(visit), {"group_size": "20", "message": "Sepuluh orang lagi."})
        assert (now(visit).group_size, SeatRequest.objects.get().state) == (10, ProposalState.OPEN)
        assert "20" in client.get(page_of(visit, "status")).content.decode()
        headcount.grant(now(visit), by=UserFactory(), group_size=20, message="Silakan.")
        found = now(visit)
        assert (found.group_size, found.seats_held, found.slot.used_persons) == (20, 20, 20)
        assert found.messages.get(kind=MessageKind.SEATS_GRANTED).note == "Silakan."
        assert SeatRequest.objects.get().state == ProposalState.ACCEPTED
        with pytest.raises(Refused):
            headcount.grant(now(visit), by=None, group_size=20)

    def test_staff_refuse(self, visit):
        headcount.change(visit, 20)
        headcount.refuse(now(visit), by=UserFactory(), reason="Ruang penuh.")
        assert (now(visit).group_size, SeatRequest.objects.get().state) == (10, ProposalState.REFUSED)
        assert now(visit).messages.filter(kind=MessageKind.SEATS_REFUSED, note="Ruang penuh.").exists()

    def test_rules_hold_unless_overridden(self, visit):
        headcount.change(visit, 45)
        with pytest.raises(Refused) as refusal:
            headcount.grant(now(visit), by=None, group_size=45)
        assert refusal.value.codes == ("group_too_large",)
        assert headcount.grant(now(visit), by=None, group_size=45, override_reason="Pimpinan memutuskan").group_size == 45

    def test_no_reason_makes_seats(self, visit):
        headcount.change(visit, 61)
        with pytest.raises(Refused):
            headcount.grant(now(visit), by=None, group_size=61, override_reason="Pimpinan memutuskan")
        assert (now(visit).group_size, SeatRequest.objects.get().state) == (10, ProposalState.OPEN)

    def test_a_room_that_is_too_small_is_changed(self, programme):
        small = ResourceFactory(name="Ruang Kecil", capacity_persons=12)
        NeedFactory(programme=programme, kind=small.kind)
        ResourceFactory(name="Ruang Besar", capacity_persons=50)
        visit = decisions.approve(VisitFactory(slot__programme=programme, submitted=True, group_size=10), by=None)
        headcount.change(visit, 20)
        granted = headcount.grant(now(visit), by=None, group_size=20)
        assert place_of(granted).name == "Ruang Besar"
        assert granted.calendar_sequence == visit.calendar_sequence + 1

    def test_the_latest_number_counts(self, visit):
        headcount.change(visit, 20)
        headcount.change(now(visit), 25)
        assert list(SeatRequest.objects.order_by("pk").values_list("group_size", "state")) == [(20, "withdrawn"), (25, "open")]
        with pytest.raises(Refused):
            headcount.grant(now(visit), by=None, group_size=20)
        headcount.change(now(visit), 10)
        assert not SeatRequest.objects.filter(state=ProposalState.OPEN).exists()

    def test_a_cancelled_visit_asks_for_nothing(self, visit):
        headcount.change(visit, 20)
        decisions.cancel(now(visit), by=Actor.GUEST, reason="Batal")
        assert SeatRequest.objects.get().state == ProposalState.WITHDRAWN
        with pytest.raises(Refused):
            headcount.change(now(visit), 5)


def test_fewer_given_back_by_two_pages_at_once_count_once(visit):
    first, second = now(visit), now(visit)
    headcount.change(first, 6)
    with pytest.raises(Refused):
        headcount.change(second, 4)
    assert (now(visit).seats_held, now(visit).slot.used_persons) == (6, 6)
