"""The words of a received mail: HTML as text, and without the mail that it answers."""

import re
from html.parser import HTMLParser

MOST_HTML = 200_000
"""Characters of HTML that are read."""

_HIDDEN = frozenset({"script", "style", "head", "title", "template", "svg", "object"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr", "pre"})


class _Words(HTMLParser):
    """Collects the visible words; the mail that a program quotes in <blockquote> becomes lines with ">"."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        self._quoted += tag == "blockquote"
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        self._quoted = max(0, self._quoted - (tag == "blockquote"))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(" ".join(data.split()) + (" " if data[-1:].isspace() else ""))

    def _break(self, tag: str) -> None:
        if tag in _BREAKS or tag == "blockquote":
            self.words.append("\n> " if self._quoted else "\n")


def text_of(html: str) -> str:
    """The words of an HTML mail. Nothing is loaded, and no markup is left."""
    words = _Words()
    words.feed(html[:MOST_HTML])
    words.close()
    return tidy("".join(words.words))


def tidy(text: str) -> str:
    """Text with plain line ends, without control characters, with at most one empty line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    text = "".join(char for char in text if char in "\n\t" or char.isprintable())
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip()


_QUOTE = re.compile(r"\s{0,3}>")
_INTRODUCTION = re.compile(r"(on|pada|am|le|el|op)\b.{0,300}(wrote|menulis|schrieb|écrit|escribió|schreef)\s?:$", re.IGNORECASE)
_SEPARATOR = re.compile(r"[-_]{3,}\s*(original message|pesan asli|forwarded message|pesan terusan)\s*[-_]{3,}|_{20,}$", re.IGNORECASE)
_HEADING = re.compile(r"\*?(from|dari|sent|dikirim|to|kepada|subject|perihal|subjek|date|tanggal)\s?:", re.IGNORECASE)


def without_quotes(text: str) -> str:
    """The sender's own words: without quoted lines, and without the earlier mail that some programs add below a line or heading."""
    lines = tidy(text).split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _begins_earlier_mail(lines, number):
            break
        if not _QUOTE.match(line) and not _introduces(lines, number):
            kept.append(line)
    return tidy("\n".join(kept))


def _begins_earlier_mail(lines: list[str], number: int) -> bool:
    """Whether this line separates the answer from the earlier mail: a named separator, or three lines of its headers."""
    following = lines[number : number + 3]
    return bool(_SEPARATOR.match(lines[number])) or (len(following) == 3 and all(_HEADING.match(line) for line in following))


def _introduces(lines: list[str], number: int) -> bool:
    """Whether this line says who wrote the quote below it, perhaps on two lines."""
    for length in (1, 2):
        for first in range(number - length + 1, number + 1):
            following = next((line for line in lines[first + length : first + length + 2] if line), "")
            if first >= 0 and _QUOTE.match(following) and _INTRODUCTION.match(" ".join(lines[first : first + length])[:400]):
                return True
    return False
