"""Compares two versions of a document word by word."""

import difflib
import re
from dataclasses import dataclass

_WORDS = re.compile(r"\s+|[^\s]+")
# Longer texts are compared by whole paragraphs, because word by word would take seconds.
MOST_WORDS = 4000


@dataclass(frozen=True)
class Piece:
    """A run of text: ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


def compare(old: str, new: str) -> list[list[Piece]]:
    """Compare two texts, one paragraph per line.

    A changed paragraph is returned once, with added and removed words; one without a counterpart is added or removed as a whole.
    """
    before, after = ([line.strip() for line in text.splitlines() if line.strip()] for text in (old, new))
    by_words = len(old.split()) + len(new.split()) <= MOST_WORDS
    paragraphs: list[list[Piece]] = []
    for what, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            paragraphs += [[Piece("same", text)] for text in before[i1:i2]]
            continue
        changed = min(i2 - i1, j2 - j1) if by_words else 0
        paragraphs += [_words(before[i1 + n], after[j1 + n]) for n in range(changed)]
        paragraphs += [[Piece("removed", text)] for text in before[i1 + changed : i2]]
        paragraphs += [[Piece("added", text)] for text in after[j1 + changed : j2]]
    return paragraphs


def _words(old: str, new: str) -> list[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    pieces = []
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    return pieces
