"""The command check_capacity finds counters that differ from the held seats, and repairs them with --repair."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import translation
from wagtail.models import ModelLogEntry

from tests.factories import ResourceFactory, SlotFactory, VisitFactory
from visits.domain import lifecycle, scheduling, seats
from visits.domain.errors import Refused
from visits.enums import Actor, VisitStatus
from visits.models import Allocation, VisitSlot

pytestmark = [pytest.mark.django_db, pytest.mark.scale_out]


@pytest.fixture
def visit():
    """A visit of ten people in a session."""
    return VisitFactory(submitted=True, group_size=10)


def add_seats(slot: VisitSlot, seats: int) -> None:
    VisitSlot.objects.filter(pk=slot.pk).update(used_persons=F("used_persons") + seats)


def test_consistent_counters_are_reported(visit, capsys):
    scheduling.propose(visit, SlotFactory(programme=visit.programme, days_ahead=36), by=Actor.STAFF, override_reason="uji")

    call_command("check_capacity")

    assert capsys.readouterr().out == "The books agree.\n"


@pytest.mark.parametrize("seats", [-3, 5])
def test_a_drift_is_reported_but_not_repaired(visit, capsys, seats):
    add_seats(visit.slot, seats)

    with pytest.raises(CommandError, match="1 things do not add up"):
        call_command("check_capacity")

    assert f"{10 + seats} seats counted, 10 held" in capsys.readouterr().out
    assert VisitSlot.objects.get().used_persons == 10 + seats


def test_wrong_visit_counts_are_repaired(visit, capsys):
    VisitSlot.objects.update(used_visits=3)

    with pytest.raises(CommandError, match="1 things do not add up"):
        call_command("check_capacity")
    assert "10 seats counted, 10 held; 3 visits counted, 1 held" in capsys.readouterr().out
    call_command("check_capacity", repair=True)

    assert VisitSlot.objects.get().used_visits == 1
    assert "1" in ModelLogEntry.objects.get(action="visits.capacity_repaired").message


def test_expiring_after_the_session_keeps_counters_consistent(visit):
    VisitSlot.objects.update(starts_at=F("starts_at") - dt.timedelta(days=60), ends_at=F("ends_at") - dt.timedelta(days=60))

    lifecycle.transition(visit, VisitStatus.EXPIRED, by=Actor.CLOCK)

    assert seats.drifts() == []


def test_a_drift_without_visits_is_reported(capsys):
    add_seats(SlotFactory(), 4)

    with pytest.raises(CommandError):
        call_command("check_capacity")

    assert "4 seats counted, 0 held" in capsys.readouterr().out


def test_a_repair_is_logged(visit, capsys):
    add_seats(visit.slot, 5)

    call_command("check_capacity", repair=True)

    assert VisitSlot.objects.get().used_persons == 10
    entry = ModelLogEntry.objects.get(action="visits.capacity_repaired")
    assert entry.data == {"before": 15, "after": 10, "visits_before": 1, "visits_after": 1}
    assert "15" in entry.message
    assert seats.drifts() == []


def test_overbooked_sessions_are_not_repaired(visit):
    VisitSlot.objects.update(used_persons=0, capacity_persons=8)

    with translation.override("en"), pytest.raises(Refused, match="Move a visit"):
        seats.repair(visit.slot)
    with pytest.raises(CommandError):
        call_command("check_capacity", repair=True)

    assert VisitSlot.objects.get().used_persons == 0


def test_a_consistent_session_is_not_repaired(visit):
    assert seats.repair(visit.slot) is False
    assert not ModelLogEntry.objects.filter(action="visits.capacity_repaired").exists()


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL refuses such rows itself")
def test_a_double_booked_room_is_reported(visit, capsys):
    room = ResourceFactory()
    for _ in range(2):
        Allocation.objects.create(resource=room, visit=visit, starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at)

    with pytest.raises(CommandError):
        call_command("check_capacity")

    assert "take the same resource at the same time" in capsys.readouterr().out


@pytest.mark.parametrize("count", [1, 8])
def test_checking_needs_one_query(count, django_assert_num_queries):
    for slot in SlotFactory.create_batch(count):
        VisitFactory(slot=slot)
        add_seats(slot, 1)

    with django_assert_num_queries(1):
        assert len(seats.drifts()) == count
