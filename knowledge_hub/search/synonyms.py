"""Words that mean the same, kept by staff in the admin and applied when a query is compiled."""

from collections.abc import Sequence


def alternatives(words: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """Split a query into words or groups of words, each with its synonyms.

    Args:
        words: the words of a query, folded.

    Returns:
        In order, each group as typed and the other spellings that mean the same, each a tuple of words.
    """
    return [((word,), ()) for word in words]
