"""The public search page with PostgreSQL's own search: supported features work, unsupported ones are not offered."""

import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction

from knowledge_hub.models import ArticlePage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.scale_out,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's search"),
]


def publish(title: str, model=ArticlePage, **fields) -> Page:
    root = Page.objects.filter(depth=1).first()
    locale, _ = Locale.objects.get_or_create(language_code="id")
    return root.add_child(instance=model(title=title, locale=locale, date=date(2018, 9, 5), **fields))


def page_of(client, query: str, **more) -> str:
    response = client.get(reverse("search"), {"q": query, **more})
    assert response.status_code == 200
    return re.sub(r"</?mark>", "", response.content.decode())


def test_indonesian_word_forms_are_found(client, db):
    publish("Berita kota", summary="Warga melayani warga.")

    assert "Berita kota" in page_of(client, "pelayanan")
    assert "Berita kota" not in page_of(client, "jembatan")


def test_phrases_and_exclusions_work(client, db):
    publish("Kota cerdas", summary="tata kota")
    publish("Cerdas di kota", summary="layanan warga")

    assert "Cerdas di kota" not in page_of(client, '"kota cerdas"')
    assert "Kota cerdas" in page_of(client, '"kota cerdas"')
    assert "Cerdas di kota" not in page_of(client, "cerdas -warga")


def test_results_can_be_filtered_by_type_only(client, db):
    publish("Laporan tahunan")
    publish("Laporan berita")

    page = page_of(client, "laporan")

    assert "type=articlepage" in page
    # Only our own index can count these facets.
    assert "year=" not in page
    assert "topic=" not in page
    assert "Laporan tahunan" in page_of(client, "laporan", type="articlepage")
    assert "Laporan tahunan" not in page_of(client, "laporan", type="casestudypage")


def test_no_spelling_correction_is_offered(client, db):
    publish("Kolaborasi tiga pihak")

    page = page_of(client, "kolaborsi")

    assert "kolaborasi" not in page.lower().split("<main", 1)[1]


def test_titles_are_suggested_while_typing(client, db):
    publish("Perizinan terpadu")

    assert "Perizinan terpadu" in client.get(reverse("search_suggest"), {"q": "periz"}).content.decode()


def test_private_and_outdated_pages_are_not_found(client, db):
    hidden = publish("Rahasia dinas")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    changed = publish("Judul lama")
    changed.title = "Kepala baru"
    changed.save()
    publish("Sampah kota").delete()

    assert "Rahasia dinas" not in page_of(client, "rahasia")
    assert "Kepala baru" not in page_of(client, "lama")
    assert "Kepala baru" in page_of(client, "kepala")
    assert "Sampah kota" not in page_of(client, "sampah")


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_nothing_in_the_index(client):
    with transaction.atomic():
        publish("Tidak jadi terbit")
        transaction.set_rollback(True)

    assert Page.objects.search("terbit").count() == 0


@pytest.mark.parametrize("query", ["a" * 10_000, "*" * 1000, "\x00", '"', "-", ":", "judul:", "- - -", "ا" * 50, "&|!():*'\\", "' OR 1=1"])
def test_odd_queries_get_a_page(client, db, query):
    assert client.get(reverse("search"), {"q": query, "type": "?", "year": "1e9", "page": "99999"}).status_code == 200


def test_the_initial_content_loads_and_is_found(client, db):
    call_command("load_initial_content", stdout=StringIO())
    call_command("rebuild_modelsearch_index", stdout=StringIO())

    response = client.get(reverse("search"), {"q": "kota"})

    assert response.context["count"] > 3
    assert client.get("/").status_code == 200
