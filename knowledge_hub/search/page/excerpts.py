"""Excerpts of results with the found words in <mark>."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from django.utils.safestring import SafeString, mark_safe

from knowledge_hub.search.words.analysis import LANGUAGES, fold_aligned, query_words, stem, words_with_places

LENGTH = 220
MAX_MATCHES = 200
_SPACE = re.compile(r"\s")

Match = tuple[int, int, str]
"""Start, end and stem of a match in a text."""


class Highlighter:
    """Highlights the words of one query in texts of one language.

    Args:
        query: the text that the reader typed.
        language: "id" or "en".
    """

    def __init__(self, query: str, language: str):
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.typed = set(query_words(query, self.language))
        self.stems = {stem(word, self.language) for word in self.typed}
        cores = {_core(root, self.language) for root in self.stems | self.typed}
        self._cores = [core for core in cores if not any(other != core and other in core for other in cores)]
        # Matches in each run of characters between spaces; texts repeat their words.
        self._matches_of_run: dict[str, list[Match]] = {}

    def highlight(self, text: str) -> SafeString:
        """The entire text, escaped, with its matches in <mark>."""
        return _marked(text, self.matches(text))

    def excerpt(self, texts: Iterable[str], length: int = LENGTH) -> SafeString:
        """The passage with the most different words of the query; without a match, the start of the first text.

        Args:
            texts: field values of a document.
            length: approximate number of characters.
        """
        return self.excerpt_with_number(texts, length)[0]

    def excerpt_with_number(self, texts: Iterable[str], length: int = LENGTH) -> tuple[SafeString, int | None]:
        """Like excerpt(), with the number of the text that it is from, counted from 0; None without a match."""
        best, best_text, best_start, best_number, best_matches = (0, 0), None, 0, None, []
        first = ""
        for text_number, text in enumerate(texts):
            first = first or text
            matches = self.matches(text)
            for number, (start, _, _) in enumerate(matches):
                inside = [root for begin, _, root in matches[number : number + 30] if begin < start + length]
                value = (len(set(inside)), len(inside))
                if value > best:
                    best, best_text, best_start, best_number, best_matches = value, text, start, text_number, matches
        if best_text is None:
            return _passage(first, [], 0, length), None
        return _passage(best_text, best_matches, max(0, best_start - length // 5), length), best_number

    def matches(self, text: str) -> list[Match]:
        """Start, end and stem of each match in a text."""
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
            # All characters between two spaces, because tokens such as "e-government" contain signs.
            begin = max(folded.rfind(" ", 0, at), folded.rfind("\n", 0, at)) + 1
            space = _SPACE.search(folded, at)
            end = space.start() if space else len(folded)
            seen_until = end
            run = folded[begin:end]
            inside = self._matches_of_run.get(run)
            if inside is None:
                inside = self._matches_of_run[run] = list(self._in_run(run))
            found += [(begin + start, begin + stop, root) for start, stop, root in inside]
        return found

    def _in_run(self, run: str) -> Iterator[Match]:
        for start, stop, parts in words_with_places(run):
            for part in parts:
                root = stem(part, self.language)
                if part in self.typed or root in self.stems:
                    yield start, stop, root
                    break


def _passage(text: str, matches: Iterable[Match], start: int, length: int) -> SafeString:
    if start:
        space = text.find(" ", start)
        start = space + 1 if 0 <= space < start + 30 else start
    end = min(len(text), start + length)
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start + length // 2 else end
    inside = [(begin - start, stop - start, root) for begin, stop, root in matches if begin >= start and stop <= end]
    passage = _marked(text[start:end], inside)
    before = "… " if start > 0 else ""
    after = " …" if end < len(text) else ""
    return mark_safe(before + passage + after)


def _marked(text: str, matches: Iterable[Match]) -> SafeString:
    pieces, at = [], 0
    for start, stop, _ in matches:
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        at = stop
    pieces.append(escape(text[at:]))
    return mark_safe("".join(pieces))


def _core(root: str, language: str) -> str:
    """Letters that all forms of a root contain: prefixes can change its first letter, suffixes its last."""
    if language == "en":
        return root[: max(3, len(root) - 1)]
    return root[1:-1] if len(root) > 4 else root[1:] if len(root) == 4 else root
