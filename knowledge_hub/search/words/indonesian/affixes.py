"""Affix rules of Indonesian: suffixes, and prefixes with the sound changes that they cause.

The rules are those of Nazief & Adriani (1996) as given by Asian, Williams and Tahaghoghi (2005, "confix stripping") and by Arifin,
Mahendra and Ciptaningtyas (2009, "enhanced confix stripping"); the code is our own. Rule numbers are those of the papers.
"""

VOWELS = frozenset("aiueo")

PARTICLES = ("lah", "kah", "tah", "pun")
POSSESSIVES = ("nya", "ku", "mu")
# Longest first: "kan" before "an", so that "berikan" gives "beri" before "berik".
DERIVATIONS = ("kan", "an", "i")

# Prefix and suffix that form one affix.
CONFIXES = frozenset({("ke", "an"), ("pe", "an")})
# Prefixes and suffixes that never occur together (table of disallowed confixes by Nazief & Adriani).
FORBIDDEN_PAIRS = frozenset({("be", "i"), ("di", "an"), ("ke", "i"), ("ke", "kan"), ("me", "an"), ("se", "i"), ("se", "kan"), ("te", "an")})


def without_suffixes(word: str) -> list[tuple[str, str, int]]:
    """All ways to remove suffixes, starting with none.

    Args:
        word: a folded word in lower case.

    Returns:
        Tuples of the rest, the removed derivational suffix ("" for none) and the number of removed suffixes.
    """
    ways = [(word, "", 0)]
    for suffixes in (PARTICLES, POSSESSIVES):
        ways += [
            (rest[: -len(end)], "", taken + 1)
            for rest, _, taken in ways
            for end in suffixes
            if rest.endswith(end) and len(rest) - len(end) >= 3
        ]
    ways += [
        (rest[: -len(end)], end, taken + 1)
        for rest, _, taken in ways
        for end in DERIVATIONS
        if rest.endswith(end) and len(rest) - len(end) >= 3
    ]
    return ways


def without_prefix(word: str) -> list[tuple[str, str]]:
    """All ways to remove one prefix, with the first sound of the root restored.

    Args:
        word: a folded word in lower case.

    Returns:
        Pairs of the rest and the kind of prefix, the more likely first: "di", "ke", "se", "be", "te", "me", "pe", or "ku" for the
        pronouns, which only occur before all other prefixes.
    """
    head = word[:2]
    if head in ("di", "ke", "se"):
        return [(word[2:], head)]
    if head == "ku":
        return [(word[2:], "ku")]
    if word.startswith("kau"):
        return [(word[3:], "ku")]
    if head == "be":
        return [(rest, "be") for rest in _without_ber(word)]
    if head == "te":
        return [(rest, "te") for rest in _without_ter(word)]
    if head == "me":
        return [(rest, "me") for rest in _without_nasal(word, "me")]
    if head == "pe":
        return [(rest, "pe") for rest in (*_without_per(word), *_without_nasal(word, "pe"))]
    return []


def _without_ber(word: str) -> list[str]:
    """Rules 1 to 5: ber-; be- before r and before a syllable with -er-; bel- in "belajar"."""
    ways = []
    if word.startswith("ber"):
        ways += [word[3:], word[2:]]
    elif word.startswith("belajar"):
        ways.append(word[3:])
    elif word[3:5] == "er":
        ways.append(word[2:])
    return ways


def _without_ter(word: str) -> list[str]:
    """Rules 6 to 9 and 34: ter-; te- before r and before a syllable with -er-."""
    if word.startswith("ter"):
        return [word[3:], word[2:]]
    return [word[2:]] if word[3:5] == "er" else []


def _without_per(word: str) -> list[str]:
    """Rules 21 to 24, 29, 30, 36: per-; pe- before r; pel- in "pelajar"."""
    ways = []
    if word.startswith("per"):
        ways += [word[3:], word[2:]]
    elif word.startswith("pelajar"):
        ways.append(word[3:])
    return ways


def _without_nasal(word: str, prefix: str) -> list[str]:
    """Rules 10 to 20 and 25 to 35: me- and pe- with a nasal that may replace k, p, s or t."""
    rest = word[len(prefix) :]
    if not rest:
        return []
    ways = []
    if rest.startswith("nge") and len(rest) <= 7:
        ways.append(rest[3:])
    if rest.startswith("ng"):
        ways += _replaced(rest[2:], "k")
    elif rest.startswith("ny"):
        ways += _replaced(rest[2:], "s")
    elif rest.startswith("n"):
        ways += _replaced(rest[1:], "t")
    elif rest.startswith("m"):
        ways += _replaced(rest[1:], "p")
    # Bare me- and pe-: before l, m, n, r, w, y, and before any root in words like "pekerja" and "petani".
    ways.append(rest)
    return ways


def _replaced(rest: str, sound: str) -> list[str]:
    """The root without the nasal: unchanged before a consonant; before a vowel also with the sound that the nasal replaces."""
    if rest[:1] in VOWELS:
        return [sound + rest, rest] if sound != "k" else [rest, sound + rest]
    return [rest]
