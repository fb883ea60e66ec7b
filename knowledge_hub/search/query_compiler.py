"""Compiles modelsearch queries and Django querysets into query plans of the engine."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Subquery
from django.db.models.lookups import Lookup
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import MULTI, SINGLE
from django.db.models.sql.where import AND, WhereNode
from modelsearch.backends.base import BaseSearchQueryCompiler, SearchFieldError
from modelsearch.index import BaseField, RelatedFields
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.filter_values import LAST, encode_value
from knowledge_hub.search.engine.schema import MAX_PREFIX_LENGTH, Layout
from knowledge_hub.search.words.analysis import DEFAULT_LANGUAGE, LANGUAGES, language_of, query_words, stem, words
from knowledge_hub.search.words.query_parser import InFields
from knowledge_hub.search.words.synonyms import Group, alternatives

# Maximum number of words of a query; further words are ignored.
MAX_WORDS = 50
# Maximum number of additional words of a query: synonyms and similar words.
MAX_EXPANSIONS = 1000
# Maximum number of words whose similar words are searched, because each search scans the vocabulary.
MAX_SIMILAR = 8
MAX_SIMILAR_WORDS = 100
MAX_DEPTH = 50
# Boost of a synonym in relation to the typed word.
SYNONYM = 0.5
# Filter fields that contain the language of an object: of pages, and of documents.
_LANGUAGE_FILTERS = {"locale_id", "language"}
NO_DOCUMENT = plan.HasValue(0, frozenset())


class QueryCompiler(BaseSearchQueryCompiler):
    """Compiles whole-word searches."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Set while filters are compiled: the index alone cannot decide, so the database filters the results, too.
        self.ask_database = False
        self._relations_seen: set[tuple[str, ...]] = set()
        self._words_left = MAX_WORDS
        self._expansions_left = MAX_EXPANSIONS
        self._similar_left = MAX_SIMILAR
        self._unknown_filter = False

    def build(self, layout: Layout) -> tuple[plan.Node, plan.Filter]:
        """Compile query and filters.

        Args:
            layout: layout of the queryset's root model.

        Returns:
            A query node and a filter node.
        """
        self.layout = layout
        self._words_left = MAX_WORDS
        self._expansions_left = MAX_EXPANSIONS
        self._similar_left = MAX_SIMILAR
        self._relations_seen = set()
        self._unknown_filter = False
        self.ask_database = False
        self.languages = self._languages()
        self.field_mask = self._field_mask()
        return self._compile(self.query, 1.0, 0), self._restriction()

    def _field_mask(self) -> int:
        return _mask(self.fields, self.layout.fields)

    def _languages(self) -> tuple[str, ...]:
        """Languages whose stems are searched: the language that the queryset filters by, otherwise all."""
        if not _LANGUAGE_FILTERS & self.layout.filters.keys():
            return (DEFAULT_LANGUAGE,)
        where = self.queryset.query.where
        if where.connector == AND and not where.negated:
            for child in where.children:
                target = getattr(getattr(child, "lhs", None), "target", None)
                if target is None or target.attname not in _LANGUAGE_FILTERS or child.lookup_name != "exact":
                    continue
                code = _locale_code(child.rhs) if isinstance(child.rhs, int) else child.rhs if isinstance(child.rhs, str) else None
                return (language_of(code),) if code else LANGUAGES
        return LANGUAGES

    # Query

    def _compile(self, query: SearchQuery, boost: float, depth: int) -> plan.Node:
        for kind, compiled in self._COMPILE.items():
            if isinstance(query, kind):
                return plan.NOTHING if depth > MAX_DEPTH else compiled(self, query, boost, depth)
        raise NotImplementedError(f"`{query.__class__.__name__}` is not supported by this search backend.")

    _COMPILE: dict[type, Callable[..., plan.Node]] = {
        MatchAll: lambda self, query, boost, depth: plan.MatchAll(boost),
        And: lambda self, query, boost, depth: plan.AllOf(self._compile_all(query.subqueries, boost, depth)),
        Or: lambda self, query, boost, depth: plan.AnyOf(self._compile_all(query.subqueries, boost, depth)),
        Not: lambda self, query, boost, depth: plan.Not(self._compile(query.subquery, boost, depth + 1)),
        Boost: lambda self, query, boost, depth: self._compile(query.subquery, boost * query.boost, depth + 1),
        InFields: lambda self, query, boost, depth: self._in_fields(query, boost, depth),
        PlainText: lambda self, query, boost, depth: self._compile_words(query, boost * query.boost),
        Phrase: lambda self, query, boost, depth: self._compile_phrase(query.query_string, boost),
        Fuzzy: lambda self, query, boost, depth: self._compile_fuzzy(query, boost),
    }

    def _compile_all(self, queries: Iterable[SearchQuery], boost: float, depth: int) -> tuple[plan.Node, ...]:
        return tuple(self._compile(part, boost, depth + 1) for part in queries)

    def _compile_fuzzy(self, query: Fuzzy, boost: float) -> plan.Node:
        return self._join(query.operator, [self._similar(word, boost) for word in self._words(query.query_string)])

    def _in_fields(self, query: InFields, boost: float, depth: int) -> plan.Node:
        everywhere, self.field_mask = self.field_mask, _mask(query.fields, self.layout.fields)
        try:
            return self._compile(query.subquery, boost, depth + 1) if self.field_mask else plan.NOTHING
        finally:
            self.field_mask = everywhere

    def _words(self, text: str) -> list[str]:
        found = query_words(text, self.languages[0])[: self._words_left]
        self._words_left -= len(found)
        return found

    def _compile_words(self, query: PlainText, boost: float) -> plan.Node:
        found = self._words(query.query_string)
        return self._join(query.operator, [self._word_or_synonyms(group, boost) for group in alternatives(found)])

    def _word_or_synonyms(self, group: Group, boost: float) -> plan.Node:
        """One word or several words with common synonyms; the typed words score higher than the synonyms."""
        typed, synonyms = group
        node = self._all_words(typed, boost)
        affordable = self._within_limit(synonyms)
        if not affordable:
            return node
        others = [
            plan.Phrase(synonym, boost * SYNONYM, self.field_mask) if len(synonym) > 1 else self._word(synonym[0], boost * SYNONYM)
            for synonym in affordable
        ]
        return plan.AnyOf((node, *others))

    def _within_limit(self, synonyms: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        found = []
        for synonym in synonyms:
            if len(synonym) <= self._expansions_left:
                self._expansions_left -= len(synonym)
                found.append(synonym)
        return found

    def _all_words(self, typed: Sequence[str], boost: float) -> plan.Node:
        nodes = [self._word(word, boost) for word in typed]
        return nodes[0] if len(nodes) == 1 else plan.AllOf(tuple(nodes))

    def _word(self, word: str, boost: float) -> plan.Node:
        """A word: its stem in each searched language, with a boost for the exact word."""
        stems = [plan.Term(f"stem_{language}", stem(word, language), boost, self.field_mask) for language in self.languages]
        return plan.AnyOf((*stems, plan.Term("raw", word, boost * plan.EXACT_BOOST, self.field_mask)))

    def _similar(self, word: str, boost: float) -> plan.Node:
        distance = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
        most = min(MAX_SIMILAR_WORDS, self._expansions_left)
        if not distance or not most or not self._similar_left:
            return self._word(word, boost)
        self._similar_left -= 1
        self._expansions_left -= most
        return plan.AnyOf((self._word(word, boost), plan.Fuzzy(word, distance, most, boost * plan.EXACT_BOOST, self.field_mask)))

    def _compile_phrase(self, text: str, boost: float) -> plan.Node:
        typed = words(text)[: self._words_left]
        self._words_left -= len(typed)
        return plan.Phrase(tuple(typed), boost, self.field_mask) if typed else plan.NOTHING

    @staticmethod
    def _join(operator: str, parts: Sequence[plan.Node]) -> plan.Node:
        if not parts:
            return plan.NOTHING
        if len(parts) == 1:
            return parts[0]
        return plan.AnyOf(tuple(parts)) if operator == "or" else plan.AllOf(tuple(parts))

    # Filters

    def _restriction(self) -> plan.Filter:
        model = plan.OfModel(self.queryset.model._meta.label_lower)
        filters = self._get_filters_from_queryset()
        if self._unknown_filter:
            # The index is older than one of the fields, so the database filters until the index is rebuilt.
            self.ask_database = True
            return model
        return model if filters is None else plan.Combined((model, filters))

    def _get_filters_from_where_node(self, where_node: WhereNode | Lookup, check_only: bool = False) -> plan.Filter | None:
        # modelsearch ignores conditions on the pointer from a child model to its parent.
        if isinstance(where_node, Lookup):
            target = getattr(where_node.lhs, "target", None)
            if target is not None and target.attname.endswith("_ptr_id"):
                self.ask_database = True
        return super()._get_filters_from_where_node(where_node, check_only=check_only)

    def _process_lookup(self, field_path: Sequence[BaseField], lookup: str, value: Any) -> plan.Filter | None:
        relations = tuple(part.field_name for part in field_path if isinstance(part, RelatedFields))
        if relations:
            # Two conditions on a relation must hold for the same related object, which the index cannot check.
            self.ask_database |= relations in self._relations_seen
            self._relations_seen.add(relations)
        field = self._filter_number(field_path)
        if lookup == "isnull":
            return plan.Combined((plan.HasAny(field),), negated=bool(value))
        if lookup == "in":
            return plan.HasValue(field, frozenset(encode_value(single) or "" for single in self._values(value)))
        if lookup == "range":
            low, high = value
            return plan.InRange(field, encode_value(low), encode_value(high))
        if lookup not in _LOOKUPS:
            return None
        encoded = encode_value(self._value(value))
        if encoded is None:
            return NO_DOCUMENT
        return _LOOKUPS[lookup](field, encoded)

    def _filter_number(self, field_path: Sequence[BaseField]) -> int:
        model = self.queryset.model
        names: list[str] = []
        for part in field_path[:-1]:
            names.append(part.field_name)
            model = part.get_field(model).related_model
        number = self.layout.filters.get(".".join([*names, field_path[-1].get_attname(model)]))
        self._unknown_filter |= number is None
        return number or 0

    def _value(self, value: Any) -> Any:
        if isinstance(value, Query | Subquery):
            row = self._compiler(value).execute_sql(result_type=SINGLE)
            return next(iter(row), None) if row else None
        return value

    def _values(self, value: Any) -> list[Any]:
        if isinstance(value, Query | Subquery):
            return [row[0] for chunk in self._compiler(value).execute_sql(result_type=MULTI) or () for row in chunk]
        return list(value)

    def _compiler(self, value: Query | Subquery) -> SQLCompiler:
        query = value.query if isinstance(value, Subquery) else value
        return query.get_compiler(self.queryset._db or DEFAULT_DB_ALIAS)

    def _process_match_none(self) -> plan.Filter:
        return NO_DOCUMENT

    def _connect_filters(self, filters: Sequence[plan.Filter], connector: str, negated: bool) -> plan.Filter | None:
        if not filters:
            return None
        return plan.Combined(tuple(filters), connector, negated)


class AutocompleteCompiler(QueryCompiler):
    """Compiles autocomplete searches."""

    def _field_mask(self) -> int:
        return _mask(self.fields, self.layout.prefixes)

    def check(self) -> None:
        """Check the fields of the search.

        Raises:
            SearchFieldError: one of them is not an autocomplete field.
        """
        allowed = {field.field_name for field in self.queryset.model.get_autocomplete_search_fields()}
        for name in self.fields or ():
            if name not in allowed:
                model = self.queryset.model.__name__
                raise SearchFieldError(
                    f'Cannot autocomplete with field "{name}". Please add index.AutocompleteField("{name}") to {model}.search_fields.',
                    field_name=name,
                )
        self._get_filters_from_queryset(check_only=True)
        list(self._get_order_by())

    def _compile(self, query: SearchQuery, boost: float, depth: int) -> plan.Node:
        if isinstance(query, MatchAll):
            return plan.MatchAll(boost)
        if not isinstance(query, PlainText):
            raise NotImplementedError(f"`{query.__class__.__name__}` is not supported for autocomplete queries.")
        typed = list(dict.fromkeys(words(query.query_string)))[:MAX_WORDS]
        return self._join(query.operator, [plan.Term("ac", word[:MAX_PREFIX_LENGTH], boost, self.field_mask) for word in typed])


_LOOKUPS: dict[str, Callable[[int, str], plan.Filter]] = {
    "exact": lambda field, value: plan.HasValue(field, frozenset([value])),
    "startswith": lambda field, value: plan.InRange(field, value, value + LAST),
    "prefix": lambda field, value: plan.InRange(field, value, value + LAST),
    "gt": lambda field, value: plan.InRange(field, value, None, with_low=False),
    "gte": lambda field, value: plan.InRange(field, value, None),
    "lt": lambda field, value: plan.InRange(field, None, value, with_high=False),
    "lte": lambda field, value: plan.InRange(field, None, value),
}


def _mask(names: Iterable[str] | None, numbers: dict[str, int]) -> int:
    mask = 0
    for name in names or ():
        # A field of the model, or all fields below a relation with this name.
        for path, number in numbers.items():
            if path == name or path.startswith(f"{name}."):
                mask |= 1 << number
    return mask


_locale_codes: dict[int, str] = {}


def _locale_code(pk: int) -> str | None:
    """Language code of a Wagtail locale; cached, because locales hardly ever change."""
    if pk not in _locale_codes:
        from wagtail.models import Locale

        code = Locale.objects.filter(pk=pk).values_list("language_code", flat=True).first()
        if code is None:
            return None
        _locale_codes[pk] = code
    return _locale_codes[pk]
