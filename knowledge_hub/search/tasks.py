"""Background tasks of the search, and the receivers that enqueue them."""

from typing import Any

from django.apps import apps
from django_tasks import task
from modelsearch.backends import get_search_backend

from knowledge_hub.search import repair, signals
from knowledge_hub.search.backend import Index
from knowledge_hub.search.files import extract


def _index(label: str) -> Index:
    return get_search_backend().get_index_for_model(apps.get_model(label))


@task()
def merge_index(label: str) -> None:
    """Merge small segments of the index of a root model."""
    index = _index(label)
    with index.store.lock() as got:
        if got and index.store.needs_merge():
            index.store.merge()


@task()
def drain_index(label: str) -> None:
    """Index the changes in the outbox for the index of a root model."""
    _index(label).refresh()


@task()
def rebuild_index(label: str) -> None:
    """Rebuild the index of a root model."""
    repair.rebuild(_index(label))


@task()
def read_document(pk: int) -> None:
    """Extract the text of an uploaded document."""
    extract.read_document(pk)


def _enqueue_rebuild(sender: Any, label: str, **kwargs: Any) -> None:
    rebuild_index.enqueue(label)


def _enqueue_indexing(sender: Any, label: str, **kwargs: Any) -> None:
    drain_index.enqueue(label)


def _enqueue_merge(sender: Any, label: str, **kwargs: Any) -> None:
    merge_index.enqueue(label)


def _enqueue_reading(sender: Any, pk: int, **kwargs: Any) -> None:
    read_document.enqueue(pk)


def connect() -> None:
    """Connect the receivers to signals.py; called once when the app is ready."""
    signals.rebuild_requested.connect(_enqueue_rebuild, dispatch_uid="search-rebuild")
    signals.indexing_requested.connect(_enqueue_indexing, dispatch_uid="search-index")
    signals.merge_requested.connect(_enqueue_merge, dispatch_uid="search-merge")
    signals.reading_requested.connect(_enqueue_reading, dispatch_uid="search-read")
