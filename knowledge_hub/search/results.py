"""Search results: found, ordered and counted in the index, fetched from the database."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np
from django.db.models import QuerySet
from modelsearch.backends.base import BaseSearchResults, FilterFieldError
from modelsearch.query import MatchAll

from knowledge_hub.search import repair, title_fallback
from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.filter_values import decode_value, encode_value
from knowledge_hub.search.engine.index import IndexUnavailableError, SearchIndex
from knowledge_hub.search.engine.max_score import max_score
from knowledge_hub.search.engine.searcher import Hits, Searcher
from knowledge_hub.search.engine.storage import IndexDamaged
from knowledge_hub.search.query_compiler import NO_DOCUMENT

# Maximum number of primary keys in a SQL statement on all supported databases.
KEYS_PER_QUERY = 900

T = TypeVar("T")


@dataclass(frozen=True)
class IndexedDocument:
    """A result in the index: the index, the searcher that found it, and its document number."""

    index: SearchIndex
    searcher: Searcher
    number: int

    def texts(self) -> list[str]:
        """Stored texts of its fields, for excerpts; empty if they cannot be read."""
        return read_or_default(self.index, lambda: self.searcher.text(self.number), [])


def read_or_default(index: SearchIndex, read: Callable[[], T], default: T) -> T:
    """Read more of an index after a search; if it is damaged, report it and return ``default``."""
    try:
        return read()
    except IndexDamaged as error:
        repair.report_damaged(index, error)
        return default


def _passing(searcher: Searcher, hits: Hits, restriction: plan.Filter) -> Hits:
    return hits.where(searcher.mask(restriction)[hits.docs])


class SearchResults(BaseSearchResults):
    """Results of a search: found in the index, fetched through the queryset that was searched."""

    supports_facet = True

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Shared with all slices of these results.
        self._shared: dict[str, Any] = {}

    def _clone(self) -> "SearchResults":
        new = super()._clone()
        new._shared = self._shared
        return new

    @property
    def is_from_index(self) -> bool:
        """Whether the results are from the index. If it cannot be read, titles are searched and counts are unknown."""
        return self.found() is not None

    def narrowed(self, wanted: Mapping[str, object]) -> "SearchResults":
        """The results with certain values in filter fields, without searching again.

        Args:
            wanted: value by path of the filter field in the layout. Some models may lack the field. Nothing matches None.

        Returns:
            New results; the same results if they are not from the index.
        """
        found = self.found()
        if found is None or not wanted:
            return self
        searcher, hits = found
        for path, value in wanted.items():
            number, stored = self._number_of(searcher, path), encode_value(value)
            passes = NO_DOCUMENT if number is None or stored is None else plan.HasValue(number, frozenset([stored]))
            hits = read_or_default(self._index, partial(_passing, searcher, hits, passes), hits)
        new = self._clone()
        new._shared = self._shared | {"found": (searcher, hits)}
        return new

    def counts(self, path: str) -> Counter:
        """Number of results for each value of the filter field with this path; empty if they are not from the index."""
        counts = self._facet(path, "")
        del counts[None]
        return counts

    def _facet(self, path: str, kind: str) -> Counter:
        """Number of results for each value of a filter field; empty if the index lacks the field or cannot be read."""
        found = self.found()
        number = None if found is None else self._number_of(found[0], path)
        if found is None or number is None:
            return Counter()
        searcher, hits = found

        def count() -> Counter:
            return Counter({decode_value(value, kind): count for value, count in searcher.facet(hits, number).items()})

        return read_or_default(self._index, count, Counter())

    def best_scores(self, most: int) -> np.ndarray:
        """Scores of the best results, divided by the maximum score of the query, so that scores of two indexes can be compared."""
        found = self.found()
        if found is None:
            return np.empty(0)
        searcher, hits = found
        if "highest" not in self._shared:
            self._shared["highest"] = read_or_default(self._index, lambda: max_score(searcher, self._shared["query"]), 0.0) or 1.0
        return hits.scores[searcher.best(hits, 0, most)] / self._shared["highest"]

    def _number_of(self, searcher: Searcher, path: str) -> int | None:
        """Number of a filter field in the searcher's index; None if the index is older than the field."""
        return self._index.newest_layout.numbered(searcher.numbering).filters.get(path)

    @cached_property
    def _index(self) -> SearchIndex:
        return self.backend.get_index_for_model(self.query_compiler.queryset.model)

    def found(self) -> tuple[Searcher, Hits] | None:
        """The searcher and its hits, shared by all slices of these results; None if there is no readable index."""
        if "found" not in self._shared:
            self._shared["found"] = self._find()
        return self._shared["found"]

    def _find(self) -> tuple[Searcher, Hits] | None:
        index = self._index
        try:
            searcher = index.store.searcher()
            try:
                return self._search(index, searcher)
            except IndexDamaged:
                if index.store.is_newest(searcher):
                    raise
            # A rebuild removed the files of this searcher after it was opened; the newest searcher has other files.
            return self._search(index, index.store.searcher())
        except (IndexDamaged, IndexUnavailableError) as error:
            repair.report_damaged(index, error)
            return None

    def _search(self, index: SearchIndex, searcher: Searcher) -> tuple[Searcher, Hits]:
        compiler = self.query_compiler
        layout = index.newest_layout.numbered(searcher.numbering)
        if layout is not index.newest_layout:
            repair.report_outdated(index)
        query, restriction = compiler.build(layout)
        self._shared["query"] = query
        hits = searcher.find(query, restriction)
        # Results cannot be shown without their primary keys, so damage of these must show here.
        searcher.keys(hits.docs[:1])
        if compiler.ask_database:
            hits = hits.where(self._allowed(searcher, hits))
        return searcher, hits

    @cached_property
    def _title_matches(self) -> QuerySet:
        """Results from titles if there is no readable index."""
        return title_fallback.title_matches(self.query_compiler)

    def _allowed(self, searcher: Searcher, hits: Hits) -> np.ndarray:
        keys = searcher.keys(hits.docs)
        allowed = {str(pk) for pk in self._in_database(keys).values_list("pk", flat=True)}
        return np.fromiter((key in allowed for key in keys), bool, len(keys))

    def _in_database(self, keys: list[str]) -> QuerySet:
        return self.query_compiler.queryset.order_by().filter(pk__in=keys)

    def _do_search(self) -> Iterator[Any]:
        compiler = self.query_compiler
        found = self.found()
        if found is None:
            yield from self._title_matches[self.start : self.stop]
            return
        searcher, hits = found
        if not compiler.order_by_relevance:
            yield from self._in_database_order(searcher, hits)
            return
        best = searcher.best(hits, self.start, self.stop)
        keys = searcher.keys(hits.docs[best])
        objects = {str(obj.pk): obj for obj in self._fetch(keys)}
        for key, doc, score in zip(keys, hits.docs[best], hits.scores[best], strict=True):
            obj = objects.get(key)
            # None: deleted or hidden since it was indexed.
            if obj is not None:
                if self._score_field:
                    setattr(obj, self._score_field, float(score))
                obj.search_document = IndexedDocument(self._index, searcher, int(doc))
                yield obj

    def _fetch(self, keys: list[str]) -> Iterator[Any]:
        for at in range(0, len(keys), KEYS_PER_QUERY):
            yield from self._in_database(keys[at : at + KEYS_PER_QUERY])

    def _in_database_order(self, searcher: Searcher, hits: Hits) -> Iterator[Any]:
        queryset = self.query_compiler.queryset
        # If a query without words matches all rows, leave out the filter by thousands of primary keys, which is slow.
        if not (isinstance(self.query_compiler.query, MatchAll) and len(hits) == queryset.count()):
            queryset = queryset.filter(pk__in=searcher.keys(hits.docs))
        if not queryset.ordered:
            queryset = queryset.order_by("-pk")
        scores = dict(zip(searcher.keys(hits.docs), hits.scores, strict=True)) if self._score_field else {}
        for obj in queryset[self.start : self.stop]:
            if self._score_field:
                # An object without a score is newer than the index.
                setattr(obj, self._score_field, float(scores.get(str(obj.pk), 0.0)))
            yield obj

    def _do_count(self) -> int:
        found = self.found()
        count = self._title_matches.count() if found is None else len(found[1])
        stop = count if self.stop is None else min(count, self.stop)
        return max(stop - self.start, 0)

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """Number of results for each value of a filter field, the most frequent first; None counts results without a value.

        Raises:
            FilterFieldError: the model has no such filter field.
        """
        model = self.query_compiler.queryset.model
        field = next((f for f in model.get_filterable_search_fields() if field_name in (f.field_name, f.get_attname(model))), None)
        if field is None:
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". '
                f"Please add index.FilterField('{field_name}') to {model.__name__}.search_fields.",
                field_name=field_name,
            )
        counts = self._facet(field.get_attname(model), field.get_type(model))
        return OrderedDict(sorted(counts.items(), key=lambda item: (-item[1], item[0] is None, encode_value(item[0]) or "")))
