"""Handles missing, damaged and outdated indexes: reports them, rebuilds them, and matches titles meanwhile."""

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
    """Record that an index is damaged, log it once, and ask for its rebuild, at most MAX_REBUILDS times an hour.

    Args:
        index: an Index of the backend.
        error: the exception, whose traceback is logged, or a sentence.
    """
    if not index.store.mark_broken(str(error) or type(error).__name__):
        return
    traceback = error if isinstance(error, Exception) else None
    logger.error("Search index %s is damaged (%s); titles are searched until it is rebuilt.", index.name, error, exc_info=traceback)
    if index.store.may_rebuild():
        signals.rebuild_wanted.send(sender=None, label=index.root._meta.label)
    else:
        logger.error("Search index %s was damaged again soon after rebuilds; run manage.py doctor.", index.name)


def report_outdated(index: SearchIndex) -> None:
    """Ask for the rebuild of an index whose models or rules have changed; the old one is used until then."""
    if not index.store.mark_outdated(index.newest_layout.numbering.version):
        return
    logger.warning("Search index %s was built for other models or rules; it is used until it is rebuilt.", index.name)
    signals.rebuild_wanted.send(sender=None, label=index.root._meta.label)


def rebuild(index: BaseIndex) -> int:
    """Build one index anew beside the live one and swap it in.

    Args:
        index: an Index of the backend.

    Returns:
        How many objects were indexed.
    """
    rebuilder = index.backend.rebuilder_class(index)
    new = rebuilder.start()
    count = 0
    try:
        for model in index.newest_layout.models:
            last = None
            while True:
                # By key and not by number, so that no transaction is held open and nothing is left out when rows come and go.
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
    """A queryset with the objects whose title or name holds every word of the query; what can't be said so plainly finds nothing.

    Args:
        compiler: the query compiler of the search.
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
