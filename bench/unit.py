"""The machine's unit: the CPU time of a fixed loop of pure Python. Machines differ by a factor of three; ratios to it differ much less."""

import statistics
import time

STEPS = 400_000
TIMES = 5
LARGEST_CHANGE = 0.10
"""A run whose unit changed by more than this share was disturbed."""


def loop() -> int:
    """Count, sort and add up words that a fixed formula makes; always the same work and the same result."""
    state, counts = 20181, {}
    for step in range(STEPS):
        state = (state * 1_103_515_245 + 12_345) % 2**31
        word = f"kata{state // 65_536 % 5_000}"
        counts[word] = counts.get(word, 0) + step % 7
    return sum(place * count for place, (_word, count) in enumerate(sorted(counts.items())))


def measure() -> float:
    """Median milliseconds of CPU that the loop takes in this process."""
    spent = []
    for _ in range(TIMES):
        before = time.process_time()
        loop()
        spent.append(1000 * (time.process_time() - before))
    return statistics.median(spent)


class Unit:
    """The unit of one run, measured when the run starts and again by end()."""

    def __init__(self):
        self.start = measure()
        self.finish: float | None = None

    @property
    def ms(self) -> float:
        """Milliseconds: the mean of both measurements, or the first one while the run goes on."""
        return self.start if self.finish is None else (self.start + self.finish) / 2

    def end(self) -> None:
        """Measure again, at the end of the run."""
        self.finish = measure()

    def warning(self) -> str:
        """A sentence if the unit changed too much during the run; empty otherwise."""
        if self.finish is None or abs(self.finish - self.start) <= LARGEST_CHANGE * self.start:
            return ""
        return f"WARNING: the unit changed by more than {LARGEST_CHANGE:.0%}. Something else used the machine; measure again."

    def __str__(self):
        if self.finish is None:
            return f"unit {self.start:.0f} ms"
        return f"unit {self.start:.0f} ms at the start, {self.finish:.0f} ms at the end"
