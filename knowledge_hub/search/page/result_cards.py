"""Cards of the search results: type, title, excerpt and date of a page or document."""

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
from knowledge_hub.search.page.excerpts import Highlighter


@dataclass(frozen=True)
class ResultCard:
    """A result for the template.

    Attributes:
        object: the page or document.
        kind: name of the page type; of a document its format and size.
        page_number: page of the document that the excerpt is from, counted from 1; None if unknown.
        date, year: date of its subject, or only the year; both None if unknown.
        published: first publication; only if date and year are unknown.
    """

    object: Page | CustomDocument
    url: str
    kind: str
    title: SafeString
    excerpt: SafeString
    page_number: int | None = None
    date: dt.date | None = None
    year: int | None = None
    published: dt.datetime | None = None


def result_cards(request: HttpRequest, results: Iterable[Page | CustomDocument], words: str, language: str) -> list[ResultCard]:
    """Cards of results that are all in one language.

    Args:
        request: for addresses on its site.
        results: pages and documents that a search returned.
        words: the words to highlight.
        language: language of the results.
    """
    highlighter, entries = Highlighter(words, language), entries_by_pk()
    return [
        _document(result, highlighter)
        if isinstance(result, CustomDocument)
        else _page(request, result, highlighter, entries.get(result.pk))
        for result in results
    ]


def _page(request: HttpRequest, page: Page, highlighter: Highlighter, entry: Entry | None) -> ResultCard:
    kind = page.cached_content_type.model_class()
    date, year = (entry.date, entry.year) if entry else (None, None)
    return ResultCard(
        object=page,
        url=page.get_url(request) or "",
        kind=capfirst(str(kind._meta.verbose_name)) if kind else "",
        title=highlighter.highlight(page.title),
        excerpt=highlighter.excerpt(_texts(page) or [entry.summary if entry else ""]),
        date=date,
        year=None if date else year,
        published=None if date or year else page.first_published_at,
    )


def _document(document: CustomDocument, highlighter: Highlighter) -> ResultCard:
    texts = _texts(document)
    excerpt, number = highlighter.excerpt_with_number(texts)
    extracted = getattr(document, "extracted", None)
    pages = (extracted.pages if extracted else None) or 0
    # The texts of its pages are the last texts that the index stores.
    page_number = number - len(texts) + pages + 1 if number is not None and pages > 1 else 0
    facts = [gettext("Document"), document.file_extension.upper(), filesizeformat(document.file_size) if document.file_size else ""]
    if pages > 1:
        facts.append(ngettext("%(number)s page", "%(number)s pages", pages) % {"number": pages})
    return ResultCard(
        object=document,
        url=document.url,
        kind=" · ".join(fact for fact in facts if fact),
        title=highlighter.highlight(document.title),
        excerpt=excerpt,
        page_number=page_number if page_number > 0 else None,
        date=document.date,
        published=None if document.date else document.created_at,
    )


def _texts(result: Page | CustomDocument) -> list[str]:
    """Texts that the index stores for excerpts; empty with another backend."""
    document = getattr(result, "search_document", None)
    return document.texts() if document else []
