"""Background work of the search: thin, each task calls one function with the name of a model."""

from django.apps import apps
from django_tasks import task
from modelsearch.backends import get_search_backend


def _index(label: str):
    return get_search_backend().get_index_for_model(apps.get_model(label))


@task()
def merge_index(label: str) -> None:
    """Join small segments of the index of a root model."""
    index = _index(label)
    with index.store.lock() as got:
        if got and index.store.wants_merge():
            index.store.merge()


@task()
def drain_index(label: str) -> None:
    """Index what waits in the outbox for the index of a root model."""
    _index(label).refresh()


@task()
def rebuild_index(label: str) -> None:
    """Build the index of a root model anew, beside the one that is there."""
    from knowledge_hub.search.health import rebuild

    rebuild(_index(label))


@task()
def read_document(pk: int) -> None:
    """Read the text of one uploaded document."""
    from knowledge_hub.search.files import extract

    extract.read_document(pk)
