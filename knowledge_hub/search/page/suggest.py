"""Other spellings for words that were not found. What is offered is checked against what the reader may see."""

from collections.abc import Callable, Container

from knowledge_hub.search.engine.execute import View
from knowledge_hub.search.words.analysis import STOP_WORDS, query_words, words

MAX_WORDS = 8
CANDIDATES = 5


def other_spelling(text: str, language: str, view: View, is_found: Callable[[str], bool]) -> str | None:
    """The query with unknown words replaced by the nearest known ones, if that finds something.

    Args:
        text: what the reader typed, without signs.
        language: the language of the stop words.
        view: the index view whose vocabulary is used.
        is_found: whether a query has results for this reader; keeps words of private pages from being offered.

    Returns:
        A query to offer, None if there is none.
    """
    typed = words(text)[:MAX_WORDS]
    if not typed or not query_words(text, language):
        return None
    choices = [_choices(word, view, STOP_WORDS.get(language, frozenset())) for word in typed]
    if all(choice[0] == word for choice, word in zip(choices, typed, strict=True)):
        return None
    candidates = [[choice[min(number, len(choice) - 1)] for choice in choices] for number in range(CANDIDATES)]
    for candidate in candidates:
        if candidate != typed and is_found(" ".join(candidate)):
            return " ".join(candidate)
    # No page has all the words: then every word that replaces another must find something by itself.
    for candidate in candidates:
        replaced = [new for new, old in zip(candidate, typed, strict=True) if new != old]
        if replaced and all(map(is_found, replaced)):
            return " ".join(candidate)
    return None


def _choices(word: str, view: View, stop_words: Container[str]) -> list[str]:
    if word in stop_words or len(word) < 4 or word.isdigit() or view.knows(word):
        return [word]
    near = [known for known, _ in view.similar(word, 1 if len(word) < 6 else 2, CANDIDATES)]
    return near or [word]
