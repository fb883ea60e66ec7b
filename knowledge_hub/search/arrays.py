"""Small questions to sorted numbers and values."""

from bisect import bisect_left, bisect_right

import numpy as np

from knowledge_hub.search import plan
from knowledge_hub.search.schema import FIELD_SHIFT


def in_fields(postings, fields: int) -> np.ndarray:
    """Which postings have the term in one of the fields."""
    if postings.masks is not None:
        return (postings.masks & np.uint64(fields)) != 0
    in_field = (np.uint64(fields) >> (postings.places >> np.uint32(FIELD_SHIFT)).astype(np.uint64)) & np.uint64(1)
    starts = np.cumsum(postings.sizes, dtype=np.int64) - postings.sizes
    return np.maximum.reduceat(in_field, starts) > 0


def contains(large: np.ndarray, small: np.ndarray) -> np.ndarray:
    """For each number of ``small`` whether it is in ``large`` (ascending)."""
    if not len(large):
        return np.zeros(len(small), dtype=bool)
    return large.take(large.searchsorted(small), mode="clip") == small


def places_of_all(large: np.ndarray, small: np.ndarray) -> np.ndarray | None:
    """The places of ``small`` in ``large`` (both ascending), None if one is missing."""
    at = np.searchsorted(large, small)
    if at[-1] == len(large) or not np.array_equal(large[at], small):
        return None
    return at


def place_of(values: list[str], value: str) -> int | None:
    """The place of a value in ascending values, None if it is not there."""
    at = bisect_left(values, value)
    return at if at < len(values) and values[at] == value else None


def places_in_range(values: list[str], node: plan.InRange) -> tuple[int, int]:
    """The first place in ascending values that lies in the range, and the first behind it."""
    low = 0 if node.low is None else (bisect_left if node.with_low else bisect_right)(values, node.low)
    high = len(values) if node.high is None else (bisect_right if node.with_high else bisect_left)(values, node.high)
    return low, high
