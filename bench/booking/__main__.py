"""Measure booking: fifty guests at once on both databases, a year's availability, a long list of delegates.

    python -m bench.booking [--seconds 6] [--rounds 3] [--visits 10000] [--databases sqlite,postgresql]

Each database is made for the run in a temporary directory, with the site's own settings: SQLite with synchronous FULL,
PostgreSQL as it comes.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.postgresql import cluster

BARS = {"sqlite": 250, "postgresql": 500}
"""Attempts answered per second."""
CPU_MS, QUERIES = 30, 6
PREVIEW_SECONDS = 2


def main() -> int:
    """Run everything and print it; 1 when a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=6)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--visits", type=int, default=10_000)
    options.add_argument("--databases", default="sqlite,postgresql")
    options.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        return _measure(chosen)
    missed = False
    for name in chosen.databases.split(","):
        missed |= _report(name, chosen)
    return int(missed)


def _report(name: str, chosen) -> bool:
    if name == "sqlite":
        found = _in_child("", chosen)
    else:
        with cluster.running(**cluster.DURABLE) as url:
            found = _in_child(url, chosen)
    missed = False

    def say(what: str, value: float, limit: float, *, at_least: bool = False) -> None:
        nonlocal missed
        held = value >= limit if at_least else value <= limit
        missed |= not held
        print(f"  {what}: {value:.1f} (bar: {'at least' if at_least else 'at most'} {limit}: {'held' if held else 'MISSED'})")

    print(f"\n{name}, 50 guests at once, median of {chosen.rounds} rounds (lowest–highest)")
    raw = _rates(found["raw"], "commits")
    print(f"  raw commits of one row per second: {_words(raw)}")
    for kind, title in (("rush", "more guests than seats"), ("roomy", "seats for everybody")):
        answered, booked = _rates(found[kind], "answered"), _rates(found[kind], "booked")
        share = statistics.median(answered) / statistics.median(raw)
        print(f"  {title}: answered per second {_words(answered)}, of them booked {_words(booked)}; {share:.2f} × raw commits")
    errors = sum(run["errors"] for kind in ("rush", "roomy") for run in found[kind])
    say(
        "attempts answered per second, more guests than seats",
        statistics.median(_rates(found["rush"], "answered")),
        BARS[name],
        at_least=True,
    )
    say("errors", errors, 0)
    say("sessions whose books do not agree", found["wrong_books"], 0)
    say(f"a year with {chosen.visits} visits, CPU ms", found["year"]["cpu_ms"], CPU_MS)
    say(f"a year with {chosen.visits} visits, queries", found["year"]["queries"], QUERIES)
    if name == "sqlite":
        say(f"{found['list']['rows']} delegates from XLSX to the preview, seconds", found["list"]["seconds"], PREVIEW_SECONDS)
    return missed


def _rates(runs: list[dict], what: str) -> list[float]:
    return [run[what] / run["seconds"] for run in runs]


def _words(rates: list[float]) -> str:
    return f"{statistics.median(rates):.0f} ({min(rates):.0f}–{max(rates):.0f})"


def _in_child(database_url: str, chosen) -> dict:
    # Not in the memory that /tmp may be: what is measured is a disk.
    directory = Path(tempfile.mkdtemp(prefix="bench-booking-", dir="var"))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.booking.settings",
        "BENCH_DIR": str(directory.resolve()),
        "DATABASE_URL": database_url or f"sqlite:///{directory.resolve()}/bench.sqlite3",
    }
    arguments = [f"--{name}={getattr(chosen, name)}" for name in ("seconds", "rounds", "visits")]
    try:
        run = subprocess.run(
            [sys.executable, "-m", "bench.booking", "--child", *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return json.loads(run.stdout.splitlines()[-1])


def _measure(chosen) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.booking import guests, reading, world
    from visits.models import Visit

    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute("CREATE DATABASE knowledge_hub")
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_commit (what varchar(32))")
    world.region()
    found: dict = {"raw": [], "rush": [], "roomy": [], "wrong_books": 0}
    for number in range(chosen.rounds):
        for kind, sessions, seats in (("rush", 40, 60), ("roomy", 40, 30_000)):
            print(f"round {number + 1}: {kind}", file=sys.stderr)
            made = world.programme(f"{kind}-{number}", sessions=sessions, seats=seats)
            counts = guests.together(guests.ask, made.pk, seconds=chosen.seconds)
            found["wrong_books"] += not guests.books_agree(made)
            found["wrong_books"] += counts["booked"] != Visit.objects.filter(programme=made).count()
            errors = sum(count for what, count in counts.items() if what.startswith("error"))
            found[kind].append(
                {
                    "seconds": counts["milliseconds"] / 1000,
                    "answered": counts["booked"] + counts["full"],
                    "booked": counts["booked"],
                    "errors": errors,
                }
            )
            print(dict(counts), file=sys.stderr)
        counts = guests.together(guests.commit, seconds=min(chosen.seconds, 3))
        found["raw"].append({"seconds": counts["milliseconds"] / 1000, "commits": counts["commits"]})
    print(f"a year with {chosen.visits} visits", file=sys.stderr)
    found["year"] = reading.a_year("year", chosen.visits)
    if connection.vendor == "sqlite":
        found["list"] = reading.a_list()
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
