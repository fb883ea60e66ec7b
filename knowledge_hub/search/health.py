"""What happens when an index is missing or can't be read: it is noticed, reported, rebuilt; meanwhile titles are matched."""

import logging

from django.db.models import CharField, Q, TextField
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Or, Phrase, PlainText

from knowledge_hub.search import outbox
from knowledge_hub.search.words.analysis import query_words

logger = logging.getLogger(__name__)
MAX_WORDS = 10
CHUNK = 500


def report_unreadable(index, error: Exception | str) -> None:
    """Write an index's trouble down, once, and leave its rebuilding to a worker."""
    if not index.store.mark_broken(str(error) or type(error).__name__):
        return
    logger.error("Search index %s can't be read (%s); answering from titles until it is rebuilt.", index.name, error)
    if outbox.is_installed():
        from knowledge_hub.search.tasks import rebuild_index

        rebuild_index.enqueue(index.root._meta.label)


def report_outdated(index) -> None:
    """Have an index rebuilt whose models or rules have changed; what was indexed for the old ones serves until then."""
    if not index.store.mark_outdated(index.newest_layout.numbering.version):
        return
    logger.warning("Search index %s was built for other models or rules; it is served until it is rebuilt.", index.name)
    if outbox.is_installed():
        from knowledge_hub.search.tasks import rebuild_index

        rebuild_index.enqueue(index.root._meta.label)


def rebuild(index) -> int:
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
        for model in index.layout.models:
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


def title_matches(compiler):
    """A queryset with the objects whose title or name holds every word of the query; what can't be said so plainly finds nothing.

    Args:
        compiler: the query compiler of the search.
    """
    queryset = compiler.queryset if not compiler.order_by_relevance else compiler.queryset.order_by("pk")
    condition = _condition(compiler.query, _title_field(queryset.model))
    return queryset.none() if condition is None else queryset.filter(condition)


def _title_field(model) -> str | None:
    names = {field.name for field in model._meta.get_fields() if isinstance(field, CharField | TextField)}
    preferred = [field.field_name for field in model.get_searchable_search_fields() if field.field_name in names]
    return preferred[0] if preferred else None


def _condition(query, field: str | None) -> Q | None:
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
