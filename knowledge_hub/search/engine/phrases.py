"""Phrase matching by positions of words.

A position is one number: the document in the upper 32 bits, below it the search field and the number of the word. Between two values,
two fields or two documents at least schema.GAP numbers are free, which is more than the words of a phrase, so that a phrase never
matches across them.
"""

import numpy as np

from knowledge_hub.search.engine import arrays
from knowledge_hub.search.engine.codec import Postings
from knowledge_hub.search.engine.schema import FIELD_SHIFT


def positions_of(postings: Postings) -> np.ndarray:
    """All positions of a word in a segment, ascending."""
    return np.sort((np.repeat(postings.docs.astype(np.int64), postings.sizes) << 32) | postings.positions)


def documents_with_phrase(positions: list[np.ndarray], fields: int = 0) -> np.ndarray:
    """Documents of one segment that contain the words directly one after the other, ascending.

    Args:
        positions: positions of each word, in the order of the phrase.
        fields: bit mask of the search fields to look in, 0 for all.
    """
    first, *others = sorted(range(len(positions)), key=lambda number: len(positions[number]))
    together = positions[first]
    for number in others:
        together = together[arrays.contains(positions[number], together + (number - first))]
    if fields:
        together = together[(fields >> ((together & 0xFFFFFFFF) >> FIELD_SHIFT)) & 1 == 1]
    docs = (together >> 32).astype(np.int32)
    return docs[arrays.differs_from_previous(docs)]
