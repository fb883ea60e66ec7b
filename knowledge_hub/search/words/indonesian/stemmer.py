"""Indonesian stemmer: removes affixes only if a known root remains."""

import csv
from functools import cache
from pathlib import Path

from knowledge_hub.search.words.indonesian.affixes import CONFIXES, FORBIDDEN_PAIRS, VOWELS, without_prefix, without_suffixes
from knowledge_hub.search.words.indonesian.exceptions import EXCEPTIONS

HERE = Path(__file__).resolve().parent
REGIONS = HERE.parents[2] / "data" / "regions.csv"
MAX_PREFIXES = 3
MIN_LENGTH = 4


@cache
def roots() -> frozenset[str]:
    """Our list of roots: one or more per line; lines with # are headings."""
    lines = (HERE / "roots.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def names() -> frozenset[str]:
    """Words in names of Indonesian provinces, regencies and cities, which are never stemmed ("Pemalang" is not from "malang")."""
    with REGIONS.open(encoding="utf-8", newline="") as file:
        words = {word for row in csv.DictReader(file) for word in row["name"].lower().replace("-", " ").split()}
    return frozenset(words - {"kabupaten", "kota", "utara", "selatan", "barat", "timur", "tengah", "kepulauan"})


def stem(word: str) -> str:
    """Stem of a word; the word itself if it contains no known root.

    Args:
        word: a word in lower case without accents.

    Returns:
        The root with the fewest affixes removed; if equal, the root found by removing suffixes first.
    """
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    if len(word) < MIN_LENGTH or word in roots() or word in names():
        return word
    found = _search(word)
    if found is None and word.startswith("ketidak") and word.endswith("an"):
        # "ketidakhadiran": ke- and -an around two words
        found = stem(word[7:-2])
        found = found if found in roots() else None
    if found:
        return EXCEPTIONS.get(found, found)
    # From an unknown word only the possessive is removed, which is never part of a loanword.
    if word.endswith("nya") and len(word) >= 8:
        return _search(word[:-3]) or word[:-3]
    return word


def _search(word: str) -> str | None:
    best: tuple[float, int, str] | None = None
    for order, (rest, suffix, taken) in enumerate(without_suffixes(word)):
        if taken and rest in roots() and (best is None or (taken, -1) < best[:2]):
            best = (taken, -1, rest)
        for cost, root in _without_prefixes(rest, suffix, taken):
            if best is None or (cost, order) < best[:2]:
                best = (cost, order, root)
    return best[2] if best else None


def _without_prefixes(word: str, suffix: str, cost: int) -> list[tuple[float, str]]:
    """Roots after removing one to three prefixes, each with its cost; each kind of prefix is removed once at most."""
    found = []
    front: list[tuple[str, frozenset[str]]] = [(word, frozenset())]
    for _ in range(MAX_PREFIXES):
        cost += 1
        following = []
        for rest, kinds in front:
            for candidate, kind in without_prefix(rest):
                if kind in kinds or len(candidate) < 3 or (not kinds and (kind, suffix) in FORBIDDEN_PAIRS) or (kind == "ku" and kinds):
                    continue
                # A confix counts as one affix and is preferred to one affix that leaves a longer root.
                own = cost - 1.5 if (kind, suffix) in CONFIXES and not kinds else cost
                if candidate in EXCEPTIONS:
                    found.append((own, EXCEPTIONS[candidate]))
                elif candidate in roots() and _sounds_right(rest, candidate):
                    found.append((own, candidate))
                else:
                    following.append((candidate, kinds | {kind}))
        if found:
            return found[:1]
        front = following
    return found


def _sounds_right(word: str, root: str) -> bool:
    """Whether the prefix can occur before this root: bare me- and pe- only before l, m, n, r, w, y or in old nouns."""
    if word == "me" + root:
        return root[0] in "lmnrwy" or root[:2] in ("ng", "ny")
    return not (word == "pe" + root and root[0] in VOWELS)
