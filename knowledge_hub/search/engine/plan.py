"""What a compiled query is made of: small immutable nodes that searcher.Searcher evaluates. Nothing here knows Django or Whoosh."""

from dataclasses import dataclass

# How much an exact word adds to the match of its stem.
EXACT_BOOST = 0.5


@dataclass(frozen=True, slots=True)
class Term:
    """Documents with a term in an index field; ``fields`` is a bit mask of search fields, 0 for any."""

    field: str
    text: str
    boost: float = 1.0
    fields: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents with these typed words one after the other in one field."""

    words: tuple[str, ...]
    boost: float = 1.0
    fields: int = 0


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Documents with one of the ``most`` nearest words that differ from this one in at most ``distance`` letters."""

    word: str
    distance: int
    most: int
    boost: float = 1.0
    fields: int = 0


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents that one of the parts matches; scores are added."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Documents that all parts match; scores are added."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that the part does not match; they score 0."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class MatchAll:
    """All documents, with one score."""

    score: float = 1.0


Node = Term | Phrase | Fuzzy | AnyOf | AllOf | Not | MatchAll
"""A query."""

NOTHING = AnyOf(())


# Filters: which documents may be found at all.


@dataclass(frozen=True, slots=True)
class HasValue:
    """One of the field's values is one of these encoded values."""

    field: int
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class InRange:
    """One of the field's values lies in the range; bounds are encoded values, None for open."""

    field: int
    low: str | None
    high: str | None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True)
class HasAny:
    """The field has any value."""

    field: int


@dataclass(frozen=True, slots=True)
class OfModel:
    """The object is of this model or of one below it; the model by its lower-case label."""

    label: str


@dataclass(frozen=True, slots=True)
class Combined:
    """Filters joined by "AND" or "OR", or turned round."""

    parts: tuple["Filter", ...]
    connector: str = "AND"
    negated: bool = False


Filter = HasValue | InRange | HasAny | OfModel | Combined
"""What narrows a query."""
