"""The faceted index: correct counts, no private pages, no errors, a constant number of queries."""

import datetime as dt
import html
import re

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase
from wagtail.models import PageViewRestriction
from wagtail.test.utils import WagtailPageTestCase

from knowledge_hub.catalogue import facets
from knowledge_hub.catalogue.entries import entries_below
from knowledge_hub.models import ApplicationPage, ArticlePage, KnowledgeIndexPage, PageTopic, SubDimension
from tests import initial_content

FACET_NAMES = ["type", "dimension", "direction", "page", "q"]


def index_page() -> KnowledgeIndexPage:
    return KnowledgeIndexPage.objects.get(locale__language_code="id")


def add_articles(number: int) -> None:
    index = index_page()
    topic = SubDimension.objects.get(slug="energi")
    for n in range(number):
        page = index.add_child(instance=ArticlePage(title=f"Artikel contoh {n}", slug=f"contoh-{n}", date=dt.date(2026, 1, 1)))
        PageTopic.objects.create(page=page, topic=topic)


class ListingTest(WagtailPageTestCase):
    @classmethod
    def setUpTestData(cls):
        initial_content.load()

    def get(self, query=""):
        response = self.client.get(index_page().url + query)
        assert response.status_code == 200
        return response

    def test_facet_counts_equal_their_entries(self):
        for start in ("", "?type=casestudypage", "?dimension=smart-governance&direction=g2g"):
            for facet in self.get(start).context["listing"].facets:
                for choice in facet.choices:
                    if choice.chosen or f"{facet.name}=" in start:
                        continue
                    joined = f"{start}{'&' if start else '?'}{facet.name}={choice.value}"
                    assert self.get(joined).context["listing"].total == choice.count, joined

    def test_a_chip_removes_its_filter(self):
        listing = self.get("?type=casestudypage&direction=g2b").context["listing"]
        assert len(listing.chips) == 2
        without = {self.get(chip.address).context["listing"].total for chip in listing.chips}
        assert without == {3, self.get("?direction=g2b").context["listing"].total}

    def test_chips_and_picks_keep_their_addresses(self):
        listing = self.get("?type=casestudypage&type=articlepage&direction=g2b&pick=7&page=2").context["listing"]
        assert {chip.address for chip in listing.chips} == {
            "?pick=7&type=articlepage&direction=g2b",
            "?pick=7&type=casestudypage&direction=g2b",
            "?pick=7&type=articlepage&type=casestudypage",
        }
        assert listing.query == "type=articlepage&type=casestudypage&direction=g2b"

    def test_empty_values_list_nothing_unknown_are_dropped(self):
        entries = entries_below(index_page())
        listing = facets.listing(entries, QueryDict("type=applicationpage"))
        assert (listing.total, [chip.label for chip in listing.chips]) == (0, ["Aplikasi"])
        listing = facets.listing(entries, QueryDict("type=bukanjenis&year=18&topic=x"))
        assert (listing.total, listing.chips) == (len(entries), [])

    def test_an_application_is_found_under_its_service_direction(self):
        index_page().add_child(instance=ApplicationPage(title="Aplikasi contoh", direction="g2b"))
        titles = [page.title for page in self.get("?direction=g2b&type=applicationpage").context["listing"].page_obj]
        assert titles == ["Aplikasi contoh"]

    def test_unpublished_and_private_pages_are_not_listed(self):
        total = self.get().context["listing"].total
        article = ArticlePage.objects.child_of(index_page()).get()
        PageViewRestriction.objects.create(page=article, restriction_type="login")
        draft = index_page().add_child(instance=ArticlePage(title="Draf rahasia", date=dt.date(2026, 1, 1), live=False))

        response = self.get()

        assert response.context["listing"].total == total - 1
        self.assertNotContains(response, article.title)
        self.assertNotContains(response, draft.title)

    def test_the_second_page_keeps_the_filters(self):
        add_articles(30)
        response = self.get("?type=articlepage&page=2")
        links = [html.unescape(link) for link in re.findall(r'href="(\?[^"]*page=\d+[^"]*)"', response.content.decode())]
        assert links
        assert all("type=articlepage" in link for link in links)

    def test_query_count_is_independent_of_entries(self):
        add_articles(5)
        self.get()
        with CaptureQueriesContext(connection) as few:
            self.get("?type=articlepage")
        ArticlePage.objects.child_of(index_page()).filter(slug__startswith="contoh-").delete()
        add_articles(50)
        self.get()
        with CaptureQueriesContext(connection) as many:
            self.get("?type=articlepage")
        assert len(many) == len(few)

    def test_an_empty_result_shows_a_notice(self):
        self.assertContains(self.get("?type=forumpage&direction=g2b"), 'class="notice"')


class AnyAddressTest(HypothesisTestCase):
    @classmethod
    def setUpTestData(cls):
        initial_content.load()

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(FACET_NAMES),
                st.one_of(st.text(max_size=12), st.sampled_from(['"', "\0", "-1", "0", "99999999999999999999", "g2g", "casestudypage"])),
            ),
            max_size=5,
        )
    )
    def test_the_index_accepts_any_parameters(self, pairs):
        data = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)

        assert self.client.get(index_page().url, data).status_code == 200
