"""One result as readers see it: what it is, its title and the passage that shows why it was found, the day it is about."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from wagtail.models import Page

from knowledge_hub.catalogue.entries import Entry, entries_by_pk
from knowledge_hub.models import CustomDocument
from knowledge_hub.search.page.excerpts import Marker


@dataclass(frozen=True)
class Shown:
    """A result for the template.

    Attributes:
        thing: the page or document.
        kind: what its type is called; of a document its kind and size.
        place: the page of the document that the excerpt is from, counted from 1; None if that is not known.
        date: the day it is about; ``year`` if only that is known; both None if neither is.
        published: when it was first published, where it is about no day.
    """

    thing: Page | CustomDocument
    url: str
    kind: str
    title: SafeString
    excerpt: SafeString
    place: int | None = None
    date: dt.date | None = None
    year: int | None = None
    published: dt.datetime | None = None


def shown(request: HttpRequest, results: Iterable[Page | CustomDocument], words: str, language: str) -> list[Shown]:
    """Results of one language as the template shows them.

    Args:
        request: the request.
        results: pages and documents that a search returned.
        words: the words to mark.
        language: the language that the results are written in.
    """
    marker, entries = Marker(words, language), entries_by_pk()
    return [
        _document(result, marker) if isinstance(result, CustomDocument) else _page(request, result, marker, entries.get(result.pk))
        for result in results
    ]


def _page(request: HttpRequest, page: Page, marker: Marker, entry: Entry | None) -> Shown:
    kind = page.cached_content_type.model_class()
    date, year = (entry.date, entry.year) if entry else (None, None)
    return Shown(
        thing=page,
        url=page.get_url(request) or "",
        kind=capfirst(str(kind._meta.verbose_name)) if kind else "",
        title=marker.mark(page.title),
        excerpt=marker.excerpt(_texts(page) or [entry.summary if entry else ""]),
        date=date,
        year=None if date else year,
        published=None if date or year else page.first_published_at,
    )


def _document(document: CustomDocument, marker: Marker) -> Shown:
    texts = _texts(document)
    excerpt, number = marker.excerpt_with_number(texts)
    extracted = getattr(document, "extracted", None)
    pages = (extracted.pages if extracted else None) or 0
    # The texts of its pages are the last ones that the index keeps.
    place = number - len(texts) + pages + 1 if number is not None and pages > 1 else 0
    facts = [gettext("Document"), document.file_extension.upper(), filesizeformat(document.file_size) if document.file_size else ""]
    if pages > 1:
        facts.append(ngettext("%(number)s page", "%(number)s pages", pages) % {"number": pages})
    return Shown(
        thing=document,
        url=document.url,
        kind=" · ".join(fact for fact in facts if fact),
        title=marker.mark(document.title),
        excerpt=excerpt,
        place=place if place > 0 else None,
        date=document.date,
        published=None if document.date else document.created_at,
    )


def _texts(result: Page | CustomDocument) -> list[str]:
    """What the index keeps of a result for excerpts; nothing if another backend found it."""
    document = getattr(result, "search_document", None)
    return document.texts() if document else []
