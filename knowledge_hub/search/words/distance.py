"""Words that are close to a word: edit distance with swapped neighbours (Damerau, optimal string alignment)."""

from collections.abc import Mapping


def distance(one: str, other: str, limit: int) -> int:
    """How many letters must be added, removed, replaced or swapped to turn one word into the other; limit + 1 if more than the limit."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, other_letter in enumerate(other, start=1):
            cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != other_letter))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == other_letter:
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before_last, last = last, current
    return last[-1]


def words_within(word: str, vocabulary: Mapping[str, int], limit: int, most: int) -> list[tuple[str, int]]:
    """Words of a vocabulary within a distance, the nearest and then the most frequent first.

    Args:
        word: the word that is looked for, itself included in the result if it is known.
        vocabulary: words with their frequency.
        limit: the greatest distance.
        most: how many words at most.
    """
    letters = set(word)
    found = []
    for known, frequency in vocabulary.items():
        if abs(len(known) - len(word)) > limit or len(letters.difference(known)) > limit:
            continue
        apart = distance(word, known, limit)
        if apart <= limit:
            found.append((apart, -frequency, known))
    found.sort()
    return [(known, apart) for apart, _, known in found[:most]]
