"""The search backend that modelsearch, and therefore Wagtail, calls.

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "knowledge_hub.search.backend", "PATH": ..., "MEMORY_MB": 128}}
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Model
from modelsearch.backends.base import BaseIndex, BaseSearchBackend, get_model_root
from modelsearch.index import class_is_indexed

from knowledge_hub.search import outbox
from knowledge_hub.search.engine.index import MEGABYTE, Generation, store
from knowledge_hub.search.engine.schema import Layout
from knowledge_hub.search.query_compiler import AutocompleteCompiler, QueryCompiler
from knowledge_hub.search.results import SearchResults

DEFAULT_MEMORY_MB = 128


@cache
def layout_of(root: type[Model]) -> Layout:
    """Layout of a root model; cached, because models do not change while a process runs."""
    return Layout(root)


class Index(BaseIndex):
    """The index of a root model and its children."""

    def __init__(self, backend: "SearchBackend", root: type[Model]):
        super().__init__(backend)
        self.root = root
        self.newest_layout = layout_of(root)
        self.name = self.newest_layout.name
        self.store = store(backend.path / self.name, backend.memory)

    def __str__(self) -> str:
        return self.name

    @property
    def layout(self) -> Layout:
        """Layout of the live generation, which may be older than the models."""
        return self.newest_layout.numbered(self.store.numbering())

    def get_key(self) -> str:
        """Name of the index."""
        return self.name

    def refresh(self) -> None:
        """Index the changes in the outbox, so that the next search finds them."""
        outbox.drain(self)

    def reset(self) -> None:
        """Replace the index by an empty one."""
        self.store.reset(self.newest_layout)

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        """Index objects: after commit if there is an outbox, otherwise now.

        Args:
            model: their model; ignored if it has no search fields.
            items: the objects, a list or a queryset.
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

    def delete_item(self, item: Model) -> None:
        """Remove an object from the index: after commit if there is an outbox, otherwise now."""
        if not class_is_indexed(type(item)):
            return
        if outbox.is_installed():
            outbox.record(self, [item.pk])
            return
        with self.store.lock():
            self.store.write({}, [str(item.pk)])


class NewIndex(Index):
    """A new generation of an index during a rebuild."""

    def __init__(self, live: Index):
        super().__init__(live.backend, live.root)
        self.generation = Generation(self.store, self.newest_layout)

    @property
    def layout(self) -> Layout:
        """Layout of the current models."""
        return self.newest_layout

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        """Add objects to the new generation."""
        if class_is_indexed(model):
            self.generation.add(self.layout.documents(items))


class Rebuilder:
    """Builds a new generation beside the live one, which serves searches meanwhile."""

    def __init__(self, index: Index):
        self.index = index

    def start(self) -> NewIndex:
        """Create the new generation; returns the index to fill."""
        self.new = NewIndex(self.index)
        return self.new

    def abandon(self) -> None:
        """Delete the unfinished generation; the live one stays."""
        self.new.generation.abandon()

    def finish(self) -> None:
        """Make the new generation the live one, including changes made during the rebuild."""
        with self.index.store.lock(wait=None):
            outbox.requeue_for_new_generation(self.index)
            self.new.generation.finish()
        outbox.drain(self.index)


class SearchBackend(BaseSearchBackend):
    """Search backend with Whoosh indexes that are searched with numpy. See docs/search.md."""

    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    results_class = SearchResults
    rebuilder_class = Rebuilder
    catch_indexing_errors = True

    def __init__(self, params: dict[str, Any]):
        super().__init__(params)
        self.path = Path(params["PATH"])
        self.memory = int(params.get("MEMORY_MB", DEFAULT_MEMORY_MB)) * MEGABYTE

    def get_index_for_model(self, model: type[Model]) -> Index:
        """Index of the model's root model: all page types share one."""
        return Index(self, get_model_root(model))
