"""Everything that is measured of booking on one database, in a process of its own."""

import sys

import django

PATIENCE_SECONDS = 600


def measure(seconds: float, attempts: int, rounds: int, visits: int) -> dict:
    """Make the database and measure.

    Args:
        seconds: how long guests book in each part of a round where seats do not run out.
        attempts: how often each guest asks where they do.
        rounds: how many rounds; the parts take turns in each.
        visits: how many visits the year of availability has.
    """
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.booking import guests, reading, world
    from bench.booking.floor import BareBookings

    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute("CREATE DATABASE knowledge_hub")
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_commit (what varchar(32))")
    world.region()
    found: dict = {"raw": [], "floor": [], "rush": [], "roomy": [], "wrong_books": 0}
    for number in range(rounds):
        for kind, seats, most, limit in (("rush", 60, attempts, PATIENCE_SECONDS), ("roomy", 30_000, None, seconds)):
            _say(f"round {number + 1}: {kind}")
            made = world.programme(f"{kind}-{number}", sessions=40, seats=seats)
            counts = guests.together(guests.ask, made.pk, most, seconds=limit)
            found["wrong_books"] += not guests.books_agree(made) or counts["booked"] != made.visits.count()
            found[kind].append(_rate(counts))
        _say(f"round {number + 1}: bare transactions, raw commits")
        barely = BareBookings(world.programme(f"floor-{number}", sessions=40, seats=30_000))
        found["floor"].append(_rate(guests.together(guests.book_barely, barely, seconds=seconds)))
        counts = guests.together(guests.commit, seconds=min(seconds, 3))
        found["raw"].append({"seconds": counts["milliseconds"] / 1000, "commits": counts["commits"]})
    _say(f"a year with {visits} visits")
    found["year"] = reading.a_year("year", visits)
    if connection.vendor == "sqlite":
        found["list"] = reading.a_list()
    return found


def _rate(counts) -> dict:
    errors = {what: count for what, count in counts.items() if what.startswith("error")}
    if errors:
        _say(str(errors))
    return {
        "seconds": counts["milliseconds"] / 1000,
        "answered": counts["booked"] + counts["full"],
        "booked": counts["booked"],
        "errors": sum(errors.values()),
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr)
