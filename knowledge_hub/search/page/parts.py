"""What the search page searches: pages and documents, each in one language, and what of them a question finds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from modelsearch.backends.base import BaseSearchResults
from modelsearch.query import SearchQuery
from modelsearch.queryset import SearchableQuerySetMixin
from wagtail.models import get_page_models

from knowledge_hub.core import audience
from knowledge_hub.search.page import documents

# Facets with the filter field, of every model that has it, whose values they count.
COLUMNS = {"topic": "dimensions", "year": "subject_year"}
TYPE_COLUMN = "content_type_id"
DOCUMENT = "document"


@dataclass(frozen=True)
class Source:
    """Things of one sort in one language that everybody may read."""

    queryset: SearchableQuerySetMixin
    language: str
    # Its value in the facet of types; empty for pages, which have types of their own.
    type: str = ""


def sources(language: str) -> list[Source]:
    """Everything that may be found in a language."""
    pages = audience.public_pages().filter(locale_id=audience.locale_id(language))
    return [Source(pages, language), Source(documents.findable(language), language, DOCUMENT)]


def page_types() -> dict[str, int]:
    """The names of all types of pages, as in addresses, with their content types; no query once they are known."""
    return {kind.model: kind.pk for kind in ContentType.objects.get_for_models(*get_page_models()).values()}


class Part:
    """What a query finds in one source.

    Args:
        source: what is searched.
        query: the query.
        wanted: facet to the one value that was chosen; a facet that the search backend cannot narrow by is left out.
    """

    def __init__(self, source: Source, query: SearchQuery, wanted: Mapping[str, str] | None = None):
        self.source = source
        self.query = query
        self._everything = source.queryset.search(query)
        self.results = self._narrowed(wanted or {})

    @cached_property
    def has_columns(self) -> bool:
        """Whether values can be counted: by our own backend, if its index can be read."""
        return getattr(self._everything, "is_from_index", False)

    @cached_property
    def count(self) -> int:
        """How many results there are."""
        return self.results.count()

    def narrowed(self, wanted: Mapping[str, str]) -> "Part":
        """The same question with other facets chosen."""
        new = object.__new__(Part)
        new.source, new.query, new._everything = self.source, self.query, self._everything
        new.results = new._narrowed(wanted)
        return new

    def values(self, facet: str) -> Counter:
        """How many results have each value of a facet; empty if that can't be told."""
        if facet == "type":
            return self._types()
        if not self.has_columns:
            return Counter()
        counts: Counter = Counter()
        for value, count in self.results.counts(COLUMNS[facet]).items():
            counts[str(value)] += count
        return counts

    def _types(self) -> Counter:
        if self.source.type:
            return Counter({self.source.type: self.count}) if self.count else Counter()
        names = {pk: name for name, pk in page_types().items()}
        counts = self.results.facet(TYPE_COLUMN) if self.results.supports_facet else {}
        return Counter({names[pk]: count for pk, count in counts.items() if pk in names})

    def _narrowed(self, wanted: Mapping[str, str]) -> BaseSearchResults:
        kind = wanted.get("type", self.source.type)
        other = bool(self.source.type) != (kind == DOCUMENT)
        if not self.has_columns:
            if other:
                return self.source.queryset.none().search(self.query)
            return (
                self.source.queryset.filter(content_type_id=page_types()[kind]).search(self.query)
                if kind in page_types()
                else self._everything
            )
        columns = {COLUMNS[facet]: _as_stored(facet, value) for facet, value in wanted.items() if facet in COLUMNS}
        if kind != self.source.type or other:
            columns[TYPE_COLUMN] = page_types().get(kind)
        return self._everything.narrowed(columns)


class Together:
    """The results of several parts in one list, best first, as far as a paginator asks."""

    def __init__(self, parts: list[Part]):
        self.parts = [part for part in parts if part.count]

    def count(self) -> int:
        """How many results all parts have."""
        return sum(part.count for part in self.parts)

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, wanted: slice) -> list:
        """The results from one place to another, fetched with one query for each part."""
        start, stop = wanted.start or 0, wanted.stop if wanted.stop is not None else self.count()
        order = self._order(stop)
        before, inside = Counter(order[:start]), Counter(order[start:stop])
        fetched = {number: iter(self.parts[number].results[before[number] : before[number] + most]) for number, most in inside.items()}
        found = (next(fetched[number], None) for number in order[start:stop])
        # None: hidden or deleted since it was indexed.
        return [result for result in found if result is not None]

    def _order(self, stop: int) -> list[int]:
        """For each of the first places the number of the part that its result is from."""
        if not all(part.has_columns for part in self.parts):
            # Scores of other backends don't compare: one part after the other.
            return [number for number, part in enumerate(self.parts) for _ in range(part.count)][:stop]
        ranked = [(-score, number) for number, part in enumerate(self.parts) for score in part.results.best_scores(stop).tolist()]
        return [number for _, number in sorted(ranked)[:stop]]


def _as_stored(facet: str, value: str) -> object:
    return int(value) if facet == "year" else value
