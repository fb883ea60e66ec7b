"""Which letters papers can show, asked where a text is entered, so that no paper is refused when it is drawn."""

import shutil
import subprocess
from bisect import bisect_right
from functools import cache

from knowledge_hub.papers.fonts import own_fonts
from knowledge_hub.papers.shaping import shaped

LISTS_FONTS = "fc-list"
"""Program of fontconfig."""

INVISIBLE = " \u200c\u200d"


def undrawable(text: str) -> str:
    """The letters of a text that no font of the papers has, each once; mostly empty.

    Where the program fc-list of fontconfig is missing, the letters of other scripts are not checked.
    """
    if text.isascii() or all(shaped(text, face).complete for face in ("sans", "serif")):
        return ""
    starts, ends = _ranges()
    if not starts:
        return ""
    return "".join(dict.fromkeys(letter for letter in text if letter not in INVISIBLE and not _is_in(ord(letter), starts, ends)))


def _is_in(code: int, starts: list[int], ends: list[int]) -> bool:
    place = bisect_right(starts, code) - 1
    return place >= 0 and code <= ends[place]


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """First and last code points of the ranges that our fonts and Noto cover, as fontconfig lists them; read once in a process."""
    program = shutil.which(LISTS_FONTS)
    if program is None:
        return [], []
    with own_fonts():
        command = [program, "--format", "%{charset} "]
        listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout  # noqa: S603 -- no input
    pairs = sorted((int(first, 16), int(last or first, 16)) for first, _dash, last in (part.partition("-") for part in set(listed.split())))
    starts: list[int] = []
    ends: list[int] = []
    for first, last in pairs:
        if ends and first <= ends[-1] + 1:
            ends[-1] = max(ends[-1], last)
        else:
            starts.append(first)
            ends.append(last)
    return starts, ends
