"""Handles missing, damaged and outdated indexes: reports them, rebuilds them, and searches titles in the meantime."""

import logging
from typing import Any

from django.db.models import CharField, Q, QuerySet, TextField
from modelsearch.backends.base import BaseIndex, BaseSearchQueryCompiler
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Or, Phrase, PlainText, SearchQuery

from knowledge_hub.search import signals
from knowledge_hub.search.engine.index import SearchIndex
from knowledge_hub.search.words.analysis import query_words

logger = logging.getLogger(__name__)
MAX_WORDS = 10
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


def title_matches(compiler: BaseSearchQueryCompiler) -> QuerySet:
    """Objects whose title or name contains all words of the query; none for queries that titles cannot answer.

    Args:
        compiler: query compiler of the search.
    """
    queryset = compiler.queryset if not compiler.order_by_relevance else compiler.queryset.order_by("pk")
    condition = _condition(compiler.query, _title_field(queryset.model))
    return queryset.none() if condition is None else queryset.filter(condition)


def _title_field(model: Any) -> str | None:
    names = {field.name for field in model._meta.get_fields() if isinstance(field, CharField | TextField)}
    preferred = [field.field_name for field in model.get_searchable_search_fields() if field.field_name in names]
    return preferred[0] if preferred else None


def _condition(query: SearchQuery, field: str | None) -> Q | None:
    if isinstance(query, MatchAll):
        return Q()
    if field is None:
        return None
    if isinstance(query, Boost):
        return _condition(query.subquery, field)
    if isinstance(query, PlainText | Fuzzy | Phrase):
        condition = Q()
        for word in query_words(query.query_string, "id")[:MAX_WORDS]:
            condition &= Q(**{f"{field}__icontains": word})
        return condition or None
    if isinstance(query, And | Or):
        parts = [part for part in (_condition(sub, field) for sub in query.subqueries) if part is not None]
        if not parts or (isinstance(query, And) and len(parts) < len(query.subqueries)):
            return None
        condition = parts[0]
        for part in parts[1:]:
            condition = condition & part if isinstance(query, And) else condition | part
        return condition
    return None
