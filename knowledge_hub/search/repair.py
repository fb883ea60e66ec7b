"""Repairs damaged and outdated indexes: reports them, which requests their rebuild, and rebuilds them."""

import logging

from modelsearch.backends.base import BaseIndex

from knowledge_hub.search import signals
from knowledge_hub.search.engine.index import SearchIndex

logger = logging.getLogger(__name__)
CHUNK = 500


def report_damaged(index: SearchIndex, error: Exception | str) -> None:
    """Record that an index is damaged, log it once, and request a rebuild, at most MAX_REBUILDS times an hour.

    Args:
        index: an Index of the backend.
        error: the exception, logged with its traceback, or a sentence.
    """
    if not index.store.mark_broken(str(error) or type(error).__name__):
        return
    traceback = error if isinstance(error, Exception) else None
    logger.error("Search index %s is damaged (%s); titles are searched until it is rebuilt.", index.name, error, exc_info=traceback)
    if index.store.may_rebuild():
        signals.rebuild_requested.send(sender=None, label=index.root._meta.label)
    else:
        logger.error("Search index %s was damaged again soon after rebuilds; run manage.py doctor.", index.name)


def report_outdated(index: SearchIndex) -> None:
    """Request the rebuild of an index that was built for other models or rules; it is used until then."""
    if not index.store.mark_outdated(index.newest_layout.numbering.version):
        return
    logger.warning("Search index %s was built for other models or rules; it is used until it is rebuilt.", index.name)
    signals.rebuild_requested.send(sender=None, label=index.root._meta.label)


def rebuild(index: BaseIndex) -> int:
    """Rebuild one index beside the live one.

    Args:
        index: an Index of the backend.

    Returns:
        Number of indexed objects.
    """
    rebuilder = index.backend.rebuilder_class(index)
    new = rebuilder.start()
    count = 0
    try:
        for model in index.newest_layout.models:
            last = None
            while True:
                # In chunks by primary key, so that no transaction stays open and no object is skipped if rows are added or deleted.
                chunk = model.get_indexed_objects().order_by("pk")
                items = list((chunk if last is None else chunk.filter(pk__gt=last))[:CHUNK])
                if not items:
                    break
                new.add_items(model, items)
                count += len(items)
                last = items[-1].pk
    except BaseException:
        rebuilder.abandon()
        raise
    rebuilder.finish()
    return count
