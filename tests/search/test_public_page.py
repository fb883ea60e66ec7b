"""What a reader meets on the search page."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction

from knowledge_hub.models.search import FailedSearch
from knowledge_hub.search import hits

pytestmark = pytest.mark.django_db


def page_of(client, query, **more):
    return client.get(reverse("search"), {"q": query, **more})


def found(response) -> list[str]:
    return [result.page.title for result in response.context.get("found", [])]


def test_a_reader_finds_a_page_by_another_form_of_its_word(client, add_article):
    add_article("Berita", summary="Rombongan mengunjungi Binjai Command Center.")

    response = page_of(client, "kunjungan")

    assert found(response) == ["Berita"]
    assert "<mark>mengunjungi</mark>" in response.content.decode()


def test_what_authors_wrote_is_escaped_in_excerpts(client, add_article):
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
    assert sum(choice.count for choice in response.context["types"]) == 1
    assert page_of(client, "kutipa").context["suggestion"] is None
    assert "Rahasia dinas" not in client.get(reverse("search_suggest"), {"q": "rahasia"}).content.decode()


def test_a_page_made_private_after_indexing_is_gone_at_once(client, add_article):
    page = add_article("Terbuka dulu")
    assert found(page_of(client, "terbuka")) == ["Terbuka dulu"]

    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    assert found(page_of(client, "terbuka")) == []


def test_only_the_active_language_is_searched(client, add_article):
    add_article("Smart city Indonesia")
    add_article("Smart city English", language="en")

    assert found(page_of(client, "smart")) == ["Smart city Indonesia"]


def test_a_mistyped_word_gets_another_spelling(client, add_article):
    add_article("Kolaborasi tiga pihak")

    assert page_of(client, "kolaborsi").context["suggestion"] == "kolaborasi"


def test_when_no_page_has_all_words_those_with_some_are_shown(client, add_article):
    add_article("Kolaborasi tiga pihak")

    response = page_of(client, "kolaborasi jembatan")

    assert response.context["partial"]
    assert found(response) == ["Kolaborasi tiga pihak"]


def test_phrases_exclusions_and_fields_mean_what_they_say(client, add_article):
    add_article("Kota cerdas", summary="tata kota")
    add_article("Cerdas di kota", summary="layanan")

    assert found(page_of(client, '"kota cerdas"')) == ["Kota cerdas"]
    assert found(page_of(client, "cerdas -layanan")) == ["Kota cerdas"]
    assert found(page_of(client, "ringkasan:layanan")) == ["Cerdas di kota"]
    assert found(page_of(client, "judul:layanan")) == []


def test_facet_counts_agree_with_the_results_they_lead_to(client, add_article):
    for number in range(3):
        add_article(f"Laporan {number}")

    response = page_of(client, "laporan")

    for choice in response.context["types"]:
        assert page_of(client, "laporan", type=choice.value).context["count"] == choice.count


def test_a_kind_without_results_shows_none_and_an_unknown_kind_is_left_out(client, add_article):
    add_article("Laporan tahunan")

    narrowed = page_of(client, "laporan", type="casestudypage")
    assert (found(narrowed), narrowed.context["count"]) == ([], 0)
    assert [(choice.value, choice.count) for choice in narrowed.context["types"] if choice.chosen] == [("casestudypage", 0)]
    assert found(page_of(client, "laporan", type="bukanjenis")) == ["Laporan tahunan"]


def test_searches_without_results_are_counted_without_personal_data(client, add_article):
    hits.write()
    FailedSearch.objects.all().delete()
    page_of(client, "jembatan gantung")
    page_of(client, "196805041990031002")
    page_of(client, "orang@contoh.go.id")
    hits.write()

    assert list(FailedSearch.objects.values_list("query_string", flat=True)) == ["jembatan gantung"]


@pytest.mark.parametrize("query", ["a" * 10_000, "*" * 1000, "\x00", '"', "-", ":", "judul:", "- - -", "ا" * 50, "&type=' OR 1=1"])
def test_odd_queries_get_a_page(client, index, query):
    assert page_of(client, query, type="?", year="1e9", page="99999").status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=200), page=st.text(max_size=10), kind=st.text(max_size=20))
def test_any_query_gets_a_page(client, index, query, page, kind):
    assert page_of(client, query, page=page, type=kind).status_code == 200


def test_the_work_for_one_query_is_bounded(index):
    results = Page.objects.search(" ".join(f"kata{number}" for number in range(5000)))
    query, _ = results.query_compiler.build(index.layout)

    assert len(query.parts) <= 50
