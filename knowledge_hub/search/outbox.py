"""Changes waiting to be indexed: written in the transaction of the change, drained after commit under the write lock.

Whoever commits a change tries the lock of the index without waiting. The one that gets it indexes everything that waits, its own
changes and those of others, in one commit; the others go on with their work. Nothing is indexed before its transaction is committed,
so a rollback leaves nothing behind; a row leaves only after its change is on disk, so a killed process loses nothing.
"""

from django.apps import apps
from django.db import transaction

from knowledge_hub.search.engine.storage import UNREADABLE

BATCH = 200
# So that one request does not work for ever while others keep changing things; a worker goes on.
MAX_BATCHES = 20


def is_installed() -> bool:
    """Whether there is an outbox table; without one (in another project) changes are indexed at once."""
    return apps.is_installed("knowledge_hub")


def _changes():
    from knowledge_hub.models.search import SearchChange

    return SearchChange.objects


def record(index, keys) -> None:
    """Note that objects changed, and have them indexed when the transaction is committed.

    Args:
        index: their Index.
        keys: primary keys.
    """
    rows = [{"index": index.name, "key": str(key)} for key in keys]
    if not rows:
        return
    changes = _changes()
    changes.bulk_create([changes.model(**row) for row in rows])
    transaction.on_commit(lambda: drain(index), robust=True)


def drain(index) -> int:
    """Index what waits, if nobody else is at it.

    Returns:
        How many objects were written or removed.
    """
    from knowledge_hub.search import health, tasks

    if not is_installed():
        return 0
    done, batches = 0, MAX_BATCHES
    while _waiting(index).exists():
        if not batches:
            tasks.drain_index.enqueue(index.root._meta.label)
            break
        # A change that was noted while the lock was given back is seen by this loop or by the one who noted it.
        with index.store.lock(wait=0) as got:
            if not got or index.store.live_generation() is None:
                return done
            try:
                while batches and (rows := _next_rows(index)):
                    done += _write(index, rows)
                    batches -= 1
            except UNREADABLE as error:
                health.report_unreadable(index, error)
                return done
    if done and index.store.wants_merge():
        tasks.merge_index.enqueue(index.root._meta.label)
    return done


def drain_what_was_left() -> None:
    """Have a worker index what a process left waiting that was stopped right after its commit."""
    from modelsearch.backends import get_search_backend

    from knowledge_hub.search import tasks

    left = set(_changes().filter(applied=False).values_list("index", flat=True).distinct())
    for index in get_search_backend().all_indexes() if left else ():
        if index.name in left:
            tasks.drain_index.enqueue(index.root._meta.label)


def wait_again(index) -> None:
    """Have everything indexed again that changed while a generation was built, and that the live one already has.

    Called under the index's lock, right before the new generation takes over. After it would be too late: whoever drains first, or
    a process killed in between, would forget these changes, because nothing is being rebuilt any more.
    """
    if is_installed():
        _changes().filter(index=index.name, applied=True).update(applied=False)


def _waiting(index):
    return _changes().filter(index=index.name, applied=False)


def _next_rows(index) -> list[tuple[int, str]]:
    return list(_waiting(index).order_by("pk").values_list("pk", "key")[:BATCH])


def _write(index, rows: list[tuple[int, str]]) -> int:
    # Read before the objects: a rebuild that begins later reads them itself.
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


def _documents(index, keys: list[str]) -> tuple[dict[str, dict], list[str]]:
    """Documents of the objects that are to be in the index, and keys of those that are not or no longer."""
    from modelsearch.index import get_indexed_instance

    instances = map(get_indexed_instance, index.root._default_manager.filter(pk__in=keys))
    documents = index.layout.documents(instance for instance in instances if instance is not None)
    return documents, [key for key in keys if key not in documents]
