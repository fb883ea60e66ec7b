"""Reports on content: rows, permissions, and a constant number of queries."""

import csv
import datetime as dt
import io
from unittest import mock

import openpyxl
import time_machine
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits
from wagtail.models import Page

from knowledge_hub.agreements import access
from knowledge_hub.content_health import links
from knowledge_hub.core import clock
from knowledge_hub.models import BrokenLink, CaseStudyPage, CustomDocument, FailedSearch, PageFeedback
from knowledge_hub.staff import groups, reports
from tests.factories import UserFactory
from tests.knowledge_hub.content import ContentTestCase, agreement, member


def address(name: str) -> str:
    return reverse(f"knowledge_reports:{name}")


class ReportsMixin:
    def setUp(self):
        self.staff = Client()
        self.staff.force_login(member(groups.editors("pemko"), access.STAFF_GROUP))

    def titles(self, report: str, client=None) -> list[str]:
        """The first column of a report's CSV file."""
        rows = csv.reader(io.StringIO(self.download(f"{address(report)}?export=csv", client or self.staff).decode()))
        return [row[0] for row in list(rows)[1:]]


class ListsMixin(ReportsMixin):
    def test_cases_unverified_for_a_year_are_listed(self):
        today = timezone.localdate()
        fresh, stale = self.case(), self.case("en")
        CaseStudyPage.objects.filter(pk=fresh.pk).update(last_verified_at=today - dt.timedelta(days=365))
        CaseStudyPage.objects.filter(pk=stale.pk).update(last_verified_at=today - dt.timedelta(days=366))

        found = self.titles("unverified")

        assert fresh.title not in found
        assert found[-1] == stale.title
        assert len(found) == 5

    def test_ending_agreements_are_listed_for_permitted_readers(self):
        soon = timezone.localdate() + dt.timedelta(days=60)
        agreement(self.index(), title="Untuk semua", valid_until=soon)
        agreement(self.index(), title="Untuk Pemko", audience="staff", valid_until=soon)
        agreement(self.index(), title="Masih lama", valid_until=soon + dt.timedelta(days=100))
        partner = Client()
        partner.force_login(member(groups.editors("telkom")))

        assert self.titles("ending") == ["Untuk Pemko", "Untuk semua"]
        assert self.titles("ending", partner) == ["Untuk semua"]
        assert "Untuk Pemko" not in self.titles("translations", partner)

    def test_exported_search_terms_are_not_formulas(self):
        FailedSearch.objects.create(query_string="=HYPERLINK(1)", hits=3, last_searched_at=timezone.now())
        FailedSearch.objects.create(query_string="perizinan", hits=9, last_searched_at=timezone.now())

        assert self.titles("searches") == ["perizinan", "'=HYPERLINK(1)"]
        sheet = openpyxl.load_workbook(io.BytesIO(self.download(f"{address('searches')}?export=xlsx", self.staff))).active
        assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["perizinan", "'=HYPERLINK(1)"]

    def test_recent_searches_show_count_and_last_result(self):
        today = timezone.localdate()

        def searched(text: str, times: int, days_ago: int) -> None:
            QueryDailyHits.objects.create(query=Query.get(text), date=today - dt.timedelta(days=days_ago), hits=times)

        searched("perizinan", 2, 0)
        searched("perizinan", 5, 29)
        searched("drone", 3, 1)
        searched("drainase", 1, 0)
        searched("musrenbang", 90, 31)
        FailedSearch.objects.create(query_string="drone", hits=3, last_searched_at=timezone.now() - dt.timedelta(days=1))
        # Nothing was found a week ago, but something today.
        FailedSearch.objects.create(query_string="drainase", hits=1, last_searched_at=timezone.now() - dt.timedelta(days=7))

        rows = list(csv.reader(io.StringIO(self.download(f"{address('recent-searches')}?export=csv", self.staff).decode())))

        assert [(row[0], row[1], row[3]) for row in rows[1:]] == [
            ("perizinan", "7", "False"),
            ("drone", "3", "True"),
            ("drainase", "1", "False"),
        ]
        html = self.staff.get(address("recent-searches")).content.decode()
        assert "tidak ditemukan" in html
        assert date_format(today) in html

    def test_missing_translations_mention_drafts(self):
        case = self.case()
        twin = self.case("en")
        assert case.title not in self.titles("translations")
        twin.unpublish()

        html = self.staff.get(address("translations")).content.decode()

        assert case.title in html
        assert "masih berupa draf" in html

    def test_the_least_helpful_page_comes_first(self):
        kinds = PageFeedback.Kind
        for page, helpful, not_helpful in ((self.case(), 1, 3), (self.index(), 3, 1)):
            for kind, count in ((kinds.HELPFUL, helpful), (kinds.NOT_HELPFUL, not_helpful), (kinds.ERROR, 2)):
                PageFeedback.objects.bulk_create(PageFeedback(page=page, kind=kind, language="id") for _ in range(count))

        rows = list(csv.reader(io.StringIO(self.download(f"{address('helpful')}?export=csv", self.staff).decode())))

        assert [row[0] for row in rows[1:]] == [self.case().title, self.index().title]
        assert [row[2:] for row in rows[1:]] == [["1", "3", "25"], ["3", "1", "75"]]


class AccessMixin(ReportsMixin):
    def test_reports_need_the_permission(self):
        guest, auditor = Client(), Client()
        stranger = UserFactory()
        stranger.groups.add(Group.objects.get(name=groups.approvers("pemko")))
        guest.force_login(stranger)
        auditor.force_login(member(groups.AUDITORS))

        for report in reports.ALL:
            assert auditor.get(address(report.slug)).status_code == 200, report
            assert guest.get(address(report.slug)).status_code == 302, report
            assert self.client.get(address(report.slug)).status_code == 302, report
        for client, shown in ((auditor, True), (guest, False)):
            home = client.get(reverse("wagtailadmin_home")).content.decode()
            assert (address("unverified") in home) is shown

    def test_figures_on_the_admin_home_link_reports(self):
        PageFeedback.objects.create(page=self.case(), kind="error", text="Salah", language="id")
        moderator = Client()
        moderator.force_login(member(groups.MODERATORS))

        html = moderator.get(reverse("wagtailadmin_home")).content.decode()

        for name in ("unverified", "ending", "searches", "links", "translations"):
            assert f'href="{address(name)}"' in html
        assert "<strong>6</strong> <span>Studi kasus yang perlu diverifikasi" in html
        assert "<strong>1</strong> <span>Pertanyaan dan laporan kesalahan" in html

    def test_query_count_is_independent_of_rows(self):
        case = self.case()
        soon = timezone.localdate() + dt.timedelta(days=60)

        def fill(count: int) -> None:
            for number in range(count):
                FailedSearch.objects.create(query_string=f"kata {count} {number}", last_searched_at=timezone.now())
                QueryDailyHits.objects.create(query=Query.get(f"kata {count} {number}"), date=timezone.localdate(), hits=1)
                BrokenLink.objects.create(page=case, address=f"/{count}/{number}", reason="unknown", found_at=timezone.now())
                page = self.index().add_child(instance=CaseStudyPage(title=f"Kasus {count} {number}"))
                PageFeedback.objects.create(page=page, kind="helpful", language="id")

        agreement(self.index(), title="Satu", valid_until=soon)
        fill(1)
        # One request before counting fills the cache of site root paths.
        costs = []
        for count in (0, 12):
            fill(count)
            self.staff.get(address("unverified"))
            costs.append([len(self.queries(address(report.slug), self.staff)) for report in reports.ALL])

        assert costs[0] == costs[1]
        assert max(costs[0]) <= 12


class LinksMixin(ReportsMixin):
    def broken_links(self, page) -> dict[str, str]:
        return {trouble.address: trouble.reason for trouble in links.troubles(type(page).objects.get(pk=page.pk))}

    def test_only_broken_links_are_reported(self):
        case, gone, hidden = self.case(), self.case("en").pk, Page.objects.get(slug="database-satu-batang")
        file = CustomDocument.objects.create(title="Ada", file=ContentFile(b"ada", name="ada.txt"))
        case.context = (
            f'<p><a linktype="page" id="{gone}">a</a> <a linktype="page" id="{hidden.pk}">b</a> '
            f'<a linktype="page" id="{self.index().pk}">c</a>'
            f'<a linktype="document" id="{file.pk}">d</a><a linktype="document" id="99999">e</a>'
            '<a href="/tidak/ada/">f</a><a href="/pengetahuan/">g</a><a href="/en/knowledge/?x=1">h</a><a href="/aplikasi/">i</a>'
            '<a href="https://lain.invalid/tidak/ditanya">j</a><a href="mailto:x@contoh.invalid">k</a></p>'
        )
        case.sources = [("source", {"title": "Laporan", "publisher": "Pemko", "date": None, "url": "http://127.0.0.1:8000/hilang/"})]
        case.save()
        Page.objects.get(pk=gone).specific.delete()
        hidden.specific.unpublish()

        with self.settings(SITE_HOST="127.0.0.1:8000"):
            found = self.broken_links(case)

        assert found == {
            f"#{gone}": "page_gone",
            hidden.title: "page_hidden",
            "#99999": "file_gone",
            "/tidak/ada/": "unknown",
            "http://127.0.0.1:8000/hilang/": "unknown",
        }

    def test_daily_checks_remove_repaired_links(self):
        case = self.case()
        case.context = '<p><a href="/tidak/ada/">f</a></p>'
        case.save()
        now = timezone.now()

        with self.captureOnCommitCallbacks(execute=True):
            clock.every_day.send(sender=None, now=now)
        first = BrokenLink.objects.get()
        with time_machine.travel(now + dt.timedelta(days=1), tick=False), self.captureOnCommitCallbacks(execute=True):
            clock.every_day.send(sender=None, now=timezone.now())
        assert BrokenLink.objects.get().found_at == first.found_at

        assert case.title in self.titles("links")
        case.context = "<p>tanpa tautan</p>"
        case.save()
        with self.captureOnCommitCallbacks(execute=True):
            clock.every_day.send(sender=None, now=now + dt.timedelta(days=2))
        assert not BrokenLink.objects.exists()

    def test_one_task_checks_a_limited_number(self):
        with mock.patch.object(links, "PAGES_AT_ONCE", 4):
            last = links.check_next_pages()

        assert last == Page.objects.live().filter(depth__gt=1).order_by("pk")[3].pk
        assert links.check_next_pages() is None


class ReportsTest(ListsMixin, AccessMixin, LinksMixin, ContentTestCase):
    """All tests in one class, so that the content is loaded once."""
