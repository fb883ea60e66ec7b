"""Page tree and search index for the tests of search."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from modelsearch.backends import get_search_backend
from wagtail.models import Locale, Page

from knowledge_hub.models import ArticlePage, CollaborationDocumentPage


@pytest.fixture
def tree(db) -> Page:
    """The root of the page tree."""
    locale, _ = Locale.objects.get_or_create(language_code="id")
    return Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root", locale=locale))


@pytest.fixture
def index(tree, tmp_path, settings):
    """The index of all pages, in a directory of this test."""
    settings.WAGTAILSEARCH_BACKENDS = {"default": {**settings.WAGTAILSEARCH_BACKENDS["default"], "PATH": tmp_path / "search"}}
    call_command("rebuild_modelsearch_index", stdout=StringIO())
    return get_search_backend().get_index_for_model(Page)


def add_page(page: Page) -> Page:
    """Add a page below the root. A published agreement skips the three approvals."""
    live, page.live = page.live, page.live and not isinstance(page, CollaborationDocumentPage)
    Page.objects.get(depth=1).add_child(instance=page)
    if live and not page.live:
        Page.objects.filter(pk=page.pk).update(live=True)
        page.live = True
        page.save()
    return page


@pytest.fixture
def add_article(index):
    """Function that adds an article to the page tree and indexes it."""

    def add(title: str, **fields) -> ArticlePage:
        locale, _ = Locale.objects.get_or_create(language_code=fields.pop("language", "id"))
        page = Page.objects.get(depth=1).add_child(instance=ArticlePage(title=title, locale=locale, date=date(2018, 9, 5), **fields))
        index.refresh()
        return page

    return add
