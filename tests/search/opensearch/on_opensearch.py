"""Tests that test_opensearch.py runs in a process whose SEARCH_URL points to the stub."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from modelsearch.backends import get_search_backend
from wagtail.models import Locale, Page, PageViewRestriction

from knowledge_hub.models import ArticlePage

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(db) -> ArticlePage:
    """A page that is published after the index was built."""
    call_command("rebuild_modelsearch_index", stdout=StringIO())
    locale, _ = Locale.objects.get_or_create(language_code="id")
    page = ArticlePage(title="Perizinan terpadu", summary="Layanan warga", locale=locale, date=date(2018, 9, 5))
    return Page.objects.get(depth=1).add_child(instance=page)


def page_of(client, query: str) -> str:
    response = client.get(reverse("search"), {"q": query})
    assert response.status_code == 200
    return response.content.decode().replace("<mark>", "").replace("</mark>", "")


def test_a_page_is_found_until_it_is_deleted(client, article):
    assert "Perizinan terpadu" in page_of(client, "perizinan")
    assert "type=articlepage" in page_of(client, "perizinan")
    assert "year=" not in page_of(client, "perizinan")
    assert "Perizinan terpadu" in client.get(reverse("search_suggest"), {"q": "perizinan"}).content.decode()

    article.delete()

    assert "Perizinan terpadu" not in page_of(client, "perizinan")


def test_phrases_and_exclusions_are_sent(client, article):
    """The stub records the request, which test_opensearch.py checks."""
    response = client.get(reverse("search"), {"q": '"perizinan terpadu" -jembatan'})

    assert response.status_code == 200


def test_a_private_page_is_not_shown(client, article):
    PageViewRestriction.objects.create(page=article, restriction_type=PageViewRestriction.LOGIN)

    assert "Perizinan terpadu" not in page_of(client, "perizinan")


def test_a_rebuild_replaces_the_live_index(article):
    call_command("rebuild_modelsearch_index", stdout=StringIO())

    assert get_search_backend().search("perizinan", Page.objects.all()).count() == 1
