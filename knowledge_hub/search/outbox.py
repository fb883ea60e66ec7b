"""Outbox of changes to index: written in the transaction of the change, indexed after commit under the write lock.

Changes of a web request are indexed once, after the response; other changes right after the commit. Each process tries to get the
lock of the index without waiting: the process that gets it indexes all waiting changes in one commit, the others continue. Nothing
is indexed before its transaction is committed, so a rollback needs no cleanup. A row is deleted after its change is on disk, so a
killed process loses nothing: remaining rows are indexed within a minute.
"""

from collections.abc import Iterable
from typing import Any

from asgiref.local import Local
from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.db.models import Manager, QuerySet
from modelsearch.backends import get_search_backend
from modelsearch.index import get_indexed_instance

from knowledge_hub.search import repair, signals
from knowledge_hub.search.engine.index import SearchIndex
from knowledge_hub.search.engine.schema import PreparedDocument
from knowledge_hub.search.engine.storage import IndexDamaged

BATCH = 200
# Limits the work of one process while others add changes; a worker continues.
MAX_BATCHES = 20

_request = Local()


def is_installed() -> bool:
    """Whether there is an outbox table; without it (in another project) changes are indexed immediately."""
    return apps.is_installed("knowledge_hub")


def _changes() -> Manager:
    return apps.get_model("knowledge_hub", "SearchChange").objects


def record(index: SearchIndex, keys: Iterable[object]) -> None:
    """Record changed objects, to be indexed after commit.

    Args:
        index: their Index.
        keys: their primary keys.
    """
    rows = [{"index": index.name, "key": str(key)} for key in keys]
    if not rows:
        return
    changes = _changes()
    changes.bulk_create([changes.model(**row) for row in rows])
    transaction.on_commit(lambda: _drain_soon(index), robust=True)


def _drain_soon(index: SearchIndex) -> None:
    """Index after the response if a web request is running, otherwise now."""
    pending = getattr(_request, "pending", None)
    if pending is None:
        drain(index)
    else:
        pending[index.name] = index


def _begin_request(sender: Any, **kwargs: Any) -> None:
    _request.pending = {}


def _end_request(sender: Any, **kwargs: Any) -> None:
    pending, _request.pending = getattr(_request, "pending", None), None
    for index in (pending or {}).values():
        drain(index)


def connect() -> None:
    """Connect to the signals of web requests; called once when the app is ready."""
    request_started.connect(_begin_request, dispatch_uid="search-begin-request")
    request_finished.connect(_end_request, dispatch_uid="search-end-request")


def drain(index: SearchIndex) -> int:
    """Index the waiting changes, unless another process is indexing.

    Returns:
        Number of written or removed objects.
    """
    if not is_installed():
        return 0
    done, batches = 0, MAX_BATCHES
    while _waiting(index).exists():
        if not batches:
            signals.indexing_requested.send(sender=None, label=index.root._meta.label)
            break
        # Changes recorded while the lock is released are found by this loop or by the process that recorded them.
        with index.store.lock(wait=0) as got:
            if not got or index.store.live_generation() is None:
                return done
            try:
                while batches and (rows := _next_rows(index)):
                    done += _write(index, rows)
                    batches -= 1
            except IndexDamaged as error:
                repair.report_damaged(index, error)
                return done
    if done and index.store.needs_merge():
        signals.merge_requested.send(sender=None, label=index.root._meta.label)
    return done


def drain_leftovers() -> None:
    """Have a worker index the changes that a stopped process has left."""
    left = set(_changes().filter(applied=False).values_list("index", flat=True).distinct())
    for index in get_search_backend().all_indexes() if left else ():
        if index.name in left:
            signals.indexing_requested.send(sender=None, label=index.root._meta.label)


def requeue_for_new_generation(index: SearchIndex) -> None:
    """Have changes indexed again that were made during a rebuild and that only the old generation contains.

    Called with the lock, right before the new generation replaces the old one. Afterwards it would be too late: the next drain, or a
    process killed in between, would lose these changes, because no rebuild would be running any more.
    """
    if is_installed():
        _changes().filter(index=index.name, applied=True).update(applied=False)


def _waiting(index: SearchIndex) -> QuerySet:
    return _changes().filter(index=index.name, applied=False)


def _next_rows(index: SearchIndex) -> list[tuple[int, str]]:
    return list(_waiting(index).order_by("pk").values_list("pk", "key")[:BATCH])


def _write(index: SearchIndex, rows: list[tuple[int, str]]) -> int:
    # Checked before the objects are read: a rebuild that starts later reads them itself.
    rebuilding = index.store.is_rebuilding()
    documents, gone = _documents(index, list(dict.fromkeys(key for _, key in rows)))
    index.store.write(documents, gone)
    handled = _changes().filter(pk__in=[pk for pk, _ in rows])
    if rebuilding:
        handled.update(applied=True)
    else:
        handled.delete()
        _changes().filter(index=index.name, applied=True).delete()
    return len(documents) + len(gone)


def _documents(index: SearchIndex, keys: list[str]) -> tuple[dict[str, PreparedDocument], list[str]]:
    """Index documents of the objects with these keys, and the keys without a document, which are removed from the index."""
    instances = map(get_indexed_instance, index.root._default_manager.filter(pk__in=keys))
    documents = index.layout.documents(instance for instance in instances if instance is not None)
    return documents, [key for key in keys if key not in documents]
