"""Builds sorted postings (an inverted index) from the words of many documents: collected as numbers, sorted at once with numpy."""

from array import array

import numpy as np
from whoosh.util.numeric import length_to_byte

from knowledge_hub.search.engine.arrays import differs_from_previous
from knowledge_hub.search.engine.codec import Postings
from knowledge_hub.search.engine.schema import FIELD_SHIFT, MAX_PREFIX_LENGTH, PreparedDocument
from knowledge_hub.search.engine.sorted_runs import FieldRun
from knowledge_hub.search.words.analysis import LANGUAGES, stem


class TermNumbers(dict[str, int]):
    """Numbers words in the order of their first occurrence."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class PostingsBuilder:
    """Collects the words of documents that are not written yet.

    Attributes:
        tokens: number of each word, for all documents one after the other.
    """

    def __init__(self) -> None:
        self.vocabulary = TermNumbers()
        self.tokens = array("I")
        self._pieces: list[tuple[int, int, int, float]] = []
        self._documents: list[tuple[int, int, int, int]] = []
        self._prefixed_words = TermNumbers()
        self._prefixed: list[tuple[int, int, int]] = []
        self._keys: list[tuple[bytes, int]] = []
        self._labels: list[tuple[bytes, int]] = []

    def add(self, number: int, document: PreparedDocument) -> dict[str, int]:
        """Add the words of a document.

        Args:
            number: number of the document in its segment; numbers ascend.
            document: result of Layout.document().

        Returns:
            The number of words of each scored field.
        """
        self.tokens.extend(map(self.vocabulary.__getitem__, document.words))
        self._pieces += [(number, count, start, boost) for count, start, boost in document.pieces]
        self._prefixed += [(self._prefixed_words[word], number, field_id) for word, field_id in document.prefixed]
        self._keys.append((document.key, number))
        self._labels += [(label, number) for label in document.labels]
        length, prefixed = len(document.words), sum([min(len(word), MAX_PREFIX_LENGTH) for word, _ in document.prefixed])
        language = LANGUAGES.index(document.language)
        self._documents.append((number, language, length_to_byte(length), length_to_byte(prefixed)))
        found = {"raw": length, f"stem_{document.language}": length, "ac": prefixed}
        return {name: value for name, value in found.items() if value}

    def runs(self) -> dict[str, FieldRun]:
        """Sorted postings of all documents by field."""
        if not self._documents:
            return {}
        numbers, languages, lengths, prefixed = np.array(self._documents, np.int64).T
        first = int(numbers[0])
        lengths, prefixed = lengths.astype(np.uint8), prefixed.astype(np.uint8)
        found = {"key": _existing(self._keys), "ct": _existing(self._labels)}
        if self._prefixed:
            found["ac"] = self._prefix_run(prefixed, first)
        if self.tokens:
            found |= self._word_runs(languages, lengths, first)
        return {name: run for name, run in found.items() if run.terms}

    def _prefix_run(self, lengths: np.ndarray, first: int) -> FieldRun:
        """Postings of prefixes. The prefixes of each different word are computed once."""
        prefixes, of_word, sizes = TermNumbers(), array("I"), []
        for word in self._prefixed_words:
            size = min(len(word), MAX_PREFIX_LENGTH)
            of_word.extend([prefixes[word[:length]] for length in range(1, size + 1)])
            sizes.append(size)
        terms, ranks = _ranked(list(prefixes))
        words, docs, field_ids = np.array(self._prefixed, np.int64).T
        counts = np.array(sizes, np.int64)
        ends = np.cumsum(counts)
        # For each word of each document, the indices of its prefixes in of_word.
        own = counts[words]
        indices = np.arange(own.sum()) + np.repeat(ends[words] - np.cumsum(own), own)
        # A word that equals the prefix scores higher than a longer one.
        is_whole = np.zeros(len(of_word), bool)
        is_whole[[end - 1 for end, word in zip(ends.tolist(), self._prefixed_words, strict=True) if len(word) <= MAX_PREFIX_LENGTH]] = True
        ids = ranks[np.frombuffer(of_word, np.uint32)[indices]]
        bits = np.repeat(np.uint64(1) << field_ids.astype(np.uint64), own)
        return _grouped(terms, ids, np.repeat(docs, own).astype(np.int32), 1.0 + is_whole[indices], lengths, first, bits=bits)

    def _word_runs(self, languages: np.ndarray, lengths: np.ndarray, first: int) -> dict[str, FieldRun]:
        pieces = np.array([piece[:3] for piece in self._pieces], np.int64)
        counts = pieces[:, 1]
        tokens = np.frombuffer(self.tokens, np.uint32)
        docs = np.repeat(pieces[:, 0], counts).astype(np.int32)
        positions = (np.arange(len(tokens)) + np.repeat(pieces[:, 2] - np.cumsum(counts) + counts, counts)).astype(np.uint32)
        weights = np.repeat(np.array([piece[3] for piece in self._pieces], np.float64), counts)
        words = list(self.vocabulary)
        terms, ranks = _ranked(words)
        found = {"raw": _grouped(terms, ranks[tokens], docs, weights, lengths, first, positions=positions)}
        bits = np.uint64(1) << (positions >> np.uint32(FIELD_SHIFT)).astype(np.uint64)
        for number, language in enumerate(LANGUAGES):
            spoken = languages == number
            if not spoken.any():
                continue
            chosen = slice(None) if spoken.all() else spoken[docs - first]
            roots, root_of = TermNumbers(), np.zeros(len(words), np.int64)
            for word in np.unique(tokens[chosen]).tolist():
                root_of[word] = roots[stem(words[word], language)]
            stems, stem_ranks = _ranked(list(roots))
            ids = stem_ranks[root_of[tokens[chosen]]]
            found[f"stem_{language}"] = _grouped(stems, ids, docs[chosen], weights[chosen], lengths, first, bits=bits[chosen])
        return found


def _existing(pairs: list[tuple[bytes, int]]) -> FieldRun:
    ordered = sorted(pairs)
    terms = list(dict.fromkeys(term for term, _ in ordered))
    ranks = {term: rank for rank, term in enumerate(terms)}
    ids = np.array([ranks[term] for term, _ in ordered], np.int64)
    return FieldRun(terms, _starts(ids, len(terms)), Postings(np.array([doc for _, doc in ordered], np.int32)))


def _ranked(words: list[str]) -> tuple[list[bytes], np.ndarray]:
    """The words as sorted terms, and the rank of each word among them."""
    encoded = [word.encode() for word in words]
    order = sorted(range(len(words)), key=encoded.__getitem__)
    ranks = np.empty(len(words), np.int64)
    ranks[order] = np.arange(len(words))
    return [encoded[number] for number in order], ranks


def _starts(ranks: np.ndarray, count: int) -> np.ndarray:
    """Start of each of ``count`` terms in ascending ranks, and the end."""
    return np.searchsorted(ranks, np.arange(count + 1))


def _grouped(
    terms: list[bytes],
    ids: np.ndarray,
    docs: np.ndarray,
    weights: np.ndarray,
    lengths: np.ndarray,
    first: int,
    *,
    positions: np.ndarray | None = None,
    bits: np.ndarray | None = None,
) -> FieldRun:
    """Postings from tokens: one for each term and document, with the sum of its weights and all its positions or fields."""
    order = np.argsort(ids, kind="stable")
    ids, docs = ids[order], docs[order]
    begins = np.flatnonzero(differs_from_previous(ids) | differs_from_previous(docs))
    own_docs = docs[begins]
    sums = np.add.reduceat(weights[order], begins).astype(np.float32)
    parts = Postings(own_docs, sums, lengths[own_docs - first])
    if positions is not None:
        parts.sizes = np.diff(begins, append=len(ids)).astype(np.uint32)
        parts.positions = positions[order]
    if bits is not None:
        parts.masks = np.bitwise_or.reduceat(bits[order], begins)
    return FieldRun(terms, _starts(ids[begins], len(terms)), parts)
