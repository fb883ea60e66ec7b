"""Fifty guests at once: threads of as many processes as the machine has cores, as the site's own server has them."""

import itertools
import multiprocessing
import os
import random
import threading
import time
import uuid
from collections import Counter

from django.db import connection, connections

from bench.booking import world
from bench.booking.floor import BareBookings
from visits.domain import booking
from visits.domain.errors import Refused
from visits.models import Programme, Visit, VisitSlot

GUESTS = 50
# Forked, so that everything is loaded before the clock starts.
_CONTEXT = multiprocessing.get_context("fork")


def together(work, *arguments, seconds: float, guests: int = GUESTS) -> Counter:
    """Let all guests begin at the same moment; returns what happened how often, and in how many ``milliseconds``.

    Args:
        work: called as ``work(until, seed, *arguments)`` in each thread; returns a Counter.
        arguments: further arguments.
        seconds: how long they may work.
        guests: how many.
    """
    processes = os.cpu_count() or 1
    shares = [guests // processes + (number < guests % processes) for number in range(processes)]
    barrier, results = _CONTEXT.Barrier(processes), _CONTEXT.Queue()
    children = [
        _CONTEXT.Process(target=_child, args=(barrier, results, work, arguments, share, 1000 * number, seconds))
        for number, share in enumerate(shares)
    ]
    connections.close_all()
    for child in children:
        child.start()
    total: Counter = Counter()
    longest = 0.0
    for _number in shares:
        counts, spent = results.get(timeout=seconds + 60)
        total += counts
        longest = max(longest, spent)
    for child in children:
        child.join()
    total["milliseconds"] = round(longest * 1000)
    return total


def _child(barrier, results, work, arguments, share: int, seed: int, seconds: float) -> None:
    total: Counter = Counter()
    lock, ready, start = threading.Lock(), threading.Barrier(share + 1), threading.Event()
    clock = {}

    def guest(number: int) -> None:
        connection.ensure_connection()
        ready.wait()
        start.wait()
        counts = work(clock["until"], seed + number, *arguments)
        with lock:
            total.update(counts)
        connections.close_all()

    threads = [threading.Thread(target=guest, args=(number,)) for number in range(share)]
    for thread in threads:
        thread.start()
    ready.wait()
    barrier.wait()
    began = time.perf_counter()
    clock["until"] = began + seconds
    start.set()
    for thread in threads:
        thread.join()
    results.put((total, time.perf_counter() - began))


def ask(until: float, seed: int, programme_pk: int, attempts: int | None) -> Counter:
    """One guest: asks for one session after the other, chosen at random; so many times if ``attempts`` says so."""
    dice, counts = random.Random(seed), Counter()
    slots = list(VisitSlot.objects.filter(programme=programme_pk).select_related("programme"))
    home = world.region()
    for _ in itertools.count() if attempts is None else range(attempts):
        if time.perf_counter() >= until:
            break
        draft = world.request(dice.choice(slots), home, uuid.uuid4().hex[:12], dice.choice(world.GROUPS))
        try:
            booking.submit(draft)
        except Refused:
            counts["full"] += 1
        except Exception as error:  # noqa: BLE001 -- counted: what a guest would see as an error page
            counts[f"error {type(error).__name__}"] += 1
        else:
            counts["booked"] += 1
    return counts


def book_barely(until: float, seed: int, barely: BareBookings) -> Counter:
    """The floor of a guest: the rows of a booking and nothing else, for one session after the other, chosen at random."""
    dice, counts = random.Random(seed), Counter()
    slots = list(barely.programme.slots.values_list("pk", flat=True))
    while time.perf_counter() < until:
        barely.book(dice.choice(slots), dice.choice(world.GROUPS))
        counts["booked"] += 1
    return counts


def commit(until: float, seed: int) -> Counter:
    """What the disk can do: one row inserted and committed."""
    counts: Counter = Counter()
    with connection.cursor() as cursor:
        while time.perf_counter() < until:
            cursor.execute("INSERT INTO bench_commit (what) VALUES (%s)", [uuid.uuid4().hex])
            counts["commits"] += 1
    return counts


def books_agree(programme: Programme) -> bool:
    """Whether every session counts what its visits hold, and none has more than its seats."""
    held: Counter = Counter()
    for slot, seats in Visit.objects.filter(programme=programme).values_list("slot", "seats_held"):
        held[slot] += seats
    return all(slot.used_persons == held[slot.pk] <= slot.capacity_persons for slot in programme.slots.all())
