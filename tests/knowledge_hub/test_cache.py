"""Readers get kept pages, and never an outdated one."""

import gzip
import re
from pathlib import Path
from unittest import mock

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from knowledge_hub.core import content_cache
from knowledge_hub.models import ArticlePage, CaseStudyPage, ContentChange, Dimension, KnowledgeIndexPage
from tests.factories import UserFactory
from tests.knowledge_hub.content import CASE, ContentTestCase

# Above Wagtail's own: the content's generation, breadcrumbs and languages, topics, directions, visits.
ALLOWED_ABOVE_FLOOR = 5
LARGEST_PAGE = 120 * 1024
PAGES = (
    "/",
    "/en/",
    "/pengetahuan/",
    CASE,
    "/pengetahuan/forum-bappenas-2018/",
    "/pengetahuan/binjai-berbagi-pengalaman-smart-city/",
    "/mitra/",
    "/mitra/polmed/",
    "/pertanyaan-umum/",
    "/en/knowledge/",
    "/en/knowledge/single-database/",
)


def publish(page) -> None:
    page.title = "Judul baru"
    page.save_revision().publish()


def move(page) -> None:
    page.move(Page.objects.get(slug="mitra"), pos="last-child")


def rename_dimension(page) -> None:
    dimension = Dimension.objects.get(slug="smart-governance")
    dimension.name_id = "Nama baru"
    dimension.save()


def hide(page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def new_menu_entry(page) -> None:
    page.get_parent().get_parent().add_child(instance=KnowledgeIndexPage(title="Menu baru", show_in_menus=True))


CHANGES = (
    (publish, 200),
    (lambda page: page.unpublish(), 404),
    (move, 301),
    (rename_dimension, 200),
    (hide, 302),
    (new_menu_entry, 200),
    (lambda page: page.delete(), 404),
)


class KeptPagesTest(ContentTestCase):
    def setUp(self):
        self.enterContext(self.kept_pages())

    def test_the_second_reader_costs_one_look_at_the_state_of_the_content(self):
        first = self.client.get(CASE)

        assert len(self.queries(CASE)) == 1
        assert Client().get(CASE).content == first.content

    def test_a_reader_who_has_the_page_is_told_so(self):
        first = self.client.get(CASE)

        again = self.client.get(CASE, headers={"if-none-match": first["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert set(first["Cache-Control"].split(", ")) == {"public", "no-cache"}

    def test_a_page_is_sent_compressed_to_those_who_can_take_it(self):
        plain = self.client.get(CASE)
        packed = self.client.get(CASE, headers={"accept-encoding": "br, gzip"})

        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert int(packed["Content-Length"]) == len(packed.content)

    def test_every_change_is_seen_by_the_next_reader(self):
        for change, expected in CHANGES:
            with self.subTest(change), transaction.atomic():
                before = self.client.get(CASE)
                change(self.case())
                after = self.client.get(CASE)
                assert after.status_code == expected, change
                assert after.content != before.content, change
                transaction.set_rollback(True)

    def test_a_draft_leaves_kept_pages_alone(self):
        before = self.client.get(CASE).content
        page = self.case()
        page.title = "Rancangan"

        page.save_revision()

        assert len(self.queries(CASE)) == 1
        assert self.client.get(CASE).content == before

    def test_a_change_that_was_rolled_back_forgets_nothing(self):
        self.client.get(CASE)

        with transaction.atomic():
            publish(self.case())
            transaction.set_rollback(True)

        assert len(self.queries(CASE)) == 1

    def test_a_page_that_was_being_made_while_it_was_published_is_not_shown_afterwards(self):
        original = CaseStudyPage.serve

        def publish_meanwhile(page, request):
            response = original(page, request).render()
            publish(self.case())
            return response

        with mock.patch.object(CaseStudyPage, "serve", publish_meanwhile):
            assert b"Judul baru" not in self.client.get(CASE).content

        assert b"Judul baru" in self.client.get(CASE).content

    def test_staff_never_get_a_kept_page_nor_leave_theirs_behind(self):
        self.client.get(CASE)
        staff = Client()
        staff.force_login(UserFactory(admin=True))

        for_staff = staff.get(CASE)

        assert b"wagtail-userbar" in for_staff.content
        assert "private" in for_staff["Cache-Control"]
        assert b"wagtail-userbar" not in self.client.get(CASE).content

    def test_a_page_behind_a_login_is_never_kept(self):
        hide(self.case())
        staff = Client()
        staff.force_login(UserFactory())

        assert staff.get(CASE).status_code == 200
        assert "no-store" in staff.get(CASE)["Cache-Control"]
        assert self.client.get(CASE).status_code == 302

    def test_invented_parameters_do_not_fill_the_cache(self):
        self.client.get(CASE + "?a=1")

        assert len(self.queries(CASE + "?a=1")) > 1


class CostOfPagesTest(ContentTestCase):
    def floor(self, address: str) -> int:
        """How many queries Wagtail itself needs to find the page and to see that it may be read."""
        page_type = type(self.client.get(address).context["page"])
        with mock.patch.object(page_type, "serve", return_value=HttpResponse("x")):
            return len(self.queries(address))

    def test_a_warm_page_needs_at_most_five_queries_more_than_wagtail(self):
        for address in PAGES:
            allowed = self.floor(address) + ALLOWED_ABOVE_FLOOR
            self.client.get(address)
            assert len(self.queries(address)) <= allowed, address

    def test_fifty_entries_cost_as_many_queries_as_five(self):
        index = self.index()
        counts = []
        for number in (5, 50):
            for n in range(number):
                index.add_child(instance=ArticlePage(title=f"Contoh {number} {n}", date="2026-01-01"))
            self.client.get(index.url)
            counts.append(len(self.queries(index.url)))

        assert counts[0] == counts[1]

    def test_a_page_with_all_that_it_loads_is_small(self):
        for address in (*PAGES, "/cari/?q=database", "/kunjungan/"):
            html = self.client.get(address).content
            loaded = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg|woff2))"', html.decode()))
            files = {name: Path(finders.find(name)).read_bytes() for name in loaded}
            size = len(gzip.compress(html))
            size += sum(len(file if name.endswith("woff2") else gzip.compress(file)) for name, file in files.items())
            assert loaded
            assert size < LARGEST_PAGE, (address, size)


@pytest.mark.django_db
def test_what_is_remembered_ends_with_the_content_it_was_made_of():
    assert content_cache.get_or_set("test", lambda: "old") == "old"
    assert content_cache.get_or_set("test", lambda: "new") == "old"

    content_cache.invalidate()

    assert content_cache.get_or_set("test", lambda: "new") == "new"


@pytest.mark.django_db(transaction=True)
def test_a_change_is_seen_at_once_by_the_process_that_made_it_and_by_others_when_they_look_again(settings):
    settings.CONTENT_CHECK_SECONDS = 60
    before = content_cache.generation()

    ContentChange.objects.create(token=7)  # as another process does it
    assert content_cache.generation() == before
    settings.CONTENT_CHECK_SECONDS = 0
    content_cache.invalidate()

    assert content_cache.generation() != before
