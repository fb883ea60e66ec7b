"""What readers may type: words, "a phrase", -word, judul:word. Whatever else they type is read as words; nothing is an error."""

import re
from itertools import pairwise

from modelsearch.query import And, Boost, Not, Or, Phrase, PlainText, SearchQuery

from knowledge_hub.search.words.analysis import words as split_words

MAX_LENGTH = 500
MAX_PARTS = 30
# Names of fields that may stand before a colon, in both languages.
FIELDS = {"judul": "title", "title": "title", "ringkasan": "summary", "summary": "summary"}
# How much words that stand side by side add to their own score.
PROXIMITY_BOOST = 0.6
# Beyond so many words their order says nothing, and the bonus would use up the words that one query may have.
MAX_PROXIMITY_WORDS = 10
# Where some of the words are enough, those pages that have all of them come first whatever the others score.
ALL_WORDS_BOOST = 20.0
_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:(?P<field>\w+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


class InFields(SearchQuery):
    """A query that only counts in some fields of the model."""

    def __init__(self, subquery: SearchQuery, fields: tuple[str, ...]):
        self.subquery = subquery
        self.fields = fields

    def __repr__(self) -> str:
        return f"<InFields {self.subquery!r} fields={self.fields!r}>"


def parse(text: str, operator: str = "and", *, own_backend: bool = True) -> SearchQuery | None:
    """The query that a reader means, None if there is nothing to search for.

    Args:
        text: any text; what is longer than 500 characters is cut.
        operator: "and" if all words must be found, "or" if any is enough; then those with all come first.
        own_backend: whether the search backend is ours; others know neither InFields (``judul:word`` is read as the word) nor how
            to let words count more that stand side by side.
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
    # The bonus is only for what has all words; asked for a second time, they count nothing.
    return Or([everything, And([Boost(everything, 0.0), Boost(Or(pairs), PROXIMITY_BOOST)])])


def _any_words(words: list[str], own_backend: bool) -> SearchQuery:
    some = PlainText(" ".join(words), operator="or")
    return Or([some, Boost(_all_words(words, own_backend), ALL_WORDS_BOOST)]) if own_backend else some


def searched_words(text: str) -> str:
    """The typed words that should be found, without signs and without the excluded ones; for excerpts and suggestions."""
    found = []
    for match in list(_PART.finditer(text[:MAX_LENGTH]))[:MAX_PARTS]:
        if not match["minus"]:
            prefix = "" if FIELDS.get((match["field"] or "").lower()) else match["field"] or ""
            found.append(f"{prefix} {match['phrase'] if match['phrase'] is not None else match['word']}")
    return " ".join(found).strip()
