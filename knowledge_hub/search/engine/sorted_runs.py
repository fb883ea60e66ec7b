"""Sorted runs: many terms of one field with their postings in shared arrays. Postings are built, merged and written in runs."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

import numpy as np

from knowledge_hub.search.engine.codec import Postings, concatenate

# Number of terms that are written at once when segments are merged.
TERMS_PER_RUN = 256


class FieldRun:
    """Postings of many terms of one field.

    Attributes:
        terms: the terms, ascending.
        starts: start of each term's postings in ``parts``, and the end.
        parts: postings of all terms, one after the other.
    """

    def __init__(self, terms: list[bytes], starts: np.ndarray, parts: Postings):
        self.terms = terms
        self.starts = starts
        self.parts = parts

    @property
    def position_starts(self) -> np.ndarray:
        """Start of each term's positions, and the end; only for fields with positions."""
        return np.concatenate([[0], np.cumsum(self.parts.sizes, dtype=np.int64)])[self.starts]

    def columns(self) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """Each part that the field has: its name, its array, and the start of each term in the array."""
        for name in Postings.PARTS:
            part = getattr(self.parts, name)
            if part is not None:
                yield name, part, self.position_starts if name == "positions" else self.starts

    def items(self) -> Iterator[tuple[bytes, Postings]]:
        """Each term with its postings."""
        columns = [(name, part, edges.tolist()) for name, part, edges in self.columns()]
        for number, term in enumerate(self.terms):
            yield term, Postings(**{name: part[edges[number] : edges[number + 1]] for name, part, edges in columns})

    def saved_to(self, folder: Path, name: str) -> "FieldRun":
        """The same run with its arrays in memory-mapped files."""
        kept = {}
        for part, found, _ in self.columns():
            file = folder / f"{name}.{part}.npy"
            np.save(file, found)
            kept[part] = np.load(file, mmap_mode="r")
        return FieldRun(self.terms, self.starts, Postings(**kept))


def merge_runs(sources: Iterable[Iterator[tuple[bytes, Postings]]]) -> Iterator[FieldRun]:
    """Merge the terms of several sources into runs; the documents of each source follow those of the previous one."""
    together = groupby(merge(*sources, key=itemgetter(0)), key=itemgetter(0))
    terms = ((term, [postings for _, postings in parts]) for term, parts in together)
    while batch := list(islice(terms, TERMS_PER_RUN)):
        counts = [sum(len(part.docs) for part in parts) for _, parts in batch]
        yield FieldRun([term for term, _ in batch], np.cumsum([0, *counts]), concatenate([part for _, parts in batch for part in parts]))
