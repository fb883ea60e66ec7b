"""Search strategy of the page: all words; if nothing is found, corrected spelling; if little is found, some of the words."""

from dataclasses import dataclass

from modelsearch.backends import get_search_backend
from modelsearch.query import SearchQuery
from wagtail.models import Page

from knowledge_hub.search.backend import SearchBackend
from knowledge_hub.search.engine.index import IndexUnavailableError
from knowledge_hub.search.page.sources import Source, SourceResults
from knowledge_hub.search.page.spelling import corrected_query
from knowledge_hub.search.results import read_or_default
from knowledge_hub.search.words.analysis import query_words
from knowledge_hub.search.words.query_parser import parse, searched_words

# With fewer results than this, results with some of the words follow those with all words.
ENOUGH = 5


@dataclass
class Outcome:
    """What a search found before facets are chosen.

    Attributes:
        query: the query that was used last.
        parts: the results of each source.
        complete: number of results that match the entire query; they come before those that match a part of it.
        spelling: the corrected query if it was used, otherwise None.
    """

    query: SearchQuery
    parts: list[SourceResults]
    complete: int
    spelling: str | None = None

    @property
    def count(self) -> int:
        """Number of results."""
        return sum(part.count for part in self.parts)

    @property
    def titles_only(self) -> bool:
        """Whether only titles were searched, because the index of pages cannot be read."""
        return is_own_backend() and not self.parts[0].can_count

    @property
    def is_partial(self) -> bool:
        """Whether some results match only a part of the query."""
        return self.complete < self.count


def find(text: str, sources: list[Source]) -> Outcome | None:
    """Search for the text that a reader typed.

    Args:
        text: any text.
        sources: the sources to search, all in one language.

    Returns:
        The results; None if the text contains nothing to search for.
    """
    outcome = _with_all_words(text, sources)
    if outcome is None:
        return None
    if not outcome.count and (spelling := _corrected_query(text, sources)) and (corrected := _with_all_words(spelling, sources)):
        text, outcome = spelling, corrected
        outcome.spelling = spelling
    # Other backends cannot list results with all words first.
    enough = ENOUGH if is_own_backend() else 1
    if outcome.count < enough and len(query_words(searched_words(text), sources[0].language)) > 1:
        query = _query(text, "or")
        parts = [SourceResults(source, query) for source in sources]
        if sum(part.count for part in parts) > outcome.count:
            outcome.query, outcome.parts = query, parts
    return outcome


def is_own_backend() -> bool:
    """Whether the site uses the search backend of this project, which has more features than others."""
    return isinstance(get_search_backend(), SearchBackend)


def _query(text: str, operator: str = "and") -> SearchQuery | None:
    return parse(text, operator, own_backend=is_own_backend())


def _with_all_words(text: str, sources: list[Source]) -> Outcome | None:
    query = _query(text)
    if query is None:
        return None
    outcome = Outcome(query, [SourceResults(source, query) for source in sources], 0)
    outcome.complete = outcome.count
    return outcome


def _corrected_query(text: str, sources: list[Source]) -> str | None:
    """A corrected query that has results among the sources; None if there is none or the index cannot be read."""
    if not is_own_backend():
        return None
    index = get_search_backend().get_index_for_model(Page)
    try:
        searcher = index.store.searcher()
    except IndexUnavailableError:
        return None

    def has_results(candidate: str) -> bool:
        outcome = _with_all_words(candidate, sources)
        return outcome is not None and outcome.count > 0

    return read_or_default(index, lambda: corrected_query(searched_words(text), sources[0].language, searcher, has_results), None)
