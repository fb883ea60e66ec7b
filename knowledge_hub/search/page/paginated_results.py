"""Results of several sources as one list for a paginator."""

from collections import Counter
from collections.abc import Iterable

from knowledge_hub.search.page.sources import SourceResults


class PaginatedResults:
    """Results of several sources, best first. A slice fetches its results with one query for each source."""

    def __init__(self, parts: Iterable[SourceResults]):
        self.parts = [part for part in parts if part.count]

    def count(self) -> int:
        """Number of results of all sources."""
        return sum(part.count for part in self.parts)

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, wanted: slice) -> list:
        """The results of a slice."""
        start, stop = wanted.start or 0, wanted.stop if wanted.stop is not None else self.count()
        order = self._order(stop)
        before, inside = Counter(order[:start]), Counter(order[start:stop])
        fetched = {number: iter(self.parts[number].results[before[number] : before[number] + size]) for number, size in inside.items()}
        found = (next(fetched[number], None) for number in order[start:stop])
        # None: hidden or deleted since it was indexed.
        return [result for result in found if result is not None]

    def _order(self, stop: int) -> list[int]:
        """For each of the first ``stop`` results, the number of the source that it comes from."""
        if not all(part.can_count for part in self.parts):
            # Scores of other backends cannot be compared: list one source after the other.
            return [number for number, part in enumerate(self.parts) for _ in range(part.count)][:stop]
        ranked = [(-score, number) for number, part in enumerate(self.parts) for score in part.results.best_scores(stop).tolist()]
        return [number for _, number in sorted(ranked)[:stop]]
