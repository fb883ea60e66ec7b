"""Spelling correction: replaces unknown words of a query by similar words of the index."""

from collections.abc import Callable, Container

from knowledge_hub.search.engine.searcher import Searcher
from knowledge_hub.search.words.analysis import STOP_WORDS, query_words, words

MAX_WORDS = 8
CANDIDATES = 5


def corrected_query(text: str, language: str, searcher: Searcher, has_results: Callable[[str], bool]) -> str | None:
    """The query with unknown words replaced by the most similar known words.

    Args:
        text: the words that the reader typed, without signs.
        language: language of the stop words.
        searcher: its index provides the known words.
        has_results: whether a query has results for this reader, so that words of private pages are never offered.

    Returns:
        A query that has results; None if there is none.
    """
    typed = words(text)[:MAX_WORDS]
    if not typed or not query_words(text, language):
        return None
    choices = [_choices(word, searcher, STOP_WORDS.get(language, frozenset())) for word in typed]
    if all(choice[0] == word for choice, word in zip(choices, typed, strict=True)):
        return None
    candidates = [[choice[min(number, len(choice) - 1)] for choice in choices] for number in range(CANDIDATES)]
    for candidate in candidates:
        if candidate != typed and has_results(" ".join(candidate)):
            return " ".join(candidate)
    # No page has all the words. Then each replacement must have results on its own.
    for candidate in candidates:
        replacements = [new for new, old in zip(candidate, typed, strict=True) if new != old]
        if replacements and all(map(has_results, replacements)):
            return " ".join(candidate)
    return None


def _choices(word: str, searcher: Searcher, stop_words: Container[str]) -> list[str]:
    if word in stop_words or len(word) < 4 or word.isdigit() or searcher.has_word(word):
        return [word]
    similar = [known for known, _ in searcher.similar(word, 1 if len(word) < 6 else 2, CANDIDATES)]
    return similar or [word]
