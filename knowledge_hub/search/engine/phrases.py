"""Words that stand one after the other, found by their places.

A place is one number: the document in the upper 32 bits, the search field and the number of the word in it in the lower. Between two
values of a field, two fields or two documents there are always more free numbers (schema.GAP) than a phrase has words, so that no
phrase reaches from one into the other.
"""

import numpy as np

from knowledge_hub.search.engine import arrays
from knowledge_hub.search.engine.codec import Postings
from knowledge_hub.search.engine.schema import FIELD_SHIFT


def places_of(postings: Postings) -> np.ndarray:
    """All places of a word in a segment, ascending."""
    return np.sort((np.repeat(postings.docs.astype(np.int64), postings.sizes) << 32) | postings.places)


def in_a_row(places: list[np.ndarray], fields: int = 0) -> np.ndarray:
    """The documents of one segment, ascending, that have words in this order without another word between them.

    Args:
        places: of each word, in the order of the phrase.
        fields: the set of search fields to look in, as bits, 0 for all.
    """
    first, *others = sorted(range(len(places)), key=lambda number: len(places[number]))
    together = places[first]
    for number in others:
        together = together[arrays.contains(places[number], together + (number - first))]
    if fields:
        together = together[(fields >> ((together & 0xFFFFFFFF) >> FIELD_SHIFT)) & 1 == 1]
    docs = (together >> 32).astype(np.int32)
    return docs[arrays.is_new(docs)]
