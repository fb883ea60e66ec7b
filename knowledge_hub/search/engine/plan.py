"""Query plan: small immutable nodes that searcher.Searcher evaluates. Independent of Django and Whoosh."""

from dataclasses import dataclass

# Boost of the exact word, added to the score of its stem.
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
    """Documents with these typed words directly one after the other in one field."""

    words: tuple[str, ...]
    boost: float = 1.0
    fields: int = 0


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Documents with one of the ``most`` most similar words that differ in at most ``distance`` letters."""

    word: str
    distance: int
    most: int
    boost: float = 1.0
    fields: int = 0


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents that match one of the parts; scores are added."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Documents that match all parts; scores are added."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that do not match the part; their score is 0."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class MatchAll:
    """All documents, with the same score."""

    score: float = 1.0


Node = Term | Phrase | Fuzzy | AnyOf | AllOf | Not | MatchAll
"""A query."""

NOTHING = AnyOf(())


# Filters: which documents can be found at all.


@dataclass(frozen=True, slots=True)
class HasValue:
    """Documents with one of these encoded values in the field."""

    field: int
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class InRange:
    """Documents with a value of the field in a range; limits are encoded values, None for no limit."""

    field: int
    low: str | None
    high: str | None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True)
class HasAny:
    """Documents with any value in the field."""

    field: int


@dataclass(frozen=True, slots=True)
class OfModel:
    """Documents of this model or of its children; the model by its lower-case label."""

    label: str


@dataclass(frozen=True, slots=True)
class Combined:
    """Filters combined with "AND" or "OR", optionally negated."""

    parts: tuple["Filter", ...]
    connector: str = "AND"
    negated: bool = False


Filter = HasValue | InRange | HasAny | OfModel | Combined
"""What narrows a query."""
