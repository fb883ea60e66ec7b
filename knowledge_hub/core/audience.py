"""Which pages and documents are public, by Wagtail's view restrictions."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from wagtail.blocks.stream_block import StreamValue
from wagtail.documents.models import AbstractDocument
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction
from wagtail.query import PageQuerySet

from knowledge_hub.core import content_cache


def public(pages: PageQuerySet) -> PageQuerySet:
    """Narrow a page queryset to live, unrestricted pages; unlike Wagtail's ``public()``, restrictions are read from memory."""
    hidden = Q()
    for path in content_cache.get_or_set("restricted-paths", _restricted_paths):
        hidden |= Q(path__startswith=path)
    return pages.live().exclude(hidden) if hidden else pages.live()


def public_pages(language: str | None = None) -> PageQuerySet:
    """All public pages except the root, in one language or in all."""
    pages = public(Page.objects.filter(depth__gt=1))
    return pages.filter(locale__language_code=language) if language else pages


def _restricted_paths() -> tuple[str, ...]:
    # A restriction covers the page and everything below it, which treebeard's path shows.
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))


def in_public_collections(documents: QuerySet) -> QuerySet:
    """Narrow a document queryset to unrestricted collections; a restriction also covers the collections below."""
    closed = content_cache.get_or_set("closed-collections", _closed_collections)
    return documents.exclude(collection_id__in=closed) if closed else documents


def may_show_on(document: AbstractDocument | None, page: Page | None) -> bool:
    """Whether a page may show that a document exists: public documents anywhere, private ones only on a restricted page.

    Args:
        document: may be None.
        page: None where a block is rendered alone, as in its preview.
    """
    if document is None:
        return False
    if document.collection_id not in content_cache.get_or_set("closed-collections", _closed_collections):
        return True
    return page is not None and page.path.startswith(content_cache.get_or_set("restricted-paths", _restricted_paths))


def visible_attachments(page: Page, rows: Iterable[StreamValue.StreamChild]) -> list[StreamValue.StreamChild]:
    """The attachment rows of a stream field that the page may show."""
    return [row for row in rows if may_show_on(row.value["document"], page)]


def _closed_collections() -> tuple[int, ...]:
    paths = tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))
    return tuple(pk for pk, path in Collection.objects.values_list("pk", "path") if path.startswith(paths)) if paths else ()


def language_of(page: Page) -> str:
    """Language code of a page, as used in addresses."""
    return _languages()[page.locale_id]


def locale_id(language: str) -> int | None:
    """Primary key of the locale of a language; None if the site has no such locale."""
    return next((pk for pk, code in _languages().items() if code == language), None)


def _languages() -> dict[int, str]:
    return content_cache.get_or_set("languages", lambda: dict(Locale.objects.values_list("pk", "language_code")))
