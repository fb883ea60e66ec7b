"""Functions on sorted numpy arrays and sorted lists of values."""

from bisect import bisect_left, bisect_right

import numpy as np

from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.codec import Postings
from knowledge_hub.search.engine.schema import FIELD_SHIFT


def in_fields(postings: Postings, fields: int) -> np.ndarray:
    """Boolean mask of the postings with the term in one of the fields."""
    if postings.masks is not None:
        return (postings.masks & np.uint64(fields)) != 0
    in_field = (np.uint64(fields) >> (postings.positions >> np.uint32(FIELD_SHIFT)).astype(np.uint64)) & np.uint64(1)
    starts = np.cumsum(postings.sizes, dtype=np.int64) - postings.sizes
    return np.maximum.reduceat(in_field, starts) > 0


def contains(large: np.ndarray, small: np.ndarray) -> np.ndarray:
    """For each number of ``small``, whether it is in ``large``, which is ascending."""
    if not len(large):
        return np.zeros(len(small), dtype=bool)
    return large.take(large.searchsorted(small), mode="clip") == small


def intersect(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the common numbers of two ascending arrays, in the first and in the second."""
    if not len(other):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    at = other.searchsorted(one)
    (here,) = (other.take(at, mode="clip") == one).nonzero()
    return here, at[here]


def differs_from_previous(numbers: np.ndarray) -> np.ndarray:
    """For each of ascending numbers, whether it differs from the previous one."""
    found = np.empty(len(numbers), dtype=bool)
    found[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=found[1:])
    return found


def values_at(large: np.ndarray, small: np.ndarray, values: np.ndarray, limit: int) -> np.ndarray | None:
    """For each number of ``large``, its value in ``small``, or 0; None if ``large`` lacks a number of ``small``.

    Args:
        large: ascending numbers.
        small: ascending numbers, at most as many as in ``large``.
        values: values of ``small``, none of them 0.
        limit: upper limit of all numbers, exclusive.
    """
    if len(small) * 32 < limit:
        at = large.searchsorted(small)
        if at[-1] == len(large) or not np.array_equal(large[at], small):
            return None
        found = np.zeros(len(large))
        found[at] = values
        return found
    everywhere = np.zeros(limit)
    everywhere[small] = values
    found = everywhere[large]
    return found if np.count_nonzero(found) == len(small) else None


def index_of(values: list[str], value: str) -> int | None:
    """Index of a value in ascending values; None if it is missing."""
    at = bisect_left(values, value)
    return at if at < len(values) and values[at] == value else None


def index_range(values: list[str], node: plan.InRange) -> tuple[int, int]:
    """Start and end (exclusive) of a range in ascending values."""
    low = 0 if node.low is None else (bisect_left if node.with_low else bisect_right)(values, node.low)
    high = len(values) if node.high is None else (bisect_right if node.with_high else bisect_left)(values, node.high)
    return low, high
