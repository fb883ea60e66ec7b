"""Half-open times, asked whether another time meets any of them."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

Span = tuple[dt.datetime, dt.datetime]
"""From a moment up to, not including, another; both aware."""


class Busy:
    """The times in which something is taken, in any order, overlapping or not. Answers in the logarithm of their number."""

    def __init__(self, spans: Iterable[Span] = ()):
        ordered = sorted(spans)
        self._starts = [start for start, _end in ordered]
        self._latest = list(accumulate((end for _start, end in ordered), max))

    def meets(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether one of them shares a moment with the time from ``start`` up to, not including, ``end``."""
        earlier = bisect_left(self._starts, end)
        return earlier > 0 and self._latest[earlier - 1] > start
