"""Measure booking: fifty guests at once on both databases, a year's availability, a long list of delegates.

    python -m bench booking [--seconds 6] [--attempts N] [--rounds 3] [--visits 10000] [--databases sqlite,postgresql] [--quick]

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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import bars
from tests.scale_out import postgresql

ATTEMPTS = {"sqlite": 189, "postgresql": 62}
"""How often each guest asks where there are more guests than seats. Fixed, so that every machine books and refuses equally many."""
ANSWERED = {"sqlite": 0.72, "postgresql": 2.4}
"""Attempts answered, more guests than seats, × bare transactions."""
YEAR_QUERIES = 6
YEAR_UNITS = {"sqlite": 0.23, "postgresql": 0.19}
"""CPU of a year of availability × the unit."""
YEAR_SQL = {"sqlite": 4.1, "postgresql": 13.9}
"""The same CPU × its SQL alone."""
LIST = 25
"""CPU of 1,000 delegates from the upload to the preview × reading the same file with openpyxl alone."""


def main() -> int:
    """Run everything and print it; 1 when a bar is missed."""
    options = bars.parser("booking", __doc__)
    options.add_argument("--seconds", type=float, default=6, help="how long guests book where seats do not run out")
    options.add_argument("--attempts", type=int, help=f"how often each guest asks where they do (not given: {ATTEMPTS})")
    options.add_argument("--rounds", type=int, default=3, help="how many rounds")
    options.add_argument("--visits", type=int, default=10_000, help="visits in the year of availability")
    options.add_argument("--databases", default="sqlite,postgresql", help="which databases, with commas")
    options.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    chosen = bars.parse(options, seconds=0.5, attempts=4, rounds=1, visits=200)
    if chosen.child:
        from bench.booking import child

        print(json.dumps(child.measure(chosen.seconds, chosen.attempts, chosen.rounds, chosen.visits)))
        return 0
    found = bars.Bars("booking", judged=not chosen.quick)
    names = chosen.databases.split(",")
    # Most of a quick run are the migrations of both databases.
    with ThreadPoolExecutor(max_workers=len(names) if chosen.quick else 1) as pool:
        for name, run in zip(names, pool.map(lambda name: _measured(name, chosen), names), strict=True):
            _report(found, name, run, chosen)
    return found.end()


def _measured(name: str, chosen) -> dict:
    if name == "sqlite":
        return _in_child(name, "", chosen)
    with postgresql.running(**postgresql.DURABLE) as url:
        return _in_child(name, url, chosen)


def _report(found: bars.Bars, name: str, run: dict, chosen) -> None:
    found.heading(f"{name}, 50 guests at once, a second, median of {chosen.rounds} rounds [lowest–highest]")
    floors = _rates(run["floor"], "booked")
    print(f"raw commits of one row: {_words(_rates(run['raw'], 'commits'))}")
    print(f"bare transactions with the rows of a booking: {_words(floors)}")
    for kind, title in (("rush", "more guests than seats"), ("roomy", "seats for everybody")):
        answered, booked = _rates(run[kind], "answered"), _rates(run[kind], "booked")
        shares = [_words([rate / floor for rate, floor in zip(rates, floors, strict=True)], 2) for rates in (answered, booked)]
        print(f"{title}: answered {_words(answered)}, {shares[0]} × bare; booked {_words(booked)}, {shares[1]} × bare")
        if kind == "rush":
            share = statistics.median(rate / floor for rate, floor in zip(answered, floors, strict=True))
            found.add(f"{name}: answered, more guests than seats, × bare transactions", share, least=ANSWERED[name])
    found.add(f"{name}: errors", sum(one["errors"] for kind in ("rush", "roomy") for one in run[kind]), most=0)
    found.add(f"{name}: programmes whose seats do not agree with their visits", run["wrong_books"], most=0)
    year = run["year"]
    print(f"a year with {chosen.visits:,} visits: CPU {year['cpu_ms']:.1f} ms; its SQL alone {year['floor_ms']:.2f} ms")
    found.add(f"{name}: a year, CPU × the unit", year["cpu_ms"] / found.unit.ms, most=YEAR_UNITS[name])
    found.add(f"{name}: a year, CPU × its SQL alone", year["cpu_ms"] / year["floor_ms"], most=YEAR_SQL[name])
    found.add(f"{name}: a year, queries", year["queries"], most=YEAR_QUERIES)
    if "list" in run:
        people = run["list"]
        print(f"{people['rows']} delegates to the preview: CPU {people['cpu_ms']:.0f} ms; openpyxl alone {people['floor_ms']:.0f} ms")
        found.add("1,000 delegates to the preview, CPU × openpyxl alone", people["cpu_ms"] / people["floor_ms"], most=LIST)


def _rates(runs: list[dict], what: str) -> list[float]:
    return [run[what] / run["seconds"] for run in runs]


def _words(rates: list[float], digits: int = 0) -> str:
    return f"{statistics.median(rates):,.{digits}f} [{min(rates):,.{digits}f}–{max(rates):,.{digits}f}]"


def _in_child(name: str, database_url: str, chosen) -> dict:
    # Below var/, because /tmp may be memory, and a disk is measured.
    Path("var").mkdir(mode=0o750, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="bench-booking-", dir="var"))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.booking.settings",
        "BENCH_DIR": str(directory.resolve()),
        "DATABASE_URL": database_url or f"sqlite:///{directory.resolve()}/bench.sqlite3",
    }
    arguments = [f"--{option}={getattr(chosen, option)}" for option in ("seconds", "rounds", "visits")]
    arguments.append(f"--attempts={chosen.attempts or ATTEMPTS[name]}")
    try:
        run = subprocess.run(
            [sys.executable, "-m", "bench.booking", "--child", *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return json.loads(run.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
