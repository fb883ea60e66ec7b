"""Shortlist, comparison, related pages, applications, regions, table of contents, untranslated pages."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import PageViewRestriction

from knowledge_hub.catalogue import regions
from knowledge_hub.catalogue.related import related
from knowledge_hub.models import ApplicationPage, ArticlePage, CaseStudyPage, ForumPage, PageLink, Region
from tests.knowledge_hub.content import CASE, ContentTestCase


def make_private(page) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


class ShortlistTest(ContentTestCase):
    def test_the_shortlist_is_stored_in_the_address(self):
        first, second = self.case(), ForumPage.objects.get(slug="forum-bappenas-2018")

        answer = self.client.get(f"/daftar-pilihan/?id={first.pk}&id={second.pk}&id={first.pk}&id=x&id=999999")

        assert [entry.title for entry, _without in answer.context["items"]] == [first.title, second.title]
        assert answer.context["share_url"].endswith(f"?id={first.pk}&id={second.pk}")
        assert not answer.cookies

    def test_the_shortlist_opens_in_the_other_language(self):
        html = self.client.get(f"/daftar-pilihan/?id={self.case().pk}").content.decode()
        other = re.search(r'language-switch" href="([^"]+)"', html)[1]

        answer = self.client.get(other)

        assert [entry.title for entry, _without in answer.context["items"]] == [self.case("en").title]

    def test_marked_entries_survive_filters_and_pagination(self):
        for n in range(20):
            self.index().add_child(instance=ArticlePage(title=f"Contoh {n}", date="2026-01-01"))
        html = self.client.get(f"{self.index().url}?type=articlepage&page=2&pick={self.case().pk}").content.decode()

        assert f'<input type="hidden" name="pick" value="{self.case().pk}">' in html
        assert 'formaction="/daftar-pilihan/"' in html

    def test_private_pages_leave_the_shortlist(self):
        make_private(self.case())

        assert self.client.get(f"/daftar-pilihan/?id={self.case().pk}").context["items"] == []


class ComparisonTest(ContentTestCase):
    def test_cases_are_compared_in_the_given_order(self):
        cases = list(CaseStudyPage.objects.filter(locale__language_code="id").order_by("-pk"))

        answer = self.client.get("/bandingkan/?" + "&".join(f"id={case.pk}" for case in cases))

        assert [entry.title for entry in answer.context["entries"]] == [case.title for case in cases]
        rows = {row.label: [cell.text for cell in row.cells] for row in answer.context["rows"]}
        assert rows["Bukti"] == ["Belum terukur"] * 3

    def test_one_case_or_none_offers_a_choice(self):
        for query in ("", f"?id={self.case().pk}", "?id=%00"):
            answer = self.client.get(f"/bandingkan/{query}")
            assert answer.status_code == 200
            assert answer.context["rows"] == []
            assert len(answer.context["offered"]) == 3

    def test_query_count_is_independent_of_cases(self):
        pks = list(CaseStudyPage.objects.filter(locale__language_code="id").values_list("pk", flat=True))
        self.client.get("/bandingkan/")

        two = len(self.queries(f"/bandingkan/?id={pks[0]}&id={pks[1]}"))

        assert len(self.queries(f"/bandingkan/?id={pks[0]}&id={pks[1]}&id={pks[2]}")) == two


class RelatedTest(ContentTestCase):
    def groups(self, page) -> dict[str, list[str]]:
        with override("en"):
            return {label: [entry.title for entry in entries] for label, entries in related(page).groups}

    def test_a_typed_link_shows_on_both_pages(self):
        case, forum = self.case(), ForumPage.objects.get(slug="forum-bappenas-2018")
        PageLink.objects.create(page=case, kind="presented_at", target=forum)
        case.save()

        english_forum = ForumPage.objects.get(slug="bappenas-forum-2018")
        assert self.groups(self.case("en")) == {"Presented at": [english_forum.title]}
        assert self.groups(english_forum) == {"Presented here": [self.case("en").title]}

    def test_a_private_page_is_not_a_related_page(self):
        case, forum = self.case(), ForumPage.objects.get(slug="forum-bappenas-2018")
        PageLink.objects.create(page=forum, kind="related", target=case)
        make_private(case)

        assert case.title not in self.client.get(forum.url).content.decode()

    def test_similar_pages_share_topics(self):
        entries = related(self.case()).similar

        assert 1 <= len(entries) <= 3
        own = {topic.slug for topic in self.case().topics}
        assert own & {topic.slug for topic in entries[0].topics}


class ApplicationsTest(ContentTestCase):
    def test_an_empty_catalogue_says_so(self):
        assert "Belum ada aplikasi yang dicatat." in self.client.get("/aplikasi/").content.decode()

    def test_the_table_contains_every_application_drawn(self):
        names = {"g2g": "e-Contoh <Satu>", "g2c": "e-Contoh Dua", "g2b": "e-Contoh Tiga dengan nama yang panjang sekali sampai tidak muat"}
        for direction, title in names.items():
            self.index().add_child(instance=ApplicationPage(title=title, direction=direction, access="reads", case_study=self.case()))

        answer = self.client.get("/aplikasi/")
        html = answer.content.decode()
        drawing, table = html[html.index("<svg") : html.index("</svg>")], html[html.index("</svg>") :]

        for application in ApplicationPage.objects.all():
            assert f'href="{application.url}"' in drawing
            assert f'href="{application.url}"' in table
        assert "<Satu>" not in html
        assert table.count(self.case().title) == 3

    def test_untranslated_applications_are_listed_once_and_marked(self):
        self.index().add_child(instance=ApplicationPage(title="e-Contoh", direction="g2g"))

        groups = self.client.get("/en/applications/").context["groups"]

        (application,) = [item for group in groups for item in group.applications]
        assert not application.entry.translated


class RegionTest(ContentTestCase):
    def test_a_region_shows_visits_and_distance(self):
        answer = self.client.get("/daerah/12.19/")

        html = answer.content.decode()
        assert "Kabupaten Batu Bara" in html
        assert "Komisi B" in html
        assert 80 < answer.context["facts"].distance_km < 160

    def test_an_unknown_region_is_not_found(self):
        assert self.client.get("/daerah/99.99/").status_code == 404

    def test_binjai_shows_no_distance(self):
        assert regions.facts(Region.objects.get(pk="12.75")).distance_km is None


@pytest.mark.parametrize(
    ("one", "other", "kilometres"), [((0, 0), (0, 180), 20015), ((3.6, 98.49), (-6.2, 106.85), 1430), ((5, 5), (5, 5), 0)]
)
def test_distances_follow_the_globe(one, other, kilometres):
    assert regions.distance_km(*one, *other) == pytest.approx(kilometres, abs=15)


class ContentsTest(ContentTestCase):
    def test_equal_headings_get_different_anchors(self):
        page = self.index().add_child(
            instance=ArticlePage(title="Contoh", date="2026-01-01", body=[("heading", "Sama"), ("text", "<p>x</p>"), ("heading", "Sama")])
        )

        html = self.client.get(page.url).content.decode()

        anchors = re.findall(r'<li><a href="#([^"]+)">Sama</a>', html)
        assert len(set(anchors)) == 2
        assert all(f'<h2 id="{anchor}">Sama</h2>' in html for anchor in anchors)

    def test_ids_are_unique_and_anchors_exist(self):
        for address in (CASE, "/pengetahuan/", "/pengetahuan/binjai-berbagi-pengalaman-smart-city/", "/data/", "/aplikasi/"):
            html = self.client.get(address).content.decode()
            ids = re.findall(r'\sid="([^"]+)"', html)
            assert len(ids) == len(set(ids)), address
            assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids), address


class UntranslatedTest(ContentTestCase):
    def setUp(self):
        self.page = self.index().add_child(instance=ArticlePage(title="Hanya di sini", summary="Ringkas", date="2026-01-01"))

    def address(self):
        with override("en"):
            return reverse("untranslated", args=[self.page.pk])

    def test_untranslated_pages_are_listed_with_a_notice(self):
        index = self.client.get(self.index("en").url).content.decode()
        html = self.client.get(self.address()).content.decode()

        assert f'href="{self.address()}"' in index
        assert "In Indonesian only" in index
        assert "This page has not been translated yet." in html
        assert '<a href="/en/knowledge/">Knowledge</a>' in html
        assert '<html lang="en">' in html
        assert '<div lang="id">' in html
        assert f'rel="canonical" href="{self.page.full_url}"' in html

    def test_the_notice_redirects_once_translated(self):
        twin = self.page.copy_for_translation(self.index("en").locale)
        twin.save_revision().publish()

        assert self.client.get(self.address()).url == twin.url
        assert "In Indonesian only" not in self.client.get(self.index("en").url).content.decode()

    def test_a_private_page_has_no_untranslated_view(self):
        make_private(self.page)

        assert self.client.get(self.address()).status_code == 404
