"""Timing in rounds: every engine answers the same questions in turns, so that what else the machine does meets all alike."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass
class Times:
    """Milliseconds of one engine at one kind of question, a list per round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Over all rounds."""
        return statistics.median(self._all())

    @property
    def p95(self) -> float:
        """95 of 100 are at most this."""
        ordered = sorted(self._all())
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]

    @property
    def values_at(self) -> tuple[float, float]:
        """The lowest and the highest median of a round."""
        medians = [statistics.median(one) for one in self.rounds]
        return min(medians), max(medians)

    def _all(self) -> list[float]:
        return [value for one in self.rounds for value in one]

    def __str__(self):
        low, high = self.values_at
        return f"{self.median:.3f} ({self.p95:.2f}) [{low:.3f}–{high:.3f}]"


def time_each(call: Callable, arguments: Iterable) -> list[float]:
    """Milliseconds of each call."""
    spent = []
    for argument in arguments:
        before = time.perf_counter()
        call(argument)
        spent.append(1000 * (time.perf_counter() - before))
    return spent


def in_turns(calls: dict[str, Callable], arguments: list, rounds: int) -> dict[str, Times]:
    """Times of each named call over the same arguments, in rounds that begin with another one each time; the first round is not counted."""
    names = list(calls)
    found = {name: Times() for name in names}
    for number in range(rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            spent = time_each(calls[name], arguments)
            if number:
                found[name].rounds.append(spent)
    return found


def rates(count: int, call: Callable) -> tuple[float, float]:
    """How many of ``count`` things a call does in a second, and in a second of this process's CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return count / (time.perf_counter() - wall), count / (time.process_time() - cpu)
