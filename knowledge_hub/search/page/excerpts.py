"""The passage of a text that best shows why it was found, with what was found in <mark>."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from django.utils.safestring import SafeString, mark_safe

from knowledge_hub.search.words.analysis import LANGUAGES, fold_aligned, query_words, stem, words_with_places

LENGTH = 220
MAX_MATCHES = 200
_SPACE = re.compile(r"\s")

Place = tuple[int, int, str]
"""Start, end and root of a match in a text."""


class Marker:
    """Marks the words of one query in texts of one language.

    Args:
        query: what the reader typed.
        language: "id" or "en".
    """

    def __init__(self, query: str, language: str):
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.typed = set(query_words(query, self.language))
        self.stems = {stem(word, self.language) for word in self.typed}
        cores = {_core(root, self.language) for root in self.stems | self.typed}
        self._cores = [core for core in cores if not any(other != core and other in core for other in cores)]
        # What is found in each run of characters that was looked at: texts repeat their words.
        self._runs: dict[str, list[Place]] = {}

    def mark(self, text: str) -> SafeString:
        """The whole text, escaped, with its matches marked."""
        return _marked(text, self.places(text))

    def excerpt(self, texts: Iterable[str], length: int = LENGTH) -> SafeString:
        """The passage with the most different words of the query; the beginning of the first text if there is none.

        Args:
            texts: the values of a document's fields.
            length: about how many characters of text.
        """
        return self.excerpt_with_number(texts, length)[0]

    def excerpt_with_number(self, texts: Iterable[str], length: int = LENGTH) -> tuple[SafeString, int | None]:
        """Like excerpt(), and the number of the text that the passage is from, counted from 0; None if nothing matches."""
        best, best_text, best_start, best_number, best_places = (0, 0), None, 0, None, []
        first = ""
        for text_number, text in enumerate(texts):
            first = first or text
            places = self.places(text)
            for number, (start, _, _) in enumerate(places):
                inside = [root for begin, _, root in places[number : number + 30] if begin < start + length]
                value = (len(set(inside)), len(inside))
                if value > best:
                    best, best_text, best_start, best_number, best_places = value, text, start, text_number, places
        if best_text is None:
            return _passage(first, [], 0, length), None
        return _passage(best_text, best_places, max(0, best_start - length // 5), length), best_number

    def places(self, text: str) -> list[Place]:
        """Start, end and root of each match in a text."""
        folded = fold_aligned(text)
        starts: set[int] = set()
        for core in self._cores:
            at = folded.find(core)
            while at >= 0 and len(starts) < MAX_MATCHES:
                starts.add(at)
                at = folded.find(core, at + len(core))
        found, seen_until = [], -1
        for at in sorted(starts):
            if at < seen_until:
                continue
            # The whole run of characters between spaces: tokens such as "e-government" are read as in the index.
            begin = max(folded.rfind(" ", 0, at), folded.rfind("\n", 0, at)) + 1
            space = _SPACE.search(folded, at)
            end = space.start() if space else len(folded)
            seen_until = end
            run = folded[begin:end]
            inside = self._runs.get(run)
            if inside is None:
                inside = self._runs[run] = list(self._in_run(run))
            found += [(begin + start, begin + stop, root) for start, stop, root in inside]
        return found

    def _in_run(self, run: str) -> Iterator[Place]:
        for start, stop, parts in words_with_places(run):
            for part in parts:
                root = stem(part, self.language)
                if part in self.typed or root in self.stems:
                    yield start, stop, root
                    break


def _passage(text: str, places: Iterable[Place], start: int, length: int) -> SafeString:
    if start:
        space = text.find(" ", start)
        start = space + 1 if 0 <= space < start + 30 else start
    end = min(len(text), start + length)
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start + length // 2 else end
    inside = [(begin - start, stop - start, root) for begin, stop, root in places if begin >= start and stop <= end]
    passage = _marked(text[start:end], inside)
    before = "… " if start > 0 else ""
    after = " …" if end < len(text) else ""
    return mark_safe(before + passage + after)


def _marked(text: str, places: Iterable[Place]) -> SafeString:
    pieces, at = [], 0
    for start, stop, _ in places:
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        at = stop
    pieces.append(escape(text[at:]))
    return mark_safe("".join(pieces))


def _core(root: str, language: str) -> str:
    """Letters that every form of a root has, whatever a prefix did to its first letter or a suffix to its last."""
    if language == "en":
        return root[: max(3, len(root) - 1)]
    return root[1:-1] if len(root) > 4 else root[1:] if len(root) == 4 else root
