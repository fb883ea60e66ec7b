"""Many terms of one field with their postings side by side, which is how they are gathered, concatenate and written."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

import numpy as np

from knowledge_hub.search.engine.codec import Postings, concatenate

# So many terms are written at once when segments are concatenate.
TERMS_PER_RUN = 256


class FieldRun:
    """The postings of many terms of one field.

    Attributes:
        terms: ascending.
        starts: for each term where its postings begin in ``parts``, and the end.
        parts: the postings of all terms, one after the other.
    """

    def __init__(self, terms: list[bytes], starts: np.ndarray, parts: Postings):
        self.terms = terms
        self.starts = starts
        self.parts = parts

    @property
    def position_starts(self) -> np.ndarray:
        """For each term where its positions begin, and the end; only for fields that have positions."""
        return np.concatenate([[0], np.cumsum(self.parts.sizes, dtype=np.int64)])[self.starts]

    def columns(self) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """Each part that the field has: its name, the array, and where each term begins in it."""
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
        """The same run with its arrays in files, out of memory."""
        kept = {}
        for part, found, _ in self.columns():
            file = folder / f"{name}.{part}.npy"
            np.save(file, found)
            kept[part] = np.load(file, mmap_mode="r")
        return FieldRun(self.terms, self.starts, Postings(**kept))


def merge_runs(sources: Iterable[Iterator[tuple[bytes, Postings]]]) -> Iterator[FieldRun]:
    """Runs with the terms of several sources; the documents of each source follow those of the one before it."""
    together = groupby(merge(*sources, key=itemgetter(0)), key=itemgetter(0))
    terms = ((term, [postings for _, postings in parts]) for term, parts in together)
    while batch := list(islice(terms, TERMS_PER_RUN)):
        counts = [sum(len(part.docs) for part in parts) for _, parts in batch]
        yield FieldRun([term for term, _ in batch], np.cumsum([0, *counts]), concatenate([part for _, parts in batch for part in parts]))
