"""Exports for readers and machines: feeds, open data, citations, PDF, calendar entries, structured data, sitemap."""

import csv
import datetime as dt
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
from html import unescape
from io import BytesIO
from unittest import mock
from urllib.robotparser import RobotFileParser

import pikepdf
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from django_tasks import default_task_backend
from PIL import Image
from wagtail.models import PageViewRestriction

from knowledge_hub.core.rate_limits import Budget
from knowledge_hub.exports import open_data, page_pdf
from knowledge_hub.exports.citation import Citation
from knowledge_hub.ical import events
from knowledge_hub.models import ApplicationPage, ForumPage, PagePdf
from knowledge_hub.papers import PaperRefused
from tests.knowledge_hub.content import CASE, ContentTestCase, agreement

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def make_private(page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


class FeedTest(ContentTestCase):
    def titles(self, address):
        answer = self.client.get(address)
        assert answer["Content-Type"].startswith("application/atom+xml")
        return [entry.findtext(f"{ATOM}title") for entry in ET.fromstring(answer.content).iter(f"{ATOM}entry")]  # noqa: S314 -- our own answer

    def test_the_feed_equals_the_filtered_index(self):
        for query in ("", "?type=casestudypage", "?direction=g2b", "?type=forumpage&direction=g2b", "?type=\0"):
            index = self.client.get(self.index().url + query).content.decode()
            shown = [unescape(title) for title in re.findall(r'<h2[^>]*><a href="[^"]*">([^<]*)</a></h2>', index)]
            assert self.titles("/umpan.atom" + query) == shown, query

    def test_each_language_has_its_feed(self):
        assert self.case("en").title in self.titles("/en/feed.atom")
        assert self.case("en").title not in self.titles("/umpan.atom")

    def test_a_private_page_is_in_no_feed(self):
        make_private(self.case())

        assert self.case().title not in self.titles("/umpan.atom")

    def test_the_index_links_its_filtered_feed(self):
        html = self.client.get(self.index().url + "?type=casestudypage").content.decode()

        assert 'type="application/atom+xml" href="/umpan.atom?type=casestudypage"' in html


class OpenDataTest(ContentTestCase):
    def rows(self, name="cases"):
        return json.loads(self.client.get(f"/data/{name}.json").content)["rows"]

    def test_csv_and_json_contain_the_same_cases(self):
        rows = self.rows()
        lines = list(csv.DictReader(io.StringIO(self.client.get("/data/cases.csv").content.decode())))

        assert len(rows) == 3
        assert [line["title_id"] for line in lines] == [row["title"]["id"] for row in rows]
        assert [line["title_en"] for line in lines] == [row["title"]["en"] for row in rows]
        assert {row["proven"] for row in rows} == {False}

    def test_the_schema_describes_exactly_the_columns(self):
        for name, data_set in open_data.DATA_SETS.items():
            schema = json.loads(self.client.get(f"/data/{name}.schema.json").content)["properties"]["rows"]["items"]
            assert list(schema["properties"]) == [field.name for field in data_set.fields]
            assert all(field["description"] for field in schema["properties"].values())
            for row in self.rows(name):
                assert set(row) == set(schema["required"])

    def test_a_private_case_is_left_out(self):
        make_private(self.case())

        row = next(row for row in self.rows() if row["id"] == str(self.case("en").translation_key))
        assert row["title"] == {"id": None, "en": self.case("en").title}

    def test_open_data_omits_private_agreements(self):
        closed = agreement(self.index(), title="Tertutup", audience="partners")
        self.index().add_child(
            instance=ApplicationPage(title="=Aplikasi", direction="g2c", access="both", case_study=self.case(), agreement=closed)
        )

        (row,) = self.rows("applications")
        (line,) = csv.DictReader(io.StringIO(self.client.get("/data/applications.csv").content.decode()))
        assert (row["case_study"], row["agreement"]) == (str(self.case().translation_key), None)
        assert (row["directions"], row["title"]["id"]) == (["g2c"], "=Aplikasi")
        assert line["title_id"] == "'=Aplikasi"

    def test_the_dataset_page_has_structured_data(self):
        html = self.client.get("/data/").content.decode()

        ld = json.loads(re.search(r'application/ld\+json">(.*?)</script>', html)[1])
        assert ld["@type"] == "Dataset"
        assert len(ld["distribution"]) == 4
        assert ld["license"] in html


class CitationTest(ContentTestCase):
    def test_citations_contain_author_title_and_year(self):
        page = self.case()

        bib = self.client.get(f"/cite/{page.pk}.bib").content.decode()
        ris = self.client.get(f"/cite/{page.pk}.ris").content.decode()

        year = timezone.localdate(page.first_published_at).year
        assert "author = {{Pemerintah Kota Binjai}}" in bib
        assert f"title = {{{{{page.title}}}}}" in bib
        assert f"TI  - {page.title}\r\n" in ris
        assert f"PY  - {year}\r\n" in ris
        assert ris.endswith("ER  - \r\n")

    def test_citations_escape_the_title(self):
        page = self.case()
        page.title = "Satu & dua {tiga} 50%\nER  - \\end"

        cite = Citation.of(page)

        assert r"title = {{Satu \& dua \{tiga\} 50\% ER - \textbackslash{}end}}" in cite.bibtex()
        assert cite.ris().count("ER  - ") == 1

    def test_a_private_page_has_no_citation(self):
        make_private(self.case())

        assert self.client.get(f"/cite/{self.case().pk}.bib").status_code == 404


class PdfTest(ContentTestCase):
    def setUp(self):
        # A test's transaction rolls back rows but not files, and a file of another test must not be used here.
        shutil.rmtree(settings.PRIVATE_ROOT / "page-papers", ignore_errors=True)

    def test_the_pdf_is_tagged_and_made_once(self):
        page = self.case("en")

        content = self.download(f"/pdf/{page.pk}/")

        with pikepdf.open(BytesIO(content)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == "en"
            assert page.title in str(pdf.docinfo["/Title"])
        assert self.download(f"/pdf/{page.pk}/") == content
        assert PagePdf.objects.filter(page=page).count() == 1

    def test_a_new_version_replaces_the_pdf(self):
        page = self.case()
        self.download(f"/pdf/{page.pk}/")
        old = PagePdf.objects.get(page=page)
        page.title = "Judul baru"
        page.save_revision().publish()

        self.download(f"/pdf/{page.pk}/")

        new = PagePdf.objects.get(page=page)
        assert new.key != old.key
        assert not page_pdf.storages["private"].exists(page_pdf.file_name(old.key))

    @override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}})
    def test_readers_wait_for_a_limited_number_of_pdfs(self):
        with mock.patch("knowledge_hub.views.downloads.PDF", Budget("PDF", per_address=1)):
            waiting = self.client.get(f"/pdf/{self.case().pk}/")
            again = self.client.get(f"/pdf/{self.case().pk}/")
            other = self.client.get(f"/pdf/{self.case('en').pk}/")

        assert (waiting.status_code, again.status_code, other.status_code) == (202, 202, 429)

    @override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}})
    def test_a_lost_pdf_task_is_enqueued_again(self):
        self.client.get(f"/pdf/{self.case().pk}/")
        assert len(default_task_backend.results) == 1

        PagePdf.objects.update(asked_at=timezone.now() - dt.timedelta(hours=1))
        self.client.get(f"/pdf/{self.case().pk}/")

        assert len(default_task_backend.results) == 2

    def test_a_failed_pdf_is_explained_to_staff_only(self):
        page = self.case()
        with mock.patch("knowledge_hub.papers.weasyprint_renderer.Renderer.draw", side_effect=PaperRefused("huruf yang tidak ada")):
            answer = self.client.get(f"/pdf/{page.pk}/")

        assert answer.status_code == 503
        assert "huruf yang tidak ada" not in answer.content.decode()
        assert PagePdf.objects.get(page=page).problem == "huruf yang tidak ada"

    def test_a_private_page_has_no_pdf(self):
        make_private(self.case())

        assert self.client.get(f"/pdf/{self.case().pk}/").status_code == 404


class OtherFilesTest(ContentTestCase):
    def forum(self) -> ForumPage:
        return ForumPage.objects.get(slug="forum-bappenas-2018")

    def test_a_forum_without_times_lasts_all_day(self):
        _method, (event,) = events.read(self.client.get(f"/forum/{self.forum().pk}.ics").content)

        assert (event.starts_at, event.ends_at) == (dt.date(2018, 11, 13), dt.date(2018, 11, 14))
        assert event.summary == self.forum().title

    def test_forum_times_keep_their_time_zone(self):
        page = self.forum()
        page.start_time, page.end_time, page.zone = dt.time(9), dt.time(11, 30), "WITA"
        page.save()

        _method, (event,) = events.read(self.client.get(f"/forum/{page.pk}.ics").content)

        assert event.starts_at.isoformat() == "2018-11-13T09:00:00+08:00"
        assert event.ends_at.isoformat() == "2018-11-13T11:30:00+08:00"

    def test_structured_data_contains_type_and_breadcrumbs(self):
        for page, kind in ((self.case(), "Article"), (self.forum(), "Event")):
            html = self.client.get(page.url).content.decode()
            thing, way = json.loads(re.search(r'application/ld\+json">(.*?)</script>', html)[1])["@graph"]
            assert thing["@type"] == kind
            assert [item["position"] for item in way["itemListElement"]] == [1, 2, 3]
            assert way["itemListElement"][-1]["item"] == page.full_url

    def test_the_share_picture_has_format_and_size(self):
        html = self.client.get(CASE).content.decode()
        address = re.search(r'og:image" content="http://testserver([^"]+)"', html)[1]

        with Image.open(BytesIO(self.client.get(address).content)) as picture:
            assert picture.format == "PNG"
            assert picture.size == (1200, 630)

    def test_robots_txt_names_sitemap_and_excludes_admin(self):
        rules = RobotFileParser()
        rules.parse(self.client.get("/robots.txt").content.decode().splitlines())

        assert rules.site_maps() == [f"{settings.SITE_URL}/sitemap.xml"]
        assert rules.can_fetch("*", CASE)
        assert not rules.can_fetch("*", "/admin/pages/")

    def test_the_sitemap_lists_public_pages_only(self):
        make_private(self.case())

        answer = self.client.get("/sitemap.xml")

        addresses = [node.text for node in ET.fromstring(answer.content).iter(f"{SITEMAP}loc")]  # noqa: S314 -- our own answer
        assert self.case("en").full_url in addresses
        assert self.index("en").full_url in addresses
        assert self.case().full_url not in addresses
        assert len(addresses) == len(set(addresses))
