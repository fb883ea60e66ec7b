"""Search in titles in the database, while there is no readable index."""

from typing import Any

from django.db.models import CharField, Q, QuerySet, TextField
from modelsearch.backends.base import BaseSearchQueryCompiler
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Or, Phrase, PlainText, SearchQuery

from knowledge_hub.search.words.analysis import query_words

MAX_WORDS = 10


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
