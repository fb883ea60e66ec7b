"""Query syntax of readers: words, "a phrase", -word, judul:word. Anything else is read as words, so that no query is an error."""

import re
from itertools import pairwise

from modelsearch.query import And, Boost, Not, Or, Phrase, PlainText, SearchQuery

from knowledge_hub.search.words.analysis import words as split_words

MAX_LENGTH = 500
MAX_PARTS = 30
# Field names before a colon, in both languages.
FIELDS = {"judul": "title", "title": "title", "ringkasan": "summary", "summary": "summary"}
# Boost of adjacent words, relative to the score of the words.
PROXIMITY_BOOST = 0.6
# Maximum number of words with this boost; it would use up the words that a query may have.
MAX_PROXIMITY_WORDS = 10
# Boost of results with all words in "or" queries, high enough to list them first.
ALL_WORDS_BOOST = 20.0
_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:(?P<field>\w+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


class InFields(SearchQuery):
    """A query limited to some fields of the model."""

    def __init__(self, subquery: SearchQuery, fields: tuple[str, ...]):
        self.subquery = subquery
        self.fields = fields

    def __repr__(self) -> str:
        return f"<InFields {self.subquery!r} fields={self.fields!r}>"


def parse(text: str, operator: str = "and", *, own_backend: bool = True) -> SearchQuery | None:
    """Parse the text that a reader typed; None if there is nothing to search for.

    Args:
        text: any text; it is cut at 500 characters.
        operator: "and" if all words must match, "or" if one is enough; results with all words are then listed first.
        own_backend: whether the site uses our backend. Other backends support neither InFields (``judul:word`` becomes a word) nor
            the boost of adjacent words.
    """
    words, others, unwanted = [], [], []
    for match in list(_PART.finditer(text[:MAX_LENGTH]))[:MAX_PARTS]:
        field = FIELDS.get((match["field"] or "").lower())
        typed = match["phrase"] if match["phrase"] is not None else match["word"]
        if match["field"] and not field:
            typed = f"{match['field']} {typed}"
        if not any(char.isalnum() for char in typed):
            continue
        if match["minus"]:
            unwanted.append(Not(Phrase(typed) if match["phrase"] is not None else PlainText(typed)))
        elif field and own_backend:
            others.append(InFields(Phrase(typed) if match["phrase"] is not None else PlainText(typed), (field,)))
        elif match["phrase"] is not None:
            others.append(Phrase(typed))
        else:
            words.append(typed)
    if words:
        others.insert(0, _any_words(words, own_backend) if operator == "or" else _all_words(words, own_backend))
    if not others:
        return None
    parts = [*others, *unwanted]
    return parts[0] if len(parts) == 1 else And(parts)


def _all_words(words: list[str], own_backend: bool) -> SearchQuery:
    everything = PlainText(" ".join(words), operator="and")
    if len(words) == 1 or not own_backend or len(split_words(" ".join(words))) > MAX_PROXIMITY_WORDS:
        return everything
    pairs = [Phrase(f"{one} {other}") for one, other in pairwise(words)]
    # Results need all words and get the boost; the words score nothing here, because they already score above.
    return Or([everything, And([Boost(everything, 0.0), Boost(Or(pairs), PROXIMITY_BOOST)])])


def _any_words(words: list[str], own_backend: bool) -> SearchQuery:
    some = PlainText(" ".join(words), operator="or")
    return Or([some, Boost(_all_words(words, own_backend), ALL_WORDS_BOOST)]) if own_backend else some


def searched_words(text: str) -> str:
    """Typed words that must or may match, without signs and excluded words; for excerpts and suggestions."""
    found = []
    for match in list(_PART.finditer(text[:MAX_LENGTH]))[:MAX_PARTS]:
        if not match["minus"]:
            prefix = "" if FIELDS.get((match["field"] or "").lower()) else match["field"] or ""
            found.append(f"{prefix} {match['phrase'] if match['phrase'] is not None else match['word']}")
    return " ".join(found).strip()
