"""The words of one segment, and a search for similar words that compares all of them at once."""

import sys

import numpy as np

# Longer words are not compared, because the algorithm needs a bit for each letter.
LONGEST = 64
_ONE = np.uint64(1)


class Vocabulary:
    """Words with their document frequencies.

    Args:
        words: different words, in any order.
        frequencies: document frequency of each word.
    """

    def __init__(self, words: list[str], frequencies: np.ndarray):
        self.words = words
        self.frequencies = frequencies
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        letters = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), np.uint32)
        known = np.zeros(sys.maxunicode + 1, bool)
        known[letters] = True
        self._alphabet = np.flatnonzero(known)
        # Padded, because all words are read with the same length, which may reach beyond the end of the last one.
        self._codes = np.append((np.cumsum(known, dtype=np.uint32) - 1)[letters], np.zeros(LONGEST, np.uint32))
        self._begins = np.concatenate(([0], np.cumsum(sizes)[:-1])) if words else np.empty(0, np.int64)
        bits = _ONE << (letters % 64).astype(np.uint64)
        self._masks = np.bitwise_or.reduceat(bits, self._begins) if words else np.empty(0, np.uint64)
        self._sizes = sizes
        # Sorted by length, so that words of similar length are adjacent.
        self._by_size = np.argsort(sizes, kind="stable")
        self._first_of_size = np.searchsorted(sizes[self._by_size], np.arange(LONGEST + 2))

    def near(self, word: str, limit: int) -> list[tuple[str, int, int]]:
        """Similar words with their distance and document frequency.

        The distance counts added, missing, replaced and swapped letters (Damerau-Levenshtein, optimal string alignment).

        Args:
            word: a word of 1 to 64 letters; other words have no similar words.
            limit: maximum distance.
        """
        length = len(word)
        if not 0 < length <= LONGEST or not self.words:
            return []
        low, high = max(length - limit, 1), min(length + limit, LONGEST)
        places = self._by_size[self._first_of_size[low] : self._first_of_size[high + 1]]
        letters = np.frombuffer(word.encode("utf-32-le", "surrogatepass"), np.uint32)
        mask, masks = np.bitwise_or.reduce(_ONE << (letters % 64).astype(np.uint64)), self._masks[places]
        # Each change adds at most one letter that the other word does not contain.
        fits = (np.bitwise_count(mask & ~masks) <= limit) & (np.bitwise_count(masks & ~mask) <= limit)
        places = places[fits]
        apart = self._distances(letters, places, high)
        return [
            (self.words[place], distance, frequency)
            for place, distance, frequency in zip(places.tolist(), apart.tolist(), self.frequencies[places].tolist(), strict=True)
            if distance <= limit
        ]

    def _distances(self, letters: np.ndarray, places: np.ndarray, longest: int) -> np.ndarray:
        """Distances of a word from other words of at most ``longest`` letters.

        Hyyrö's bit-parallel algorithm (2003): one column of the matrix for all words at once.
        """
        table = np.zeros(len(self._alphabet) + 1, np.uint64)
        for number, code in enumerate(np.searchsorted(self._alphabet, letters).tolist()):
            if code < len(self._alphabet) and self._alphabet[code] == letters[number]:
                table[code] |= _ONE << np.uint64(number)
        matches = table[self._codes[self._begins[places][:, None] + np.arange(longest)]]
        sizes, count = self._sizes[places], len(places)
        last = np.uint64(len(letters) - 1)
        up = np.full(count, ~np.uint64(0))
        down, diagonal, before = np.zeros(count, np.uint64), np.zeros(count, np.uint64), np.zeros(count, np.uint64)
        apart = np.full(count, len(letters), np.int64)
        for column in range(longest):
            match = matches[:, column]
            swapped = ((~diagonal & match) << _ONE) & before
            diagonal = (((match & up) + up) ^ up) | match | down | swapped
            more, less = down | ~(diagonal | up), diagonal & up
            step = ((more >> last) & _ONE).astype(np.int64) - ((less >> last) & _ONE).astype(np.int64)
            apart += np.where(sizes > column, step, 0)
            more, less = (more << _ONE) | _ONE, less << _ONE
            up, down, before = less | ~(diagonal | more), more & diagonal, match
        return apart
