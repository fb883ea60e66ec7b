"""The public search page: results, facets, excerpts, corrections."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Locale, Page, PageViewRestriction

from knowledge_hub.models import (
    ApplicationPage,
    CaseStudyPage,
    CollaborationDocumentPage,
    Dimension,
    ForumPage,
    GuidePage,
    PageTopic,
    SubDimension,
)
from knowledge_hub.models.search import FailedSearch
from knowledge_hub.search.page import query_hits
from knowledge_hub.search.page.facets import NARROWING
from tests.search.conftest import add_page

pytestmark = pytest.mark.django_db


def page_of(client, query, **more):
    return client.get(reverse("search"), {"q": query, **more})


def found(response) -> list[str]:
    return [result.object.title for result in response.context.get("results", [])]


def test_other_word_forms_find_a_page(client, add_article):
    add_article("Berita", summary="Rombongan mengunjungi Binjai Command Center.")

    response = page_of(client, "kunjungan")

    assert found(response) == ["Berita"]
    assert "<mark>mengunjungi</mark>" in response.content.decode()


def test_excerpts_escape_html(client, add_article):
    add_article("Uji", summary="Awas <script>alert(1)</script> kunjungan & lainnya")

    assert "<script>alert" not in page_of(client, "kunjungan").content.decode()


def test_private_and_unpublished_pages_never_show(client, add_article):
    add_article("Rahasia umum")
    hidden = add_article("Rahasia dinas kutipan")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    add_article("Rahasia rancangan", live=False)

    response = page_of(client, "rahasia")

    assert found(response) == ["Rahasia umum"]
    assert response.context["count"] == 1
    assert all(choice.count <= 1 for facet in response.context["facets"] for choice in facet.choices)
    assert page_of(client, "kutipa").context["outcome"].spelling is None
    assert "Rahasia dinas" not in client.get(reverse("search_suggest"), {"q": "rahasia"}).content.decode()


def test_promoted_pages_come_first_unless_private(client, add_article):
    shown, hidden = add_article("Panduan perizinan"), add_article("Perizinan untuk petugas")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    query = Query.get("Izin  Usaha")
    for order, page in enumerate((hidden, shown)):
        SearchPromotion.objects.create(query=query, page=page, sort_order=order, description="Mulai di sini")

    response = page_of(client, "izin usaha")

    assert [promotion.page.title for promotion in response.context["promoted"]] == ["Panduan perizinan"]
    assert "Mulai di sini" in response.content.decode()
    assert page_of(client, "izin").context["promoted"] == []


def test_a_page_made_private_disappears_at_once(client, add_article):
    page = add_article("Terbuka dulu")
    assert found(page_of(client, "terbuka")) == ["Terbuka dulu"]

    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    assert found(page_of(client, "terbuka")) == []


def test_only_the_active_language_is_searched(client, add_article):
    add_article("Smart city Indonesia")
    add_article("Smart city English", language="en")

    assert found(page_of(client, "smart")) == ["Smart city Indonesia"]


def test_a_mistyped_word_is_corrected(client, add_article):
    add_article("Kolaborasi tiga pihak")

    response = page_of(client, "kolaborsi")

    assert response.context["outcome"].spelling == "kolaborasi"
    assert found(response) == ["Kolaborasi tiga pihak"]
    assert "Mungkin maksud Anda" in response.content.decode()


def test_partial_matches_are_shown_without_full_ones(client, add_article):
    add_article("Kolaborasi tiga pihak")

    response = page_of(client, "kolaborasi jembatan")

    assert response.context["outcome"].complete == 0
    assert found(response) == ["Kolaborasi tiga pihak"]


def test_full_matches_come_before_partial_ones(client, add_article):
    add_article("Jembatan jembatan jembatan")
    add_article("Kolaborasi", summary="Kolaborasi membangun sebuah jembatan panjang di atas sungai yang lebar di pinggir kota")

    response = page_of(client, "kolaborasi jembatan")

    assert found(response) == ["Kolaborasi", "Jembatan jembatan jembatan"]
    assert response.context["outcome"].complete == 1


def test_exact_words_rank_above_other_forms(client, add_article):
    add_article("Kabar pertama", summary="Pelayanan warga dibuka.")
    add_article("Kabar kedua", summary="Melayani warga dibuka.")

    assert found(page_of(client, "melayani")) == ["Kabar kedua", "Kabar pertama"]
    assert found(page_of(client, "pelayanan")) == ["Kabar pertama", "Kabar kedua"]


def test_adjacent_words_rank_higher(client, add_article):
    add_article("Satu", summary="Kota yang cerdas adalah kota warga")
    add_article("Dua", summary="Warga di kota cerdas adalah warga yang")

    assert found(page_of(client, "kota cerdas")) == ["Dua", "Satu"]


def test_phrases_exclusions_and_field_prefixes_work(client, add_article):
    add_article("Kota cerdas", summary="tata kota")
    add_article("Cerdas di kota", summary="layanan")

    assert found(page_of(client, '"kota cerdas"')) == ["Kota cerdas"]
    assert found(page_of(client, "cerdas -layanan")) == ["Kota cerdas"]
    assert found(page_of(client, "ringkasan:layanan")) == ["Cerdas di kota"]
    assert found(page_of(client, "judul:layanan")) == []


def publish(model, title: str, language: str = "id", **fields) -> Page:
    """Publish a page of any type; the caller refreshes the index."""
    locale, _ = Locale.objects.get_or_create(language_code=language)
    return add_page(model(title=title, locale=locale, **fields))


@pytest.fixture
def reports(index) -> None:
    """Reports of several types, years, dimensions and languages."""
    published = timezone.make_aware(dt.datetime(2024, 1, 1, 9))
    living = Dimension.objects.create(slug="smart-living", name_id="Kehidupan Cerdas", name_en="Smart Living")
    topic = SubDimension.objects.create(slug="kesehatan", name_id="Kesehatan", name_en="Health", dimension=living)
    case = publish(CaseStudyPage, "Laporan kasus", start_year=2016, first_published_at=published)
    case.page_topics.add(PageTopic(topic=topic))
    case.save()
    publish(ForumPage, "Laporan forum", date=dt.date(2018, 11, 13), venue="Aula", first_published_at=published)
    publish(CollaborationDocumentPage, "Laporan kerja sama", kind="report", signed_on=dt.date(2018, 2, 1), first_published_at=published)
    publish(GuidePage, "Laporan bantuan", first_published_at=published)
    publish(ApplicationPage, "Laporan aplikasi", direction="g2c", since_year=2016, first_published_at=published)
    publish(CaseStudyPage, "Laporan report", language="en", start_year=2016)
    index.refresh()


def facets(response) -> dict[str, dict[str, int]]:
    return {facet.label: {choice.label: choice.count for choice in facet.choices} for facet in response.context["facets"]}


def test_facet_counts_equal_their_results(client, reports):
    response = page_of(client, "laporan")

    assert facets(response)["Tahun"] == {"2024": 1, "2018": 2, "2016": 2}
    assert facets(response)["Dimensi"] == {"Kehidupan Cerdas": 1}
    assert facets(response)["Bahasa"] == {"Bahasa Indonesia": 5, "Bahasa Inggris": 1}
    assert set(facets(response)["Jenis"].values()) == {1}
    narrowed = check_links(client, response)
    assert len(narrowed) == 5 + 3 + 1 + 1
    # Counts are right also when a facet is chosen already.
    check_links(client, page_of(client, "laporan", year="2018"))


def check_links(client, response) -> list[str]:
    """Follow every facet link and compare the number of results with its count; returns the labels."""
    choices = [choice for facet in response.context["facets"] for choice in facet.choices if not choice.chosen]
    for choice in choices:
        narrowed = client.get(reverse("search") + choice.address)
        assert len(found(narrowed)) == narrowed.context["count"] == choice.count, choice.label
    return [choice.label for choice in choices]


@pytest.mark.parametrize("facet", NARROWING, ids=lambda facet: facet.name)
def test_each_facet_filters_and_counts(client, reports, facet):
    response = page_of(client, "laporan")
    (choices,) = [group.choices for group in response.context["facets"] if group.name == facet.name]

    for choice in choices:
        narrowed = client.get(reverse("search") + choice.address)
        assert 0 < len(found(narrowed)) == choice.count < response.context["count"], choice.label


def test_each_chosen_filter_has_a_removal_link(client, reports):
    response = page_of(client, "laporan", type="casestudypage", year="2016", dimension="smart-living")

    assert found(response) == ["Laporan kasus"]
    assert [chip.facet.label for chip in response.context["chips"]] == ["Jenis", "Dimensi", "Tahun"]
    without = [client.get(reverse("search") + chip.address) for chip in response.context["chips"]]
    assert [len(answer.context["chips"]) for answer in without] == [2, 2, 2]


def test_single_facets_take_the_last_value(client, reports):
    response = page_of(client, "laporan", type=["forumpage", "casestudypage"], page="x")

    assert found(response) == ["Laporan kasus"]
    assert [chip.address for chip in response.context["chips"]] == ["?q=laporan"]
    types = next(facet for facet in response.context["facets"] if facet.name == "type")
    assert "?q=laporan&type=forumpage" in [choice.address for choice in types.choices]


def test_results_show_their_subject_date(client, reports):
    html = page_of(client, "laporan").content.decode()

    assert "Sejak 2016" in html
    assert "13 November 2018" in html
    assert "1 Februari 2018" in html
    assert html.count("Januari 2024") == 1


def test_empty_and_unknown_types_are_handled(client, add_article):
    add_article("Laporan tahunan")

    narrowed = page_of(client, "laporan", type="casestudypage")
    assert (found(narrowed), narrowed.context["count"]) == ([], 0)
    assert [(choice.label, choice.count) for facet in narrowed.context["facets"] for choice in facet.choices if choice.chosen] == [
        ("Studi kasus", 0)
    ]
    assert found(page_of(client, "laporan", type="bukanjenis")) == ["Laporan tahunan"]


def test_query_count_does_not_grow_with_results(client, add_article):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client, "laporan")
        return len(captured)

    add_article("Laporan")
    page_of(client, "laporan")
    few = queries()
    for number in range(12):
        add_article(f"Laporan {number}")
    page_of(client, "laporan")

    assert queries() == few <= 8


def test_failed_searches_are_counted_without_personal_data(client, add_article):
    query_hits.flush()
    FailedSearch.objects.all().delete()
    page_of(client, "jembatan gantung")
    page_of(client, "196805041990031002")
    page_of(client, "orang@contoh.go.id")
    query_hits.flush()

    assert list(FailedSearch.objects.values_list("query_string", flat=True)) == ["jembatan gantung"]


@pytest.mark.parametrize("query", ["a" * 10_000, "*" * 1000, "\x00", '"', "-", ":", "judul:", "- - -", "ا" * 50, "&type=' OR 1=1"])
def test_odd_queries_get_a_page(client, index, query):
    assert page_of(client, query, type="?", year="1e9", page="99999").status_code == 200


PARAMETERS = st.sampled_from(["type", "dimension", "year", "language", "page", "x"])
TYPED = st.text(max_size=20) | st.sampled_from(["casestudypage", "document", "2018", "0000", "id", "en", "-1", "9999999", "٢٠١٨"])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=200) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")), more=st.dictionaries(PARAMETERS, TYPED))
def test_any_query_gets_a_page(client, index, query, more):
    assert page_of(client, query, **more).status_code == 200
    assert client.get(reverse("search_suggest"), {"q": query, **more}).status_code == 200


def test_the_work_for_one_query_is_bounded(index):
    results = Page.objects.search(" ".join(f"kata{number}" for number in range(5000)))
    query, _ = results.query_compiler.build(index.layout)

    assert len(query.parts) <= 50
