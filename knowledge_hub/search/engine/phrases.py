"""Words that stand one after the other, found by their positions.

A position is one number: the document in the upper 32 bits, the search field and the number of the word in it in the lower. Between two
values of a field, two fields or two documents there are always more free numbers (schema.GAP) than a phrase has words, so that no
phrase reaches from one into the other.
"""

import numpy as np

from knowledge_hub.search.engine import arrays
from knowledge_hub.search.engine.codec import Postings
from knowledge_hub.search.engine.schema import FIELD_SHIFT


def positions_of(postings: Postings) -> np.ndarray:
    """All positions of a word in a segment, ascending."""
    return np.sort((np.repeat(postings.docs.astype(np.int64), postings.sizes) << 32) | postings.positions)


def documents_with_phrase(positions: list[np.ndarray], fields: int = 0) -> np.ndarray:
    """The documents of one segment, ascending, that have words in this order without another word between them.

    Args:
        positions: of each word, in the order of the phrase.
        fields: the set of search fields to look in, as bits, 0 for all.
    """
    first, *others = sorted(range(len(positions)), key=lambda number: len(positions[number]))
    together = positions[first]
    for number in others:
        together = together[arrays.contains(positions[number], together + (number - first))]
    if fields:
        together = together[(fields >> ((together & 0xFFFFFFFF) >> FIELD_SHIFT)) & 1 == 1]
    docs = (together >> 32).astype(np.int32)
    return docs[arrays.differs_from_previous(docs)]
