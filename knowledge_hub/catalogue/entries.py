"""All published pages as small records in memory.

Listings, facets, related pages, feeds and comparisons use these records without further queries. They
are reloaded when the content changes; a thousand pages take about a megabyte.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override
from wagtail.models import Page

from knowledge_hub.core import audience, content_cache
from knowledge_hub.core.language import active_language
from knowledge_hub.enums import ServiceDirection
from knowledge_hub.models.taxonomy import PageDirection, PageTopic, Topic, topics


@dataclass(frozen=True)
class Entry:
    """One published page, as lists show it.

    Attributes:
        pk, key, path, language: identify the page; ``key`` is the same in all languages.
        kind: model name of the page type (``casestudypage``); ``kind_label`` is its name for readers.
        url: its address; for an untranslated page, the address of a view in the reader's language.
        translated: whether the page is in the reader's language.
        date: the day of its subject; ``published``, ``updated``: first and last publication (aware).
        directions: values of ServiceDirection.
        status, status_label: status of a case or application; empty if not recorded.
        is_news: whether the home page lists it by itself.
        proven: whether a result was measured; None for page types without results.
    """

    pk: int
    key: str
    path: str
    language: str
    kind: str
    kind_label: str
    title: str
    summary: str
    url: str
    translated: bool
    date: dt.date | None
    published: dt.datetime | None
    updated: dt.datetime | None
    topics: tuple[Topic, ...]
    directions: tuple[str, ...]
    status: str
    status_label: str
    proven: bool | None
    year: int | None
    verified: dt.date | None
    owner: str
    is_news: bool

    @property
    def direction_labels(self) -> list[str]:
        """Labels of the service directions."""
        return [str(ServiceDirection(direction).label) for direction in self.directions]


def published_entries() -> tuple[Entry, ...]:
    """All entries for the active language, newest first, including pages that exist in another language only."""
    language = active_language()
    return content_cache.get_or_set(f"catalogue:{language}", lambda: _load(language))


def entries_by_pk() -> dict[int, Entry]:
    """Entries for the active language by primary key of the page or of any of its translations; never change the dictionary."""
    language = active_language()

    def make() -> dict[int, Entry]:
        by_key = {entry.key: entry for entry in published_entries()}
        named = audience.public_pages().values_list("pk", "translation_key")
        return {pk: by_key[str(key)] for pk, key in named if str(key) in by_key}

    return content_cache.get_or_set(f"catalogue-by-pk:{language}", make)


def entries_below(page: Page) -> list[Entry]:
    """Entries below a page, including those below its translations that are not translated."""

    def paths() -> tuple[str, ...]:
        return tuple(Page.objects.filter(translation_key=page.translation_key).values_list("path", flat=True))

    roots = content_cache.get_or_set(f"paths:{page.translation_key}", paths)
    return [entry for entry in published_entries() if entry.path.startswith(roots) and entry.path not in roots]


@dataclass(frozen=True)
class Subpages:
    """The entries directly below a page in the order of the tree, and whether all have one page type."""

    entries: tuple[Entry, ...]
    same_kind: bool


def subpages(page: Page) -> Subpages:
    """Published pages directly below a page."""
    children = [entry for entry in entries_below(page) if len(entry.path) == len(page.path) + page.steplen]
    children.sort(key=lambda entry: entry.path)
    return Subpages(tuple(children), len({entry.kind for entry in children}) == 1)


def untranslated_url(pk: int) -> str:
    """Address at which an untranslated page is shown in the active language."""
    return reverse("untranslated", args=[pk])


def _load(language: str) -> tuple[Entry, ...]:
    with override(language):
        pages = list(audience.public_pages().order_by("-first_published_at", "-pk").specific())
        # A restricted translation counts as a translation: the page is hidden, not missing.
        translated = set(Page.objects.live().filter(locale__language_code=language).values_list("translation_key", flat=True))
        terms = topics()
        chosen: dict[int, set[int]] = defaultdict(set)
        for page_pk, topic_pk in PageTopic.objects.values_list("page_id", "topic_id"):
            chosen[page_pk].add(topic_pk)
        directions: dict[int, set[str]] = defaultdict(set)
        for page_pk, direction in PageDirection.objects.values_list("page_id", "direction"):
            directions[page_pk].add(direction)
        return tuple(
            _entry(page, audience.language_of(page), language, [terms[pk] for pk in terms if pk in chosen[page.pk]], directions[page.pk])
            for page in pages
            if audience.language_of(page) == language or page.translation_key not in translated
        )


def _entry(page: Page, language: str, reader: str, page_topics: list[Topic], directions: set[str]) -> Entry:
    own = getattr(page, "direction", "")
    status = getattr(page, "status", "")
    recorded = status not in ("", "unknown")
    is_own = language == reader
    return Entry(
        pk=page.pk,
        key=str(page.translation_key),
        path=page.path,
        language=language,
        kind=page._meta.model_name,
        kind_label=capfirst(str(page._meta.verbose_name)),
        title=page.title,
        summary=getattr(page, "summary", ""),
        url=(page.url if is_own else untranslated_url(page.pk)) or "",
        translated=is_own,
        date=getattr(page, "subject_date", None),
        published=page.first_published_at,
        updated=page.last_published_at,
        topics=tuple(page_topics),
        directions=tuple(value for value in ServiceDirection.values if value in directions or value == own),
        status=status if recorded else "",
        status_label=str(page.get_status_display()) if recorded else "",
        proven=getattr(page, "is_proven", None),
        year=getattr(page, "start_year", None) or getattr(page, "since_year", None),
        verified=getattr(page, "last_verified_at", None),
        owner=getattr(page, "owner_unit", ""),
        is_news=getattr(page, "is_news", False),
    )
