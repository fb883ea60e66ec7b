"""Processes book, confirm, decide, cancel and release holds at random and in parallel: no overbooking, no lost request."""

from collections import Counter

import pytest
from django.db import connection

from tests.concurrency import hammering
from tests.factories import NeedFactory, ProgrammeFactory, RegionFactory, ResourceFactory, ResourceKindFactory, SlotFactory
from tests.processes import Worker
from visits.domain import resources
from visits.enums import FREES_SEATS, VisitStatus
from visits.models import NumberSequence, OutboundMessage, Visit, VisitSlot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scale_out]

PROCESSES = 4
TIMES = 50
ROUNDS = 6
"""Actions are random: after this many rounds even the rarest must have happened."""

EVERYTHING = {"submit", "confirm", "approve", "decline", "cancel", "lapse", "move", "propose", "answer", "submit refused"}
"""Actions that must have happened, among them a refused booking."""


@pytest.fixture
def sessions(transactional_db) -> list[VisitSlot]:
    """Three sessions of sixty seats with three rooms, and a region for the guests."""
    RegionFactory()
    programme = ProgrammeFactory(letter_required=False, max_per_day=999, max_per_week=999)
    kind = ResourceKindFactory()
    NeedFactory(programme=programme, kind=kind, quantity=1)
    ResourceFactory.create_batch(3, kind=kind)
    return [SlotFactory(programme=programme, days_ahead=days) for days in (35, 36, 37)]


def hammer(sabotage=None, *, first_seed: int = 0) -> tuple[set[int], list[str], Counter]:
    """Run the processes; returns the keys of acknowledged requests, tracebacks of errors, and the count of each action."""
    workers = [Worker(hammering.act, first_seed + number, TIMES, sabotage) for number in range(PROCESSES)]
    try:
        for worker in workers:
            assert worker.pipe.recv() == ("ready", None)
        for worker in workers:
            worker.pipe.send("go")
        submitted, troubles, counts = set(), [], Counter()
        for worker in workers:
            while (message := worker.pipe.recv())[0] != "done":
                if message[0] == "submitted":
                    submitted.add(message[1])
                else:
                    troubles.append(message[1])
            counts.update(message[1])
        return submitted, troubles, counts
    finally:
        for worker in workers:
            worker.close()


def session_contradictions(slot) -> list[str]:
    """Differences between a session's counters, the seats that visits and proposals hold, and its capacity."""
    found = []
    held = [persons for holders in (slot.visits, slot.proposals) for persons in holders.values_list("seats_held", flat=True) if persons]
    if slot.used_persons != sum(held):
        found.append(f"{slot.used_persons} seats are taken, visits and proposals hold {sum(held)}")
    if slot.used_visits != len(held):
        found.append(f"{slot.used_visits} visits are counted, {len(held)} hold seats")
    if slot.used_persons > slot.capacity_persons:
        found.append(f"{slot.used_persons} of {slot.capacity_persons} seats are taken")
    return found


def contradictions() -> list[str]:
    """Everything that is inconsistent in the database."""
    found = [what for slot in VisitSlot.objects.all() for what in session_contradictions(slot)]
    if Visit.objects.filter(status__in=FREES_SEATS, seats_held__gt=0).exists():
        found.append("a visit that does not take place holds seats")
    if Visit.objects.filter(status=VisitStatus.APPROVED, seats_held=0).exists():
        found.append("an approved visit holds no seats")
    numbers = sorted(int(reference[-4:]) for reference in Visit.objects.exclude(reference=None).values_list("reference", flat=True))
    last = NumberSequence.objects.filter(key="visit").values_list("last_number", flat=True).first() or 0
    if numbers != list(range(1, last + 1)):
        found.append(f"references have gaps or doubles: {numbers}, last {last}")
    if overlapping := resources.overlaps():
        found.append(f"two visits have the same room at the same time: {overlapping}")
    if short := [
        visit.pk for visit in Visit.objects.filter(status=VisitStatus.APPROVED) if not visit.allocations.filter(active=True).exists()
    ]:
        found.append(f"approved visits without their room: {short}")
    unannounced = Visit.objects.exclude(messages__isnull=False)
    if unannounced.exists():
        found.append(f"{unannounced.count()} guests never got a mail")
    return found


@pytest.mark.long
def test_random_parallel_actions_keep_counters_consistent(sessions):
    submitted: set[int] = set()
    counts: Counter = Counter()
    for number in range(ROUNDS):
        sent, troubles, done = hammer(first_seed=number * PROCESSES)
        submitted |= sent
        counts += done

        assert not troubles, troubles[0]
        assert not contradictions()
        assert submitted == set(Visit.objects.values_list("pk", flat=True))
        assert OutboundMessage.objects.count() >= len(submitted)
        if counts.keys() >= EVERYTHING:
            return
    pytest.fail(f"after {ROUNDS} rounds never: {sorted(EVERYTHING - counts.keys())}; {counts}")


def test_seats_taken_without_check_are_noticed(sessions):
    _submitted, troubles, _counts = hammer(hammering.without_capacity_check)

    assert troubles or contradictions()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer: what it has read stays true until it has written")
def test_seats_released_without_lock_are_noticed(sessions):
    _submitted, troubles, _counts = hammer(hammering.releasing_without_lock)

    assert troubles or contradictions()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases have many writers")
def test_deferred_transactions_fail_with_a_locked_database(sessions):
    _submitted, troubles, _counts = hammer(hammering.deferred_transactions)

    assert any("database is locked" in trouble for trouble in troubles)
