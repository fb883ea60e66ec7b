"""Measure pages: what one costs that is made anew, and how fast a kept one is.

    python -m bench pages [--rounds 5] [--requests 2000] [--quick]

On the initial content, in a database in a temporary directory.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

import django

from bench import bars

MOST_CALLS = 40_000
LEAST_RATE = 0.8
CASE = "/pengetahuan/kolaborasi-tiga-pihak/"
MADE_ANEW = {"home": "/", "case": CASE, "listing": "/pengetahuan/", "search": "/cari/?q=database"}
KEPT = {"home": "/", "case": CASE, "listing": "/pengetahuan/"}


def main() -> int:
    """Print both tables; 1 when a bar is missed."""
    options = bars.parser("pages", __doc__)
    options.add_argument("--rounds", type=int, default=5, help="rounds of requests for kept pages")
    options.add_argument("--requests", type=int, default=2000, help="requests for each page in a round")
    chosen = bars.parse(options, rounds=1, requests=100)
    found = bars.Bars("pages", judged=not chosen.quick)
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as directory:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "bench.pages.settings",
            "DATABASE_URL": f"sqlite:///{directory}/pages.sqlite3",
            "TEST_DIR": directory,
        }
        for name in ("media", "private", "static"):
            Path(directory, name).mkdir(mode=0o750)
        django.setup()
        _made_anew(found)
        _kept(found, chosen)
    return found.end()


def _made_anew(found: bars.Bars) -> None:
    from django.core.management import call_command

    from bench.pages import calls

    for command in ("migrate", "load_initial_content", "rebuild_modelsearch_index"):
        call_command(command, verbosity=0)
    found.heading("Pages made anew")
    print("page          calls   of Python   queries   CPU ms    KiB")
    for name, address in MADE_ANEW.items():
        cost = calls.measure(address)
        print(f"{name:<10} {cost.calls:>8,} {cost.python_calls:>11,} {cost.queries:>9} {cost.milliseconds:>8.1f} {cost.kib:>6.0f}")
        found.add(f"{name} made anew, calls", cost.calls, most=MOST_CALLS)


def _kept(found: bars.Bars, chosen) -> None:
    from bench.pages import rate

    port = rate.free_port()
    with rate.server(dict(os.environ), port) as process:
        rates = rate.rates(port, process, ["/trivial/", *KEPT.values()], rounds=chosen.rounds, requests=chosen.requests)
    found.heading("Kept pages")
    print("page          requests per CPU second   of a trivial view   [lowest, highest round]")
    print(f"{'trivial':<10} {statistics.median(rates['/trivial/']):>26,.0f}")
    for name, address in KEPT.items():
        ratios = [page / other for page, other in zip(rates[address], rates["/trivial/"], strict=True)]
        spread = f"[{min(ratios):.2f}, {max(ratios):.2f}]"
        print(f"{name:<10} {statistics.median(rates[address]):>26,.0f} {statistics.median(ratios):>19.2f}   {spread}")
        found.add(f"{name} kept, rate × a trivial view", statistics.median(ratios), least=LEAST_RATE)


if __name__ == "__main__":
    sys.exit(main())
