"""The root of an Indonesian word: affixes are taken off only if a known root is left."""

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
    """Our own list of roots, one or more a line; lines that begin with # name the part."""
    lines = (HERE / "roots.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def names() -> frozenset[str]:
    """The words of the names of Indonesia's provinces, regencies and cities: whole, never taken apart (Pemalang is not "malang")."""
    with REGIONS.open(encoding="utf-8", newline="") as file:
        words = {word for row in csv.DictReader(file) for word in row["name"].lower().replace("-", " ").split()}
    return frozenset(words - {"kabupaten", "kota", "utara", "selatan", "barat", "timur", "tengah", "kepulauan"})


def stem(word: str) -> str:
    """The root of a word, or the word itself if no known root is in it.

    Args:
        word: one word, folded to lower case without accents.

    Returns:
        The root with the fewest affixes taken off; between equals the one found by taking suffixes first.
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
    # An unknown word keeps everything but the possessive, which is never part of a loanword's root.
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
    """Roots that are left when one to three prefixes are taken, each with its cost; a kind of prefix is taken once only."""
    found = []
    front: list[tuple[str, frozenset[str]]] = [(word, frozenset())]
    for _ in range(MAX_PREFIXES):
        cost += 1
        following = []
        for rest, kinds in front:
            for candidate, kind in without_prefix(rest):
                if kind in kinds or len(candidate) < 3 or (not kinds and (kind, suffix) in FORBIDDEN_PAIRS) or (kind == "ku" and kinds):
                    continue
                # Both parts of a confix count as one affix, and before one affix that leaves a longer root.
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
    """Whether a prefix could really have been joined to the root: a bare me- or pe- stands only before l, m, n, r, w, y or in old nouns."""
    if word == "me" + root:
        return root[0] in "lmnrwy" or root[:2] in ("ng", "ny")
    return not (word == "pe" + root and root[0] in VOWELS)
