"""Officers drag visits in the calendar at the same time: nothing is booked twice, and the losers are told why."""

from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories import NeedFactory, ProgrammeFactory, ResourceFactory, SlotFactory, UserFactory, VisitFactory
from visits.domain import resources, rule_checks
from visits.domain.calendar_days import VENUE_ZONE
from visits.enums import VisitStatus
from visits.models import Allocation, Resource, Visit, VisitSlot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scale_out]


@pytest.fixture
def programme(transactional_db):
    programme = ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40)
    NeedFactory(programme=programme, kind=ResourceFactory().kind)
    return programme


def drop(username: str, visit: int, revision: int, starts_at: str) -> tuple[int, str]:
    """Send what the browser sends when a visit is dropped; returns the HTTP status and the reason of a refusal."""
    browser = Client()
    assert browser.login(username=username, password="kata-sandi-uji")
    answer = browser.post(reverse("visits_planner:drop", args=[visit]), {"revision": revision, "starts_at": starts_at})
    return answer.status_code, answer.json().get("error", "")


def drops(*pairs: tuple[Visit, VisitSlot]):
    """One drop for each visit, each by a different officer."""
    return [
        partial(drop, UserFactory(admin=True).username, visit.pk, visit.revision, slot.starts_at.astimezone(VENUE_ZONE).isoformat())
        for visit, slot in pairs
    ]


@pytest.fixture
def one_room(programme):
    """Four scheduled visits of different days, all dropped on one session that has one room."""
    target = SlotFactory(programme=programme, days_ahead=50)
    visits = [VisitFactory(slot=SlotFactory(programme=programme, days_ahead=35 + day), approved=True, group_size=10) for day in range(4)]
    return drops(*((visit, target) for visit in visits))


def test_one_of_four_visits_gets_the_room(one_room, run_together):
    outcomes = run_together(*one_room)

    assert sorted(status for status, _why in outcomes) == [200, 409, 409, 409]
    assert all(why for status, why in outcomes if status == 409)
    assert resources.overlaps() == []
    assert Allocation.objects.filter(active=True).count() == 1
    assert VisitSlot.objects.order_by("starts_at").last().used_persons == 10


def test_one_visit_dropped_by_two_officers_moves_once(programme, run_together):
    visit = VisitFactory(slot=SlotFactory(programme=programme), approved=True)
    here, there = SlotFactory(programme=programme, days_ahead=40), SlotFactory(programme=programme, days_ahead=41)

    outcomes = run_together(*drops((visit, here), (visit, there)))

    assert sorted(status for status, _why in outcomes) == [200, 409]
    visit.refresh_from_db()
    assert visit.status == VisitStatus.APPROVED
    assert {slot.used_persons for slot in VisitSlot.objects.exclude(pk=visit.slot_id)} == {0}


def skip_room_checks(replace):
    """Control: do not check whether the room is taken."""
    replace(resources, "choose", lambda visit, slot: list(Resource.objects.all()))
    replace(resources, "overlapping", lambda allocation: Allocation.objects.none())
    replace(rule_checks, "violations", lambda *arguments, **options: [])


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL refuses such rows itself")
def test_without_checks_one_room_is_booked_twice(one_room, run_together):
    run_together(*one_room, sabotage=skip_room_checks)

    assert resources.overlaps()
