"""What all areas have in common: the option --quick, the head of a run, and the table of bars at its end."""

import argparse
import datetime as dt
import os
import sys

from bench.unit import Unit


def parser(area: str, doc: str) -> argparse.ArgumentParser:
    """A parser for the options of an area; its help begins with the area's docstring and names the defaults."""
    return argparse.ArgumentParser(
        prog=f"python -m bench {area}", description=doc.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )


def parse(options: argparse.ArgumentParser, **quick) -> argparse.Namespace:
    """Add --quick to the options of an area and read the command line.

    Args:
        options: the options, with the defaults of a full run.
        quick: what --quick makes the defaults; options that are given count all the same.
    """
    options.add_argument("--quick", action="store_true", help="small sizes and few rounds: does it still run? No bar is judged.")
    if "--quick" in sys.argv[1:]:
        options.set_defaults(**quick)
    return options.parse_args()


class Bars:
    """The bars of one run. The machine's unit is measured when it begins and when it ends.

    Args:
        area: its name.
        judged: whether a missed bar counts; not with --quick.
    """

    def __init__(self, area: str, *, judged: bool):
        self._judged = judged
        self._found: list[tuple[str, str, str, bool]] = []
        self.unit = Unit()
        how = " ".join(["python -m bench", area, *sys.argv[1:]])
        print(f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {self.unit}, {_load()}: {how}", flush=True)

    def heading(self, text: str) -> None:
        """Print the heading of a table, with the unit."""
        print(f"\n## {text} ({self.unit})", flush=True)

    def add(self, what: str, measured: float | None, *, most: float | None = None, least: float | None = None, suffix: str = "") -> None:
        """Note one bar: ``measured`` is at most ``most`` or at least ``least``; None for what could not be measured, which is missed."""
        limit, sign = (most, "≤") if least is None else (least, "≥")
        assert limit is not None, what
        held = measured is not None and (measured <= limit if least is None else measured >= limit)
        shown = "not measured" if measured is None else f"{_number(measured)}{suffix}"
        self._found.append((what, shown, f"{sign} {_number(limit)}{suffix}", held))

    def end(self) -> int:
        """Measure the unit again and print all bars; returns 1 if one was missed, 0 otherwise."""
        self.unit.end()
        self.heading("Bars" if self._judged else "Bars, not judged: --quick measures too little")
        for what, measured, limit, held in self._found:
            verdict = "" if not self._judged else "held    " if held else "MISSED  "
            print(f"{verdict}{what:75} {measured:>14}   {limit}")
        print(_load())
        if warning := self.unit.warning():
            print(warning)
        return int(self._judged and not all(held for *_, held in self._found))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 1000 else f"{value:.3g}"


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} over the last minute"
