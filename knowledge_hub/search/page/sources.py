"""Sources of the search page: public pages and documents in one language, and the results of a query in each."""

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

# Facet to the filter field whose values are counted; both pages and documents have these fields.
COLUMNS = {"topic": "dimensions", "year": "subject_year"}
TYPE_COLUMN = "content_type_id"
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


def page_type_ids() -> dict[str, int]:
    """Model names of all page types with their content types; no query once these are cached."""
    return {kind.model: kind.pk for kind in ContentType.objects.get_for_models(*get_page_models()).values()}


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

    def narrowed(self, wanted: Mapping[str, str]) -> "SourceResults":
        """Results of the same query with other facets chosen.

        Args:
            wanted: facet to its chosen value; facets that the search backend cannot filter by are ignored.
        """
        new = object.__new__(SourceResults)
        new.source, new.query, new._unfiltered = self.source, self.query, self._unfiltered
        new.results = new._filtered(wanted)
        return new

    def values(self, facet: str) -> Counter:
        """Number of results for each value of a facet; empty if the backend cannot count them."""
        if facet == "type":
            return self._types()
        if not self.can_count:
            return Counter()
        counts: Counter = Counter()
        for value, count in self.results.counts(COLUMNS[facet]).items():
            counts[str(value)] += count
        return counts

    def _types(self) -> Counter:
        if self.source.type:
            return Counter({self.source.type: self.count}) if self.count else Counter()
        names = {pk: name for name, pk in page_type_ids().items()}
        counts = self.results.facet(TYPE_COLUMN) if self.results.supports_facet else {}
        return Counter({names[pk]: count for pk, count in counts.items() if pk in names})

    def _filtered(self, wanted: Mapping[str, str]) -> BaseSearchResults:
        kind = wanted.get("type", self.source.type)
        other_source = bool(self.source.type) != (kind == DOCUMENT)
        if not self.can_count:
            if other_source:
                return self.source.queryset.none().search(self.query)
            return (
                self.source.queryset.filter(content_type_id=page_type_ids()[kind]).search(self.query)
                if kind in page_type_ids()
                else self._unfiltered
            )
        columns = {COLUMNS[facet]: _as_stored(facet, value) for facet, value in wanted.items() if facet in COLUMNS}
        if kind != self.source.type or other_source:
            columns[TYPE_COLUMN] = page_type_ids().get(kind)
        return self._unfiltered.narrowed(columns)


def _as_stored(facet: str, value: str) -> object:
    return int(value) if facet == "year" else value
