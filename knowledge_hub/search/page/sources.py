"""Sources of the search page: public pages and documents in one language, and the results of a query in each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from modelsearch.backends.base import BaseSearchResults
from modelsearch.query import SearchQuery
from modelsearch.queryset import SearchableQuerySetMixin

from knowledge_hub.catalogue.facets import TYPE, Facet
from knowledge_hub.core import audience
from knowledge_hub.search.page import documents

DOCUMENT = "document"


@dataclass(frozen=True)
class Source:
    """Public objects of one kind in one language.

    Attributes:
        type: their value in the facet of types; empty for pages, because each page type is a value.
    """

    queryset: SearchableQuerySetMixin
    language: str
    type: str = ""


def sources(language: str) -> list[Source]:
    """The sources that are searched in a language: pages, then documents."""
    pages = audience.public_pages().filter(locale_id=audience.locale_id(language))
    return [Source(pages, language), Source(documents.findable(language), language, DOCUMENT)]


def is_type(facet: Facet) -> bool:
    """Whether a facet is that of types, which every search backend can filter by and count."""
    return facet.column == TYPE.column


class SourceResults:
    """Results of a query in one source, without a choice of facets.

    Attributes:
        results: the results of the search backend.
    """

    def __init__(self, source: Source, query: SearchQuery):
        self.source = source
        self.query = query
        self._unfiltered = self.results = source.queryset.search(query)

    @cached_property
    def can_count(self) -> bool:
        """Whether facet values can be counted: with our own backend, if its index can be read."""
        return getattr(self._unfiltered, "is_from_index", False)

    @cached_property
    def count(self) -> int:
        """Number of results."""
        return self.results.count()

    def narrowed(self, wanted: Mapping[Facet, str]) -> "SourceResults":
        """Results of the same query with other facets chosen.

        Args:
            wanted: facet to its chosen value; if the backend cannot count, only the type is regarded.
        """
        new = object.__new__(SourceResults)
        new.source, new.query, new._unfiltered = self.source, self.query, self._unfiltered
        new.results = new._filtered(wanted)
        return new

    def values(self, facet: Facet) -> Counter:
        """Number of results for each value of a facet; empty if the backend cannot count them."""
        if is_type(facet) and self.source.type:
            return Counter({self.source.type: self.count}) if self.count else Counter()
        if self.can_count:
            counts = self.results.counts(facet.column)
        elif is_type(facet) and self.results.supports_facet:
            counts = self.results.facet(facet.column)
        else:
            return Counter()
        values = {stored: value for value, stored in facet.stored_values().items()}
        return Counter({values[stored]: count for stored, count in counts.items() if stored in values})

    def _filtered(self, wanted: Mapping[Facet, str]) -> BaseSearchResults:
        if self.can_count:
            # All objects of the source have its type, but no column for it.
            others = {facet: value for facet, value in wanted.items() if not (is_type(facet) and value == self.source.type)}
            return self._unfiltered.narrowed({facet.column: facet.stored_values().get(value) for facet, value in others.items()})
        kind = next((value for facet, value in wanted.items() if is_type(facet)), self.source.type)
        if kind == self.source.type:
            return self._unfiltered
        ids = {} if self.source.type else TYPE.stored_values()
        queryset = self.source.queryset.filter(content_type_id=ids[kind]) if kind in ids else self.source.queryset.none()
        return queryset.search(self.query)
