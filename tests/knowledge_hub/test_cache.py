"""The page cache: readers get cached pages, and never an outdated one."""

import gzip
import re
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from wagtail.models import Page, PageViewRestriction

from knowledge_hub.core import content_cache, page_cache
from knowledge_hub.models import ArticlePage, CaseStudyPage, ContentChange, Dimension, KnowledgeIndexPage
from tests.factories import UserFactory
from tests.knowledge_hub.content import CASE, ContentTestCase

pytestmark = pytest.mark.scale_out
# More than Wagtail's own queries: the content's generation, breadcrumbs and languages, topics, directions, visits.
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


def make_private(page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def new_menu_entry(page) -> None:
    page.get_parent().get_parent().add_child(instance=KnowledgeIndexPage(title="Menu baru", show_in_menus=True))


CHANGES = (
    (publish, 200),
    (lambda page: page.unpublish(), 404),
    (move, 301),
    (rename_dimension, 200),
    (make_private, 302),
    (new_menu_entry, 200),
    (lambda page: page.delete(), 404),
)


class PageCacheTest(ContentTestCase):
    def setUp(self):
        self.enterContext(self.page_cache())

    def test_a_cached_page_needs_one_query(self):
        first = self.client.get(CASE)

        assert len(self.queries(CASE)) == 1
        assert Client().get(CASE).content == first.content

    def test_an_unchanged_page_answers_not_modified(self):
        first = self.client.get(CASE)

        again = self.client.get(CASE, headers={"if-none-match": first["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert set(first["Cache-Control"].split(", ")) == {"public", "no-cache"}

    def test_pages_are_compressed_if_the_browser_accepts(self):
        plain = self.client.get(CASE)
        packed = self.client.get(CASE, headers={"accept-encoding": "br, gzip"})

        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert int(packed["Content-Length"]) == len(packed.content)

    def test_every_change_invalidates_the_cached_page(self):
        for change, expected in CHANGES:
            with self.subTest(change), transaction.atomic():
                before = self.client.get(CASE)
                change(self.case())
                after = self.client.get(CASE)
                assert after.status_code == expected, change
                assert after.content != before.content, change
                transaction.set_rollback(True)

    def test_a_draft_does_not_invalidate_the_cache(self):
        before = self.client.get(CASE).content
        page = self.case()
        page.title = "Rancangan"

        page.save_revision()

        assert len(self.queries(CASE)) == 1
        assert self.client.get(CASE).content == before

    def test_a_rolled_back_change_keeps_the_cache(self):
        self.client.get(CASE)

        with transaction.atomic():
            publish(self.case())
            transaction.set_rollback(True)

        assert len(self.queries(CASE)) == 1

    def test_a_page_rendered_during_publishing_is_not_cached(self):
        original = CaseStudyPage.serve

        def publish_meanwhile(page, request):
            response = original(page, request).render()
            publish(self.case())
            return response

        with mock.patch.object(CaseStudyPage, "serve", publish_meanwhile):
            assert b"Judul baru" not in self.client.get(CASE).content

        assert b"Judul baru" in self.client.get(CASE).content

    def test_pages_for_staff_bypass_the_cache(self):
        self.client.get(CASE)
        staff = Client()
        staff.force_login(UserFactory(admin=True))

        for_staff = staff.get(CASE)

        assert b"wagtail-userbar" in for_staff.content
        assert "private" in for_staff["Cache-Control"]
        assert b"wagtail-userbar" not in self.client.get(CASE).content

    def test_a_private_page_is_never_cached(self):
        make_private(self.case())
        staff = Client()
        staff.force_login(UserFactory())

        assert staff.get(CASE).status_code == 200
        assert "no-store" in staff.get(CASE)["Cache-Control"]
        assert self.client.get(CASE).status_code == 302

    def test_readers_never_get_the_page_made_for_somebody_else(self):
        """Each request fills the cache; none may change what a plain reader gets."""
        staff = Client()
        staff.force_login(UserFactory(admin=True))
        curious = Client()
        curious.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en", "csrftoken": "x" * 32, "theme": "dark"})
        with override_settings(PAGE_CACHE_SECONDS=0):
            plain = Client().get(CASE).content

        others = [
            Client().get(CASE, headers={"host": "lain.example"}),
            Client().get(CASE, headers={"x-forwarded-host": "jahat.example", "x-original-url": "/en/"}),
            Client().get(CASE, headers={"accept-language": "en"}),
            Client().get(CASE, secure=True),
            Client().get(f"{CASE}?jahat=%3Cscript%3E"),
            Client().head(CASE),
            curious.get(CASE),
            staff.get(CASE),
        ]
        reader = Client().get(CASE)

        assert [response.status_code for response in others] == [200] * len(others)
        assert reader.content == plain
        assert b"jahat" not in b"".join(response.content for response in others[1:4])
        assert not reader.cookies
        assert reader["Content-Language"] == "id"
        assert b"wagtail-userbar" in others[-1].content
        assert b"wagtail-userbar" not in reader.content
        assert "private" in others[-1]["Cache-Control"]

    def test_pages_for_one_reader_are_never_in_the_cache(self):
        """Whatever sets a cookie, is private or asks not to be stored."""
        with mock.patch.object(page_cache.cache, "set") as keep:
            for address in ("/kunjungan/ajukan/", "/admin/login/", "/verifikasi/AAAA/"):
                Client().get(address, follow=True)
            kept = [name for name, *_ in (call.args for call in keep.call_args_list) if name.startswith("page:")]
            assert kept == []
            Client().get(CASE)
            assert keep.call_args.args[0].startswith("page:")

    def test_unknown_parameters_are_not_cached(self):
        self.client.get(CASE + "?a=1")

        assert len(self.queries(CASE + "?a=1")) > 1


class CostOfPagesTest(ContentTestCase):
    def floor(self, address: str) -> int:
        """The number of queries Wagtail itself needs to find the page and check its restrictions."""
        page_type = type(self.client.get(address).context["page"])
        with mock.patch.object(page_type, "serve", return_value=HttpResponse("x")):
            return len(self.queries(address))

    def test_pages_need_few_queries_more_than_wagtail(self):
        for address in PAGES:
            allowed = self.floor(address) + ALLOWED_ABOVE_FLOOR
            self.client.get(address)
            assert len(self.queries(address)) <= allowed, address

    def test_fifty_entries_need_the_queries_of_five(self):
        index = self.index()
        counts = []
        for number in (5, 50):
            for n in range(number):
                index.add_child(instance=ArticlePage(title=f"Contoh {number} {n}", date="2026-01-01"))
            self.client.get(index.url)
            counts.append(len(self.queries(index.url)))

        assert counts[0] == counts[1]

    def test_a_page_with_its_files_is_small(self):
        for address in (*PAGES, "/cari/?q=database", "/kunjungan/"):
            html = self.client.get(address).content
            loaded = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg|woff2))"', html.decode()))
            files = {name: Path(finders.find(name)).read_bytes() for name in loaded}
            size = len(gzip.compress(html))
            size += sum(len(file if name.endswith("woff2") else gzip.compress(file)) for name, file in files.items())
            assert loaded
            assert size < LARGEST_PAGE, (address, size)


@pytest.mark.django_db
def test_cached_values_end_with_their_generation():
    assert content_cache.get_or_set("test", lambda: "old") == "old"
    assert content_cache.get_or_set("test", lambda: "new") == "old"

    content_cache.invalidate()

    assert content_cache.get_or_set("test", lambda: "new") == "new"


@pytest.mark.django_db(transaction=True)
def test_other_processes_notice_changes_at_their_next_check(settings):
    settings.CONTENT_CHECK_SECONDS = 60
    before = content_cache.generation()

    ContentChange.objects.create(token=7)  # as another process does it
    assert content_cache.generation() == before
    settings.CONTENT_CHECK_SECONDS = 0
    content_cache.invalidate()

    assert content_cache.generation() != before
