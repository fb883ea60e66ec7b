"""The lifecycle of a visit: only moves of the table, never twice; seats are freed when it does not take place."""

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from wagtail.models import ModelLogEntry

from tests.factories import UserFactory, VisitFactory
from visits.domain import lifecycle
from visits.domain.errors import Refused
from visits.enums import ALLOWED_MOVES, FINISHED, FREES_SEATS, Actor, VisitStatus
from visits.models import Visit, VisitSlot

pytestmark = pytest.mark.django_db


def test_finished_states_have_no_moves():
    assert set(ALLOWED_MOVES) == set(VisitStatus)
    assert {status for status, moves in ALLOWED_MOVES.items() if not moves} == FINISHED


def test_a_move_outside_the_table_is_refused():
    visit = VisitFactory(submitted=True)

    with pytest.raises(Refused) as refusal:
        lifecycle.transition(visit, VisitStatus.COMPLETED, by=Actor.STAFF)

    assert str(refusal.value)
    visit.refresh_from_db()
    assert visit.status == VisitStatus.SUBMITTED


def test_a_guest_cannot_approve():
    with pytest.raises(Refused):
        lifecycle.transition(VisitFactory(submitted=True), VisitStatus.APPROVED, by=Actor.GUEST)


def test_declining_needs_a_reason():
    with pytest.raises(Refused):
        lifecycle.transition(VisitFactory(submitted=True), VisitStatus.DECLINED, by=Actor.STAFF, reason="  ")


def test_a_decision_on_outdated_data_is_refused():
    visit = VisitFactory(submitted=True)
    seen_by_both = Visit.objects.get(pk=visit.pk)
    lifecycle.transition(visit, VisitStatus.APPROVED, by=Actor.STAFF)

    with pytest.raises(Refused):
        lifecycle.transition(seen_by_both, VisitStatus.DECLINED, by=Actor.STAFF, reason="Ruang tidak tersedia")


@pytest.mark.parametrize(("to", "by"), [(VisitStatus.DECLINED, Actor.STAFF), (VisitStatus.CANCELLED_BY_GUEST, Actor.GUEST)])
def test_declining_or_cancelling_frees_seats(to, by):
    visit = VisitFactory(submitted=True, group_size=12)

    lifecycle.transition(visit, to, by=by, reason="Alasan")

    assert VisitSlot.objects.get(pk=visit.slot_id).used_persons == 0


def test_every_move_is_logged_with_its_user():
    officer = UserFactory()
    visit = VisitFactory(submitted=True)

    lifecycle.transition(visit, VisitStatus.APPROVED, by=Actor.STAFF, user=officer)

    entry = ModelLogEntry.objects.for_instance(visit).get(action="visits.move")
    assert entry.user == officer
    assert entry.data["from"] == "submitted"
    assert entry.data["to"] == "approved"


class RandomMovesTest(TestCase):
    """Any sequence of moves obeys the table and keeps the slot's counter right."""

    @settings(max_examples=40, deadline=None)
    @given(moves=st.lists(st.tuples(st.sampled_from(list(VisitStatus)), st.sampled_from(list(Actor))), max_size=12))
    def test_seats_used_equal_seats_held(self, moves):
        visit = VisitFactory(status=VisitStatus.UNVERIFIED, group_size=15)
        for to, by in moves:
            before = visit.status
            try:
                visit = lifecycle.transition(visit, to, by=by, reason="Alasan")
            except Refused:
                assert by not in ALLOWED_MOVES[VisitStatus(before)].get(to, frozenset())
                continue
            assert by in ALLOWED_MOVES[VisitStatus(before)][to]
            slot = VisitSlot.objects.get(pk=visit.slot_id)
            assert slot.used_persons == visit.seats_held
            if visit.status in FREES_SEATS:
                assert slot.used_persons == 0
        assert visit.slot.starts_at > timezone.now()
