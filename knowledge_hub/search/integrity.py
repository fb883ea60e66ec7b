"""Integrity check of entire indexes, to find damage before a search does."""

from typing import Any

from modelsearch.backends import get_search_backend

from knowledge_hub.search import repair
from knowledge_hub.search.engine.index import SearchIndex, fresh_segments
from knowledge_hub.search.engine.storage import IndexDamaged


def problem_of(index: SearchIndex) -> str | None:
    """Why an index cannot be read; None if it can be read.

    Reads all keys, columns, words, postings and texts from disk, without caches; about a second for ten thousand pages.

    Args:
        index: an Index of our backend.
    """
    if reason := index.store.broken():
        return reason
    try:
        for segment in fresh_segments(index.store):
            segment.column(0)
            for word in segment.vocabulary.words:
                segment.postings("raw", word)
            for number in range(segment.count):
                segment.text(number)
    except IndexDamaged as error:
        return str(error) or type(error).__name__
    return None


def problems() -> dict[str, str]:
    """Names of unreadable indexes, with the reasons; empty with another backend."""
    own = [index for index in get_search_backend().all_indexes() if hasattr(index, "store")]
    return {index.name: reason for index in own if (reason := problem_of(index)) is not None}


def known_problems() -> dict[str, str]:
    """Like problems(), but only damage that was already recorded; reads almost nothing."""
    own = [index for index in get_search_backend().all_indexes() if hasattr(index, "store")]
    missing = {index.name: "" for index in own if index.store.live_generation() is None}
    return missing | {index.name: reason for index in own if (reason := index.store.broken()) is not None}


def check_all(sender: Any = None, **kwargs: Any) -> None:
    """Report damaged indexes, which requests their rebuild; called every hour."""
    for index in get_search_backend().all_indexes():
        if hasattr(index, "store") and (reason := problem_of(index)) is not None:
            repair.report_damaged(index, reason)
