"""Similar words: the vectorised search finds exactly the words within an edit distance."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge_hub.search.engine.vocabulary import LONGEST, Vocabulary


def distance(one: str, other: str) -> int:
    """The edit distance by the usual matrix: letters added, removed, replaced or swapped with a neighbour."""
    rows = [list(range(len(other) + 1))]
    for row, letter in enumerate(one, start=1):
        rows.append([row])
        for column, other_letter in enumerate(other, start=1):
            cost = min(rows[row - 1][column] + 1, rows[row][column - 1] + 1, rows[row - 1][column - 1] + (letter != other_letter))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == other_letter:
                cost = min(cost, rows[row - 2][column - 2] + 1)
            rows[row].append(cost)
    return rows[-1][-1]


# Few letters, so that many words are similar; some words longer than 64 letters, some letters beyond 16 bits.
WORDS = st.text("abcdefgà\u0100ا😀", min_size=1, max_size=12) | st.text("ab", min_size=60, max_size=70)


@given(words=st.sets(WORDS, max_size=40), word=WORDS | st.just(""), limit=st.integers(0, 3))
def test_exactly_the_close_words_are_found(words, word, limit):
    words = sorted(words)
    vocabulary = Vocabulary(words, np.arange(len(words)))

    found = {near: (apart, frequency) for near, apart, frequency in vocabulary.near(word, limit)}

    comparable = [other for other in words if len(other) <= LONGEST] if 0 < len(word) <= LONGEST else []
    assert found == {other: (distance(word, other), words.index(other)) for other in comparable if distance(word, other) <= limit}


def test_the_vocabulary_contains_all_indexed_words(add_article, index):
    add_article("Pelayanan perizinan", summary="perizinan, perijinan; zaman é 数据")
    add_article("Basis data", summary="perizinan")

    (first, second) = sorted(index.store.searcher().segments, key=lambda segment: len(segment.vocabulary.words))[-2:]

    known = dict(zip(second.vocabulary.words, second.vocabulary.frequencies.tolist(), strict=True))
    assert {"pelayanan", "perizinan", "perijinan", "zaman"} <= known.keys() | set(first.vocabulary.words)
    for segment in index.store.searcher().segments:
        terms = [text.decode() for name, text in segment.reader._terms.terms() if name == "raw"]
        assert segment.vocabulary.words == terms
        for word, frequency in zip(segment.vocabulary.words, segment.vocabulary.frequencies.tolist(), strict=True):
            assert frequency == len(segment.postings("raw", word).docs)


def test_similar_words_are_sorted_by_distance_and_frequency(add_article, index):
    for title in ("perijinan", "perizinan", "perizinan usaha", "perizinian"):
        add_article(title)

    assert index.store.searcher().similar("perizinan", 2, 3) == [("perizinan", 0), ("perijinan", 1), ("perizinian", 1)]
    assert index.store.searcher().similar("perixinan", 1, 3) == [("perizinan", 1), ("perijinan", 1)]
