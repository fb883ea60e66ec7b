from io import StringIO

import pytest
from django.core.management import call_command
from modelsearch.backends import get_search_backend
from wagtail.models import Locale, Page

from knowledge_hub.models import ArticlePage


@pytest.fixture
def index(db, tmp_path, settings):
    """The index of all pages, empty, in a directory of this test."""
    settings.WAGTAILSEARCH_BACKENDS = {"default": {**settings.WAGTAILSEARCH_BACKENDS["default"], "PATH": tmp_path / "search"}}
    call_command("rebuild_modelsearch_index", stdout=StringIO())
    return get_search_backend().get_index_for_model(Page)


@pytest.fixture
def add_article(index):
    """Adds an article below the Indonesian home page and indexes it."""

    def add(title: str, **fields) -> ArticlePage:
        root = Page.objects.filter(depth=1).first()
        locale = Locale.objects.get_or_create(language_code=fields.pop("language", "id"))[0]
        page = root.add_child(instance=ArticlePage(title=title, locale=locale, **fields))
        index.refresh()
        return page

    return add
