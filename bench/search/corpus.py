"""Seeded Indonesian texts: forms of our own roots and civic terms in Zipf's proportions, with fixed pairs of words for phrases."""

import random
from dataclasses import dataclass
from functools import cache

import numpy as np

from knowledge_hub.search.words.analysis import words
from knowledge_hub.search.words.indonesian.stemmer import roots
from knowledge_hub.search.words.stop_words import STOP_WORDS

SEED = 20181
LENGTH = 200
TITLE_LENGTH = 6
FORMS = 60_000
CATEGORIES = [f"bidang{number}" for number in range(12)]
YEARS = [str(year) for year in range(2012, 2027)]
# About so many of a thousand pairs of neighbours are one of the fixed pairs; they are what phrases look for.
PAIRS_PER_THOUSAND = 4
_SUFFIXES = ("", "an", "kan", "i", "nya", "annya", "kannya")
_FRONTS = ("di", "ter", "ber", "se", "ke", "memper", "diper")
_NASALS = {"p": "m", "t": "n", "s": "ny", "k": "ng"}


@dataclass(frozen=True)
class Document:
    """One text with its number, its title and two values to count by."""

    number: int
    title: str
    body: str
    category: str
    year: str


@dataclass(frozen=True)
class Questions:
    """What is searched for, each a list."""

    one: list[str]
    common: list[str]
    two: list[tuple[str, str]]
    phrases: list[tuple[str, str]]
    prefixes: list[str]


def affixed(root: str) -> list[str]:
    """Forms that a root may take in a text; not all are in use, all look Indonesian."""
    first, rest = root[0], root[1:]
    if first in _NASALS:
        nasal = _NASALS[first] + rest
    elif first in "bfv":
        nasal = "m" + root
    elif first in "cdj":
        nasal = "n" + root
    elif first in "aeiough":
        nasal = "ng" + root
    else:
        nasal = root
    forms = [root + suffix for suffix in _SUFFIXES]
    forms += [front + root for front in _FRONTS]
    forms += [f"{front}{root}{suffix}" for front in ("di", "ter", "ber", "memper") for suffix in ("kan", "i")]
    forms += [f"me{nasal}{suffix}" for suffix in ("", "kan", "i", "kannya")]
    forms += [f"pe{nasal}{suffix}" for suffix in ("", "an", "annya", "nya")]
    return [*forms, f"per{root}an", f"ke{root}an", f"ke{root}annya", f"ketidak{root}an", f"per{root}annya"]


@cache
def forms() -> list[str]:
    """The vocabulary, the most frequent word first; every form is one word for our analysis as for the others'."""
    chosen = random.Random(SEED)
    plain = sorted(root for root in roots() if len(root) > 2 and root.isascii() and root.isalpha())
    derived = sorted({form for root in plain for form in affixed(root)} - set(plain))
    chosen.shuffle(plain)
    chosen.shuffle(derived)
    # Roots lie among the frequent words, but not only roots.
    mixed = []
    for number, root in enumerate(plain):
        mixed += [root, derived[number]]
    mixed += derived[len(plain) :]
    stop_words = sorted(STOP_WORDS["id"])
    chosen.shuffle(stop_words)
    everything = dict.fromkeys([*stop_words[:60], *(word for word in mixed if words(word) == [word])])
    return list(everything)[:FORMS]


def pairs() -> list[tuple[str, str]]:
    """Thirty fixed pairs of neighbours."""
    chosen = random.Random(SEED + 1)
    vocabulary = forms()
    return [(vocabulary[chosen.randint(60, 900)], vocabulary[chosen.randint(60, 900)]) for _ in range(30)]


def documents(count: int) -> list[Document]:
    """So many documents; the first ones are the same whatever the count."""
    random_numbers = np.random.default_rng(SEED)
    vocabulary = np.array(forms(), dtype=object)
    weights = 1.0 / (np.arange(len(vocabulary)) + 2.7) ** 1.05
    steps = np.cumsum(weights / weights.sum())
    fixed = pairs()
    found = []
    for number in range(count):
        drawn = np.searchsorted(steps, random_numbers.random(LENGTH + TITLE_LENGTH)).clip(max=len(vocabulary) - 1)
        text = vocabulary[drawn].tolist()
        for at in np.flatnonzero(random_numbers.random(LENGTH - 1) * 1000 < PAIRS_PER_THOUSAND).tolist():
            text[at : at + 2] = fixed[int(random_numbers.integers(len(fixed)))]
        category = CATEGORIES[int(random_numbers.integers(len(CATEGORIES)) * random_numbers.random())]
        year = YEARS[int(random_numbers.integers(len(YEARS)))]
        found.append(Document(number + 1, " ".join(text[LENGTH:]), " ".join(text[:LENGTH]), category, year))
    return found


def questions(texts: list[Document], count: int = 60) -> Questions:
    """Questions of every kind, all with results: words from frequent to rare, pairs that share a document, fixed phrases, prefixes."""
    chosen = random.Random(SEED + 2)
    vocabulary = forms()
    present = {word for text in texts for word in text.body.split()} if len(texts) <= 10_000 else set(vocabulary)
    one = []
    while len(one) < count:
        # From frequent to rare, evenly over the orders of magnitude.
        word = vocabulary[int(60 * (len(vocabulary) / 90) ** chosen.random())]
        if word in present:
            one.append(word)
    common = [vocabulary[chosen.randint(30, 140)] for _ in range(count)]
    two = []
    frequent = set(vocabulary[60:3000])
    while len(two) < count:
        candidates = sorted({word for word in chosen.choice(texts).body.split() if word in frequent})
        if len(candidates) > 1:
            two.append(tuple(chosen.sample(candidates, 2)))
    prefixes = []
    for _ in range(count):
        word = max(chosen.choice(texts).title.split(), key=len)
        prefixes.append(word[: chosen.randint(2, 6)])
    return Questions(one, common, two, pairs(), prefixes)
