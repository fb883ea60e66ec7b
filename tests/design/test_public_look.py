"""Public pages in both languages: home page, menu, language switch, no inline styles, no cookies."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from knowledge_hub.models import KnowledgeIndexPage, PartnerPage

HOMES = ("/", "/en/")


@pytest.fixture
def content(db):
    """The initial content, as a new installation shows it."""
    call_command("load_initial_content")


@pytest.mark.parametrize("address", HOMES)
def test_the_home_page_shows_figure_source_and_partners(content, client, address):
    answer = client.get(address)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "&gt;50" in html
    assert "Sumut Pos, 15 November 2018" in html
    assert 'role="search"' in html
    language = "en" if address == "/en/" else "id"
    for partner in PartnerPage.objects.filter(locale__language_code=language):
        assert f'<a href="{partner.url}">{partner.title}</a>' in html


def test_the_home_page_separates_case_studies_from_news(content, client):
    context = client.get("/").context

    assert {entry.kind for entry in context["cases"]} == {"casestudypage"}
    assert {entry.kind for entry in context["others"]} == {"forumpage", "articlepage"}


@pytest.mark.parametrize("address", HOMES)
def test_the_menu_links_sections_in_the_same_language(content, client, address):
    index = KnowledgeIndexPage.objects.get(locale__language_code="en" if address == "/en/" else "id")

    html = client.get(address).content.decode()

    header = html[html.index("<header") : html.index("</header>")]
    assert f'href="{index.url}"' in header


@pytest.mark.parametrize("address", HOMES)
def test_a_page_has_no_inline_style_or_script(content, client, address):
    html = client.get(address).content.decode()

    assert "style=" not in html
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", html)
    assert not re.search(r"\son[a-z]+=", html)


@pytest.mark.parametrize("address", ["/", "/en/", "/pengetahuan/", "/pengetahuan/kolaborasi-tiga-pihak/", "/pertanyaan-umum/"])
def test_reading_sets_no_cookie_and_varies_by_none(content, address):
    answer = Client().get(address)

    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "Accept-Language" not in answer.get("Vary", "")


def test_the_language_switch_leads_to_the_translation(content, client):
    page = KnowledgeIndexPage.objects.get(locale__language_code="id")
    other = KnowledgeIndexPage.objects.get(locale__language_code="en")

    html = client.get(page.url).content.decode()

    assert re.search(rf'class="language-switch" href="{other.url}" lang="en"', html)
    assert f'hreflang="en" href="{other.full_url}"' in html
