"""How to cite a page: as text, as BibTeX and as RIS."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone

from knowledge_hub.core.audience import language_of

SITE = "Binjai Smart City"
CORPORATE_AUTHOR = "Pemerintah Kota Binjai"
# Characters with a meaning in LaTeX.
_LATEX = {char: f"\\{char}" for char in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True)
class Citation:
    """Data of a citation; dates in the site's time zone."""

    key: str
    author: str
    is_corporate: bool
    title: str
    year: int | None
    published: dt.date | None
    changed: dt.date | None
    language: str
    url: str

    @classmethod
    def of(cls, page) -> "Citation":
        """The citation of a page; the author is the one it names, or else the city."""
        published = timezone.localdate(page.first_published_at) if page.first_published_at else None
        changed = timezone.localdate(page.last_published_at) if page.last_published_at else None
        author = getattr(page, "author", "")
        return cls(
            key=f"binjai-{page.pk}",
            author=author or CORPORATE_AUTHOR,
            is_corporate=not author,
            title=page.title,
            year=published.year if published else None,
            published=published,
            changed=changed,
            language=language_of(page),
            url=page.full_url,
        )

    def text(self) -> str:
        """One sentence: author, year, title, site, address."""
        return f"{self.author} ({self.year or '–'}). {self.title.rstrip('.')}. {SITE}. {self.url}"

    def bibtex(self) -> str:
        """An entry of type ``@online`` (biblatex)."""
        author = f"{{{_latex(self.author)}}}" if self.is_corporate else _latex(self.author)
        fields = {
            "author": author,
            "title": f"{{{_latex(self.title)}}}",
            "date": self.published.isoformat() if self.published else "",
            "organization": SITE,
            "language": "indonesian" if self.language == "id" else "english",
            "url": self.url,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@online{{{self.key},", *lines, "}", ""])

    def ris(self) -> str:
        """A record of type ELEC, with the line ends of the format."""
        fields = [
            ("TY", "ELEC"),
            ("AU", self.author),
            ("TI", self.title),
            ("T2", SITE),
            ("PB", CORPORATE_AUTHOR),
            ("PY", str(self.year) if self.year else ""),
            ("DA", self.published.strftime("%Y/%m/%d") if self.published else ""),
            ("LA", self.language),
            ("UR", self.url),
            ("ER", " "),
        ]
        # A line break inside a value would start another field.
        return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields if value)


def _latex(text: str) -> str:
    return "".join(_LATEX.get(char, char) for char in re.sub(r"\s+", " ", text))
