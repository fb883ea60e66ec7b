"""What readers may type: words, "a phrase", -word, judul:word. Whatever else they type is read as words; nothing is an error."""

import re

from modelsearch.query import And, Not, Phrase, PlainText, SearchQuery

MAX_LENGTH = 500
MAX_PARTS = 30
# Names of fields that may stand before a colon, in both languages.
FIELDS = {"judul": "title", "title": "title", "ringkasan": "summary", "summary": "summary"}
_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:(?P<field>\w+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


class InFields(SearchQuery):
    """A query that only counts in some fields of the model."""

    def __init__(self, subquery: SearchQuery, fields: tuple[str, ...]):
        self.subquery = subquery
        self.fields = fields

    def __repr__(self):
        return f"<InFields {self.subquery!r} fields={self.fields!r}>"


def parse(text: str, operator: str = "and", *, with_fields: bool = True) -> SearchQuery | None:
    """The query that a reader means, None if there is nothing to search for.

    Args:
        text: any text; what is longer than 500 characters is cut.
        operator: "and" if all words must be found, "or" if any is enough.
        with_fields: whether the search backend knows InFields; otherwise ``judul:word`` is read as the word.
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
        elif field and with_fields:
            others.append(InFields(Phrase(typed) if match["phrase"] is not None else PlainText(typed), (field,)))
        elif match["phrase"] is not None:
            others.append(Phrase(typed))
        else:
            words.append(typed)
    if words:
        others.insert(0, PlainText(" ".join(words), operator=operator))
    if not others:
        return None
    parts = [*others, *unwanted]
    return parts[0] if len(parts) == 1 else And(parts)


def searched_words(text: str) -> str:
    """The typed words that should be found, without signs and without the excluded ones; for excerpts and suggestions."""
    found = []
    for match in list(_PART.finditer(text[:MAX_LENGTH]))[:MAX_PARTS]:
        if not match["minus"]:
            prefix = "" if FIELDS.get((match["field"] or "").lower()) else match["field"] or ""
            found.append(f"{prefix} {match['phrase'] if match['phrase'] is not None else match['word']}")
    return " ".join(found).strip()
