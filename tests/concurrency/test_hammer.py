"""Processes that book, confirm, decide, cancel and let holds lapse at random, all at once: never a seat too many, nothing lost."""

from collections import Counter

import pytest
from django.db import connection

from tests.concurrency import hammering
from tests.factories import NeedFactory, ProgrammeFactory, RegionFactory, ResourceFactory, ResourceKindFactory, SlotFactory
from tests.processes import Worker
from visits.domain import resources
from visits.enums import FREES_SEATS, VisitStatus
from visits.models import NumberSequence, OutboundMessage, Visit, VisitSlot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

PROCESSES = 4
TIMES = 50
ROUNDS = 6
"""Dice decide what happens: after so many rounds even the rarest has, or something is wrong."""

EVERYTHING = {"submit", "confirm", "approve", "decline", "cancel", "lapse", "move", "propose", "answer", "submit refused"}
"""Each happened, and somebody was told that it was too late."""


@pytest.fixture
def sessions(transactional_db) -> list[VisitSlot]:
    """Three sessions of sixty seats with three rooms, and a region that guests come from."""
    RegionFactory()
    programme = ProgrammeFactory(letter_required=False, max_per_day=999, max_per_week=999)
    kind = ResourceKindFactory()
    NeedFactory(programme=programme, kind=kind, quantity=1)
    ResourceFactory.create_batch(3, kind=kind)
    return [SlotFactory(programme=programme, days_ahead=days) for days in (35, 36, 37)]


def hammer(sabotage=None, *, first_seed: int = 0) -> tuple[set[int], list[str], Counter]:
    """Let the processes act; returns the requests that were acknowledged, what went wrong, and what was done how often."""
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


def what_a_session_says_wrong(slot) -> list[str]:
    """Where the counters of a session contradict those who hold its seats, or its size."""
    found = []
    held = [persons for holders in (slot.visits, slot.proposals) for persons in holders.values_list("seats_held", flat=True) if persons]
    if slot.used_persons != sum(held):
        found.append(f"{slot.used_persons} seats are taken, visits and proposals hold {sum(held)}")
    if slot.used_visits != len(held):
        found.append(f"{slot.used_visits} visits are counted, {len(held)} hold seats")
    if slot.used_persons > slot.capacity_persons:
        found.append(f"{slot.used_persons} of {slot.capacity_persons} seats are taken")
    return found


def what_does_not_add_up() -> list[str]:
    """Where the books contradict themselves."""
    found = [what for slot in VisitSlot.objects.all() for what in what_a_session_says_wrong(slot)]
    if Visit.objects.filter(status__in=FREES_SEATS, seats_held__gt=0).exists():
        found.append("a visit that will not take place holds seats")
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
def test_nothing_is_taken_twice_lost_or_answered_with_an_error(sessions):
    submitted: set[int] = set()
    counts: Counter = Counter()
    for number in range(ROUNDS):
        sent, troubles, done = hammer(first_seed=number * PROCESSES)
        submitted |= sent
        counts += done

        assert not troubles, troubles[0]
        assert not what_does_not_add_up()
        assert submitted == set(Visit.objects.values_list("pk", flat=True))
        assert OutboundMessage.objects.count() >= len(submitted)
        if counts.keys() >= EVERYTHING:
            return
    pytest.fail(f"after {ROUNDS} rounds never: {sorted(EVERYTHING - counts.keys())}; {counts}")


def test_the_control_seats_taken_without_asking_are_noticed(sessions):
    _submitted, troubles, _counts = hammer(hammering.without_asking)

    assert troubles or what_does_not_add_up()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer: what it has read stays true until it has written")
def test_the_control_seats_given_back_as_they_were_read_are_noticed(sessions):
    _submitted, troubles, _counts = hammer(hammering.giving_back_what_was_read)

    assert troubles or what_does_not_add_up()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases have many writers")
def test_the_control_a_transaction_that_begins_as_a_reader_is_noticed(sessions):
    _submitted, troubles, _counts = hammer(hammering.reading_before_writing)

    assert any("database is locked" in trouble for trouble in troubles)
