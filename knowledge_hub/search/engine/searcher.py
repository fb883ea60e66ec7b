"""Searches one commit of an index: scores with numpy, filters as boolean masks, facets by counting.

Scores equal Whoosh's BM25F (tests/search/test_scores.py compares them); a phrase scores like its words together. All threads of a
process share a searcher. It is replaced when the index changes; segments in both commits keep their decoded data.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from itertools import accumulate
from math import log

import numpy as np
from whoosh.util.numeric import byte_to_length

from knowledge_hub.search.engine import arrays, plan
from knowledge_hub.search.engine.cache import ByteCache
from knowledge_hub.search.engine.codec import Postings
from knowledge_hub.search.engine.phrases import documents_with_phrase
from knowledge_hub.search.engine.schema import Numbering
from knowledge_hub.search.engine.segment import Segment

# Defaults of Whoosh.
B = 0.75
K1 = 1.2
_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float64)


Placed = list[tuple[int, Postings]]
"""Postings of a term by segment: the number of the segment's first document, and its postings."""


class Hits:
    """Documents in ascending order, each with its score. Threads share the arrays: never write to them."""

    __slots__ = ("docs", "scores")

    def __init__(self, docs: np.ndarray, scores: np.ndarray):
        self.docs = docs
        self.scores = scores

    def __len__(self) -> int:
        return len(self.docs)

    def where(self, keep: np.ndarray) -> "Hits":
        """The hits where ``keep`` is true."""
        return Hits(self.docs[keep], self.scores[keep])


NO_HITS = Hits(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float64))


class Searcher:
    """Searches one commit of an index. Immutable.

    Args:
        segments: its segments.
        alive: for each segment, which documents are not deleted; None for all.
        field_lengths: number of words of each scored field in all documents.
        memory: limit of cached results in bytes.
        numbering: numbers of its filter and search fields; None if unknown.
    """

    def __init__(
        self,
        segments: list[Segment],
        alive: list[np.ndarray | None],
        field_lengths: dict[str, int],
        memory: int,
        numbering: Numbering | None = None,
    ):
        self.numbering = numbering
        self.segments = segments
        self.count = sum(segment.count for segment in segments)
        self.bases = [0, *accumulate(segment.count for segment in segments)]
        self._segments_with_base = list(zip(self.bases, segments, strict=False))
        self._sizes = {base: segment.count for base, segment in self._segments_with_base}
        self._field_lengths = field_lengths
        self._norm_tables: dict[str, np.ndarray] = {}
        self._hits = ByteCache(memory * 3 // 4)
        self._masks = ByteCache(memory // 4)
        self._alive: np.ndarray | None = None
        if any(mask is not None for mask in alive):
            masks = [np.ones(s.count, dtype=bool) if mask is None else mask for s, mask in zip(segments, alive, strict=True)]
            self._alive = np.concatenate(masks)

    # Results

    def find(self, query: plan.Node, restriction: plan.Filter | None = None) -> Hits:
        """The documents that match a query.

        Args:
            query: a plan node.
            restriction: a filter node; None for no filter.
        """
        hits = self._evaluate(query)
        mask = self._alive if restriction is None else self.mask(restriction)
        if mask is None or not len(hits):
            return hits
        return hits.where(mask[hits.docs])

    def best(self, hits: Hits, start: int, stop: int | None) -> np.ndarray:
        """Indices in ``hits`` of the best documents from ``start`` to ``stop``; equal scores stay in document order."""
        total = len(hits)
        stop = total if stop is None else min(stop, total)
        if start >= stop:
            return np.empty(0, dtype=np.int64)
        if stop * 4 >= total or total < 200:
            return (-hits.scores).argsort(kind="stable")[start:stop]
        # Negative scores: if nearly all scores are equal, partition() is twenty times slower for an index near the end.
        descending = -hits.scores
        parted = descending.copy()
        parted.partition(stop - 1)
        (candidates,) = (descending <= parted[stop - 1]).nonzero()
        return candidates[descending[candidates].argsort(kind="stable")[start:stop]]

    def keys(self, docs: np.ndarray) -> list[str]:
        """Primary keys of documents, as text."""
        if len(self.segments) == 1:
            keys = self.segments[0].keys
            return [keys[doc] for doc in docs.tolist()]
        return [segment.keys[doc] for segment, doc in map(self._locate, docs.tolist())]

    def text(self, doc: int) -> list[str]:
        """Stored texts of a document, one for each field value."""
        segment, own = self._locate(doc)
        return segment.text(own)

    def _locate(self, doc: int) -> tuple[Segment, int]:
        number = bisect_right(self.bases, doc) - 1
        return self.segments[number], int(doc - self.bases[number])

    # Queries

    def _evaluate(self, node: plan.Node) -> Hits:
        cacheable = type(node) in (plan.Term, plan.Phrase, plan.AnyOf)
        if cacheable:
            found = self._hits.get(node)
            if found is not None:
                return found
        found = self._EVALUATE[type(node)](self, node)
        if cacheable:
            self._hits.put(node, found, found.docs.nbytes + found.scores.nbytes)
        return found

    def _evaluate_term(self, node: plan.Term) -> Hits:
        found = self._postings(node.field, node.text)
        if not found:
            return NO_HITS
        factor, norms = self._factor(found, node.boost), self._norms(node.field)
        docs, scores = [], []
        for base, postings in found:
            own, weights, lengths = postings.docs, postings.weights, postings.lengths
            if node.fields:
                keep = arrays.in_fields(postings, node.fields)
                own, weights, lengths = own[keep], weights[keep], lengths[keep]
            scores.append(_scores(weights, lengths, factor, norms))
            docs.append(own + base if base else own)
        return _concatenate(docs, scores)

    def _factor(self, found: Placed, boost: float) -> float:
        """The part of the BM25F score that all documents with a term share."""
        frequency = sum([len(postings.docs) for _, postings in found])
        return (log(self.count / (frequency + 1)) + 1) * (K1 + 1) * boost

    def _postings(self, field: str, term: str) -> Placed:
        """For each segment with the term, the number of its first document and the postings."""
        if len(self.segments) == 1:
            postings = self.segments[0].postings(field, term)
            return [] if postings is None else [(0, postings)]
        found = [(base, segment.postings(field, term)) for base, segment in self._segments_with_base]
        return [(base, postings) for base, postings in found if postings is not None]

    def _norms(self, field: str) -> np.ndarray:
        """For each length byte of Whoosh, the part of the BM25F divisor that depends on the length only."""
        found = self._norm_tables.get(field)
        if found is None:
            average = self._field_lengths.get(field, 0) / (self.count or 1) or 1
            found = self._norm_tables[field] = K1 * ((1 - B) + B * _LENGTHS / average)
        return found

    def _evaluate_phrase(self, node: plan.Phrase) -> Hits:
        if len(node.words) == 1:
            return self._evaluate(plan.Term("raw", node.words[0], node.boost, node.fields))
        found = [self._postings("raw", word) for word in node.words]
        if not found or not all(found):
            return NO_HITS
        docs = []
        for base, segment in self._segments_with_base:
            places = [own for word in node.words if (own := segment.positions(word)) is not None]
            if len(places) == len(node.words):
                together = documents_with_phrase(places, node.fields)
                docs.append(together + base if base else together)
        hits = Hits(np.concatenate(docs), np.zeros(sum(map(len, docs)))) if docs else NO_HITS
        for word in node.words:
            hits = self._intersect(hits, plan.Term("raw", word, node.boost))
        return hits

    def _evaluate_fuzzy(self, node: plan.Fuzzy) -> Hits:
        similar = self.similar(node.word, node.distance, node.most)
        return self._evaluate_any(
            plan.AnyOf(tuple(plan.Term("raw", word, node.boost / (1 + distance), node.fields) for word, distance in similar))
        )

    def _evaluate_any(self, node: plan.AnyOf) -> Hits:
        parts = [hits for hits in map(self._evaluate, node.parts) if len(hits)]
        if not parts:
            return NO_HITS
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            small, large = sorted(parts, key=len)
            # The documents of a word are usually among those of its stem.
            added = arrays.values_at(large.docs, small.docs, small.scores, self.count)
            if added is not None:
                added += large.scores
                return Hits(large.docs, added)
        docs = np.concatenate([hits.docs for hits in parts])
        scores = np.concatenate([hits.scores for hits in parts])
        if len(docs) * 16 < self.count:
            distinct, places = np.unique(docs, return_inverse=True)
            return Hits(distinct, np.bincount(places, weights=scores, minlength=len(distinct)))
        present = np.zeros(self.count, dtype=bool)
        present[docs] = True
        distinct = np.flatnonzero(present).astype(np.int32)
        return Hits(distinct, np.bincount(docs, weights=scores, minlength=self.count)[distinct])

    def _evaluate_all(self, node: plan.AllOf) -> Hits:
        wanted = sorted((part for part in node.parts if not isinstance(part, plan.Not)), key=self._max_count)
        hits = self._evaluate(wanted[0] if wanted else plan.MatchAll(0.0))
        for part in wanted[1:]:
            hits = self._intersect(hits, part)
        for unwanted in node.parts:
            if isinstance(unwanted, plan.Not) and len(hits):
                hits = hits.where(~arrays.contains(self._evaluate(unwanted.part).docs, hits.docs))
        return hits

    def _max_count(self, node: plan.Node) -> int:
        """Upper limit of the number of documents that match, as far as it is known without evaluating the query."""
        if isinstance(node, plan.Term):
            return sum([len(postings.docs) for _, postings in self._postings(node.field, node.text)])
        if isinstance(node, plan.AnyOf):
            return min(sum(map(self._max_count, node.parts)), self.count)
        return self.count

    def _intersect(self, few: Hits, node: plan.Node) -> Hits:
        """The hits that also match another query, with both scores; computed for these documents only."""
        docs = few.docs
        if not len(docs):
            return NO_HITS
        if isinstance(node, plan.AnyOf) and node.parts:
            found, added = np.zeros(len(docs), dtype=bool), np.zeros(len(docs))
            for part in node.parts:
                for own, at, score in self._matches_among(part, docs):
                    found[own][at] = True
                    added[own][at] += score
            return Hits(docs[found], few.scores[found] + added[found])
        parts = [(own, at, few.scores[own][at] + score) for own, at, score in self._matches_among(node, docs)]
        return _concatenate([docs[own][at] for own, at, _ in parts], [scores for _, _, scores in parts])

    def _matches_among(self, node: plan.Node, docs: np.ndarray) -> list[tuple[slice, np.ndarray, np.ndarray]]:
        """Documents among ``docs`` that match a query: slices of ``docs``, with the indices of matches in each slice and their scores."""
        if type(node) is not plan.Term or node.fields:
            hits = self._evaluate(node)
            at, there = arrays.intersect(docs, hits.docs)
            return [(slice(None), at, hits.scores[there])]
        postings = self._postings(node.field, node.text)
        factor, norms = self._factor(postings, node.boost), self._norms(node.field)
        found = []
        for base, one in postings:
            own = slice(None) if len(self.segments) == 1 else slice(*docs.searchsorted((base, base + self._sizes[base])).tolist())
            at, there = arrays.intersect(docs[own] - base if base else docs[own], one.docs)
            found.append((own, at, _scores(one.weights[there], one.lengths[there], factor, norms)))
        return found

    def _evaluate_not(self, node: plan.Not) -> Hits:
        absent = np.ones(self.count, dtype=bool)
        absent[self._evaluate(node.part).docs] = False
        docs = np.flatnonzero(absent).astype(np.int32)
        return Hits(docs, np.zeros(len(docs)))

    def _evaluate_match_all(self, node: plan.MatchAll) -> Hits:
        return Hits(np.arange(self.count, dtype=np.int32), np.full(self.count, node.score, dtype=np.float64))

    _EVALUATE: dict[type, Callable[..., Hits]] = {
        plan.Term: _evaluate_term,
        plan.Phrase: _evaluate_phrase,
        plan.Fuzzy: _evaluate_fuzzy,
        plan.AnyOf: _evaluate_any,
        plan.AllOf: _evaluate_all,
        plan.Not: _evaluate_not,
        plan.MatchAll: _evaluate_match_all,
    }

    # Filters

    def mask(self, restriction: plan.Filter) -> np.ndarray:
        """Boolean mask of the documents that pass a filter; deleted documents never pass."""
        found = self._masks.get(restriction)
        if found is None:
            found = self._mask(restriction)
            if self._alive is not None:
                found = found & self._alive
            self._masks.put(restriction, found, found.nbytes)
        return found

    def _mask(self, node: plan.Filter) -> np.ndarray:
        if isinstance(node, plan.Combined):
            join = np.logical_and if node.connector == "AND" else np.logical_or
            mask = join.reduce([self._mask(part) for part in node.parts])
            return ~mask if node.negated else mask
        mask = np.zeros(self.count, dtype=bool)
        for base, segment in self._segments_with_base:
            own = mask[base : base + segment.count]
            if isinstance(node, plan.OfModel):
                postings = segment.postings("ct", node.label)
                if postings is not None:
                    own[postings.docs] = True
                continue
            column = segment.column(node.field)
            if isinstance(node, plan.HasAny):
                own[column.docs] = True
            elif isinstance(node, plan.HasValue):
                codes = [code for value in node.values if (code := arrays.index_of(column.values, value)) is not None]
                own[column.docs[np.isin(column.codes, codes)]] = True
            else:
                low, high = arrays.index_range(column.values, node)
                own[column.docs[(column.codes >= low) & (column.codes < high)]] = True
        return mask

    # Facets and words

    def facet(self, hits: Hits, field: int) -> Counter:
        """Number of hits for each encoded value of a filter field; None counts hits without a value."""
        counts: Counter = Counter()
        edges = hits.docs.searchsorted(self.bases).tolist()
        for number, (base, segment) in enumerate(self._segments_with_base):
            docs = hits.docs[edges[number] : edges[number + 1]]
            if len(docs):
                for value, count in segment.column(field).counted(docs - base if base else docs):
                    counts[value] += count
        return counts

    def has_word(self, word: str) -> bool:
        """Whether a document contains a word as typed; deleted documents count, too."""
        return any(segment.postings("raw", word) is not None for segment in self.segments)

    def similar(self, word: str, distance: int, most: int) -> list[tuple[str, int]]:
        """Similar words with their distance, the most similar and then the most frequent first.

        Args:
            word: the word to compare with; it is in the result if a document contains it.
            distance: maximum number of different letters.
            most: maximum number of words.
        """
        apart: dict[str, int] = {}
        frequencies: Counter[str] = Counter()
        for segment in self.segments:
            for near, one, frequency in segment.vocabulary.near(word, distance):
                apart[near] = one
                frequencies[near] += frequency
        return sorted(apart.items(), key=lambda item: (item[1], -frequencies[item[0]], item[0]))[:most]


def _scores(weights: np.ndarray, lengths: np.ndarray, factor: float, norms: np.ndarray) -> np.ndarray:
    """whoosh.scoring.bm25 for arrays."""
    scores = weights.astype(np.float64)
    divisor = norms.take(lengths)
    divisor += scores
    scores *= factor
    scores /= divisor
    return scores


def _concatenate(docs: list[np.ndarray], scores: list[np.ndarray]) -> Hits:
    if len(docs) == 1:
        return Hits(docs[0], scores[0])
    return Hits(np.concatenate(docs), np.concatenate(scores)) if docs else NO_HITS
