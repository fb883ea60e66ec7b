"""Public pages in both languages: home page, menu, language switch, no inline styles, no cookies."""

import re

from django.test import Client, TestCase

from knowledge_hub.models import KnowledgeIndexPage, PartnerPage
from tests import initial_content

HOMES = {"/": "id", "/en/": "en"}
PAGES = (*HOMES, "/pengetahuan/", "/pengetahuan/kolaborasi-tiga-pihak/", "/pertanyaan-umum/")


class PublicLookTest(TestCase):
    """The initial content, as a new installation shows it."""

    @classmethod
    def setUpTestData(cls):
        initial_content.load()

    def html(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return answer.content.decode()

    def test_the_home_page_shows_figure_source_and_partners(self):
        for address, language in HOMES.items():
            html = self.html(address)
            assert "&gt;50" in html, address
            assert "Sumut Pos, 15 November 2018" in html, address
            assert 'role="search"' in html, address
            partners = PartnerPage.objects.filter(locale__language_code=language)
            assert [partner for partner in partners if f'<a href="{partner.url}">{partner.title}</a>' not in html] == []

    def test_the_home_page_separates_case_studies_from_news(self):
        context = self.client.get("/").context

        assert {entry.kind for entry in context["cases"]} == {"casestudypage"}
        assert {entry.kind for entry in context["others"]} == {"forumpage", "articlepage"}

    def test_the_menu_links_sections_in_the_same_language(self):
        for address, language in HOMES.items():
            index = KnowledgeIndexPage.objects.get(locale__language_code=language)
            html = self.html(address)
            assert f'href="{index.url}"' in html[html.index("<header") : html.index("</header>")], address

    def test_a_page_has_no_inline_style_or_script(self):
        for address in PAGES:
            html = self.html(address)
            assert "style=" not in html, address
            assert "<style" not in html, address
            assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", html), address
            assert not re.search(r"\son[a-z]+=", html), address

    def test_reading_sets_no_cookie_and_varies_by_none(self):
        for address in PAGES:
            answer = Client().get(address)
            assert answer.status_code == 200, address
            assert not answer.cookies, address
            assert "Cookie" not in answer.get("Vary", ""), address
            assert "Accept-Language" not in answer.get("Vary", ""), address

    def test_the_language_switch_leads_to_the_translation(self):
        page = KnowledgeIndexPage.objects.get(locale__language_code="id")
        other = KnowledgeIndexPage.objects.get(locale__language_code="en")

        html = self.html(page.url)

        assert re.search(rf'class="language-switch" href="{other.url}" lang="en"', html)
        assert f'hreflang="en" href="{other.full_url}"' in html
