"""From what a reader typed to what is shown: all words first, then another spelling, then pages that have only some of the words."""

from dataclasses import dataclass

from modelsearch.backends import get_search_backend
from modelsearch.query import SearchQuery
from wagtail.models import Page

from knowledge_hub.search.backend import SearchBackend
from knowledge_hub.search.engine.index import IndexUnavailableError
from knowledge_hub.search.page.parts import Part, Source
from knowledge_hub.search.page.suggest import other_spelling
from knowledge_hub.search.results import read_or
from knowledge_hub.search.words.analysis import query_words
from knowledge_hub.search.words.syntax import parse, searched_words

# With fewer results than this, pages that have some of the words are shown after those that have all.
ENOUGH = 5


@dataclass
class Finding:
    """What was found.

    Attributes:
        query: what was searched for in the end.
        parts: the results of each source.
        complete: how many of them have all that was asked for; the others, which come later, have some of it.
        spelling: the spelling that was searched for instead of what was typed, None if what was typed was.
    """

    query: SearchQuery
    parts: list[Part]
    complete: int
    spelling: str | None = None

    @property
    def count(self) -> int:
        """How many results there are altogether."""
        return sum(part.count for part in self.parts)

    @property
    def titles_only(self) -> bool:
        """Whether the index of pages can't be read, so that only titles were looked at."""
        return is_own_backend() and not self.parts[0].has_columns

    @property
    def is_partial(self) -> bool:
        """Whether some results have only some of what was asked for."""
        return self.complete < self.count


def find(text: str, sources: list[Source]) -> Finding | None:
    """Look for what a reader typed.

    Args:
        text: any text.
        sources: what is searched; all in one language.

    Returns:
        What was found; None if the text has nothing to look for.
    """
    found = _all_of(text, sources)
    if found is None:
        return None
    if not found.count and (spelling := _other_spelling(text, sources)) and (other := _all_of(spelling, sources)):
        text, found = spelling, other
        found.spelling = spelling
    # Another backend can't put those with all words first.
    enough = ENOUGH if is_own_backend() else 1
    if found.count < enough and len(query_words(searched_words(text), sources[0].language)) > 1:
        some = _query(text, "or")
        parts = [Part(source, some) for source in sources]
        if sum(part.count for part in parts) > found.count:
            found.query, found.parts = some, parts
    return found


def is_own_backend() -> bool:
    """Whether the site's search is ours, which can do more than others."""
    return isinstance(get_search_backend(), SearchBackend)


def _query(text: str, operator: str = "and") -> SearchQuery | None:
    return parse(text, operator, own_backend=is_own_backend())


def _all_of(text: str, sources: list[Source]) -> Finding | None:
    query = _query(text)
    if query is None:
        return None
    found = Finding(query, [Part(source, query) for source in sources], 0)
    found.complete = found.count
    return found


def _other_spelling(text: str, sources: list[Source]) -> str | None:
    """A spelling of what was typed that finds something that this reader may see; None if there is none or the index can't tell."""
    if not is_own_backend():
        return None
    index = get_search_backend().get_index_for_model(Page)
    try:
        view = index.store.view()
    except IndexUnavailableError:
        return None

    def finds(candidate: str) -> bool:
        found = _all_of(candidate, sources)
        return found is not None and found.count > 0

    return read_or(index, lambda: other_spelling(searched_words(text), sources[0].language, view, finds), None)
