"""Measure pages: what one costs that is made anew, and how fast a kept one is.

    python -m bench.pages [--rounds 5] [--requests 2000]

On the initial content, in a database in a temporary directory.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

import django

MOST_CALLS = 40_000
LEAST_RATE = 0.8
CASE = "/pengetahuan/kolaborasi-tiga-pihak/"
MADE_ANEW = {"home": "/", "case": CASE, "listing": "/pengetahuan/", "search": "/cari/?q=database"}
KEPT = {"home": "/", "case": CASE, "listing": "/pengetahuan/"}


def main() -> int:
    """Print both tables; 1 when a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--requests", type=int, default=2000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as directory:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "bench.pages.settings",
            "DATABASE_URL": f"sqlite:///{directory}/pages.sqlite3",
            "TEST_DIR": directory,
        }
        for name in ("media", "private", "static"):
            Path(directory, name).mkdir(mode=0o750)
        django.setup()
        return _report(chosen)


def _report(chosen) -> int:
    from django.core.management import call_command

    from bench.pages import calls, rate

    for command in ("migrate", "load_initial_content", "rebuild_modelsearch_index"):
        call_command(command, verbosity=0)
    missed = False
    print("made anew     calls   of Python   queries   CPU ms    KiB")
    for name, address in MADE_ANEW.items():
        cost = calls.measure(address)
        missed |= cost.calls > MOST_CALLS
        print(f"{name:<10} {cost.calls:>8,} {cost.python_calls:>11,} {cost.queries:>9} {cost.milliseconds:>8.1f} {cost.kib:>6.0f}")
    print(f"bar: at most {MOST_CALLS:,} calls\n")

    port = rate.free_port()
    with rate.server(dict(os.environ), port) as process:
        found = rate.rates(port, process, ["/trivial/", *KEPT.values()], rounds=chosen.rounds, requests=chosen.requests)
    trivial = statistics.median(found["/trivial/"])
    print("kept          requests per CPU second   of a trivial view   [lowest, highest round]")
    print(f"{'trivial':<10} {trivial:>26,.0f}")
    for name, address in KEPT.items():
        ratios = [page / other for page, other in zip(found[address], found["/trivial/"], strict=True)]
        missed |= statistics.median(ratios) < LEAST_RATE
        spread = f"[{min(ratios):.2f}, {max(ratios):.2f}]"
        print(f"{name:<10} {statistics.median(found[address]):>26,.0f} {statistics.median(ratios):>19.2f}   {spread}")
    print(f"bar: at least {LEAST_RATE} of a trivial view")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
