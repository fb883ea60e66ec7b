"""The search backend: what modelsearch, and with it Wagtail, calls.

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "knowledge_hub.search.backend", "PATH": ..., "MEMORY_MB": 128}}
"""

import logging
from collections import Counter, OrderedDict
from functools import cache
from pathlib import Path

import numpy as np
from modelsearch.backends.base import BaseIndex, BaseSearchBackend, BaseSearchResults, FilterFieldError, get_model_root
from modelsearch.index import class_is_indexed

from knowledge_hub.search import health, outbox
from knowledge_hub.search.compile import AutocompleteCompiler, QueryCompiler
from knowledge_hub.search.index import MEGABYTE, Generation, IndexUnavailableError, store
from knowledge_hub.search.schema import Layout
from knowledge_hub.search.storage import UNREADABLE
from knowledge_hub.search.values import decode_value

logger = logging.getLogger(__name__)

DEFAULT_MEMORY_MB = 128
# As many primary keys as one SQL statement may carry on every supported database.
KEYS_PER_QUERY = 900


@cache
def layout_of(root) -> Layout:
    """The layout of a root model; models don't change while a process runs."""
    return Layout(root)


class Index(BaseIndex):
    """One index: all models below one root model."""

    def __init__(self, backend, root):
        super().__init__(backend)
        self.root = root
        self.newest_layout = layout_of(root)
        self.name = self.newest_layout.name
        self.store = store(backend.path / self.name, backend.memory)

    def __str__(self):
        return self.name

    @property
    def layout(self) -> Layout:
        """The layout of the live generation, which may be older than the models."""
        return self.newest_layout.numbered(self.store.numbering())

    def get_key(self):
        """The name: an index per root model."""
        return self.name

    def refresh(self):
        """Index what waits in the outbox; the next search sees it."""
        outbox.drain(self)

    def reset(self):
        """Start with an empty index."""
        self.store.reset(self.newest_layout)

    def add_items(self, model, items):
        """Have objects indexed: after commit if there is an outbox, otherwise now.

        Args:
            model: their model; one without search fields is ignored.
            items: objects, a list or a queryset.
        """
        if not class_is_indexed(model):
            return
        if outbox.is_installed():
            outbox.record(self, [item.pk for item in items])
            return
        documents = self.layout.documents(items)
        if documents:
            with self.store.lock():
                self.store.write(documents)

    def delete_item(self, item):
        """Have an object removed: after commit if there is an outbox, otherwise now."""
        if not class_is_indexed(type(item)):
            return
        if outbox.is_installed():
            outbox.record(self, [item.pk])
            return
        with self.store.lock():
            self.store.write({}, [str(item.pk)])


class NewIndex(Index):
    """An index while it is rebuilt beside the live one."""

    def __init__(self, live: Index):
        super().__init__(live.backend, live.root)
        self.generation = Generation(self.store, self.newest_layout)

    @property
    def layout(self) -> Layout:
        """The layout of the models as they are."""
        return self.newest_layout

    def add_items(self, model, items):
        """Write objects into the new generation."""
        if class_is_indexed(model):
            self.generation.add(self.layout.documents(items))


class Rebuilder:
    """Builds a generation beside the live one and swaps it in; searches go on meanwhile."""

    def __init__(self, index: Index):
        self.index = index

    def start(self) -> NewIndex:
        """The index to fill."""
        self.new = NewIndex(self.index)
        return self.new

    def abandon(self) -> None:
        """Throw the unfinished generation away; the live one stays."""
        self.new.generation.abandon()

    def finish(self) -> None:
        """Make the new generation the live one, with what changed while it was built."""
        with self.index.store.lock(wait=None):
            outbox.wait_again(self.index)
            self.new.generation.finish()
        outbox.drain(self.index)


class SearchResults(BaseSearchResults):
    """The results of a search: found in the index, fetched from the database through the queryset that was searched."""

    supports_facet = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Shared with all slices of these results, whichever is asked first.
        self._shared: dict = {}

    def _clone(self):
        new = super()._clone()
        new._shared = self._shared
        return new

    def found(self):
        """The view and the hits in it, searched once for all slices of these results; None if there is no readable index."""
        if "found" not in self._shared:
            self._shared["found"] = self._find()
        return self._shared["found"]

    def _find(self):
        compiler = self.query_compiler
        index = self.backend.get_index_for_model(compiler.queryset.model)
        try:
            view = index.store.view()
        except IndexUnavailableError as error:
            return self._from_titles(index, error)
        layout = index.newest_layout.numbered(view.numbering)
        if layout is not index.newest_layout:
            health.report_outdated(index)
        query, restriction = compiler.build(layout)
        try:
            hits = view.find(query, restriction)
        except UNREADABLE as error:
            return self._from_titles(index, error)
        if compiler.ask_database:
            hits = hits.where(self._allowed(view, hits))
        return view, hits

    def _from_titles(self, index, error: Exception):
        health.report_unreadable(index, error)
        return None, health.title_matches(self.query_compiler)

    def _allowed(self, view, hits):
        keys = view.keys(hits.docs)
        allowed = {str(pk) for pk in self._in_database(keys).values_list("pk", flat=True)}
        return np.fromiter((key in allowed for key in keys), bool, len(keys))

    def _in_database(self, keys):
        return self.query_compiler.queryset.order_by().filter(pk__in=keys)

    def _do_search(self):
        compiler = self.query_compiler
        view, hits = self.found()
        if view is None:
            yield from hits[self.start : self.stop]
            return
        if not compiler.order_by_relevance:
            yield from self._in_database_order(view, hits)
            return
        best = view.best(hits, self.start, self.stop)
        keys = view.keys(hits.docs[best])
        objects = {str(obj.pk): obj for obj in self._fetch(keys)}
        for key, doc, score in zip(keys, hits.docs[best], hits.scores[best], strict=True):
            obj = objects.get(key)
            # None: deleted or hidden since it was indexed. The database is right.
            if obj is not None:
                if self._score_field:
                    setattr(obj, self._score_field, float(score))
                obj.search_document = (view, int(doc))
                yield obj

    def _fetch(self, keys):
        for at in range(0, len(keys), KEYS_PER_QUERY):
            yield from self._in_database(keys[at : at + KEYS_PER_QUERY])

    def _in_database_order(self, view, hits):
        keys = view.keys(hits.docs)
        scores = dict(zip(keys, hits.scores, strict=True))
        queryset = self.query_compiler.queryset.filter(pk__in=keys)
        if not queryset.ordered:
            queryset = queryset.order_by("-pk")
        for obj in queryset[self.start : self.stop]:
            if self._score_field:
                setattr(obj, self._score_field, float(scores[str(obj.pk)]))
            yield obj

    def _do_count(self):
        _, hits = self.found()
        count = len(hits) if hasattr(hits, "docs") else hits.count()
        stop = count if self.stop is None else min(count, self.stop)
        return max(stop - self.start, 0)

    def facet(self, field_name):
        """How many results have each value of a filter field, most frequent first; None counts those without a value.

        Raises:
            FilterFieldError: the model has no such filter field.
        """
        counts, kind = self._counted(field_name)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))
        return OrderedDict((decode_value(value, kind), count) for value, count in ordered)

    def year_facet(self, field_name):
        """How many results have a date of each year in a date field; those without a date are not counted.

        Raises:
            FilterFieldError: the model has no such filter field.
        """
        years: Counter = Counter()
        for value, count in self._counted(field_name)[0].items():
            if value is not None:
                years[int(value[1:5])] += count
        return years

    def _counted(self, field_name):
        """Encoded values with their counts, and Django's name for the kind of the field."""
        model = self.query_compiler.queryset.model
        field = next((f for f in model.get_filterable_search_fields() if field_name in (f.field_name, f.get_attname(model))), None)
        if field is None:
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". '
                f"Please add index.FilterField('{field_name}') to {model.__name__}.search_fields.",
                field_name=field_name,
            )
        view, hits = self.found()
        if view is None:
            return {}, ""
        number = self.backend.get_index_for_model(model).layout.filters.get(field.get_attname(model))
        if number is None:
            # A field that the models got after the index was built.
            return {}, ""
        return view.facet(hits, number), field.get_type(model)


class SearchBackend(BaseSearchBackend):
    """Whoosh on disk, read through arrays. See docs/search.md."""

    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    results_class = SearchResults
    rebuilder_class = Rebuilder
    catch_indexing_errors = True

    def __init__(self, params):
        super().__init__(params)
        self.path = Path(params["PATH"])
        self.memory = int(params.get("MEMORY_MB", DEFAULT_MEMORY_MB)) * MEGABYTE

    def get_index_for_model(self, model):
        """The index of a model's root model: all pages share one."""
        return Index(self, get_model_root(model))
