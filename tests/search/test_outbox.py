"""What is committed is found, what is rolled back is not, and nothing acknowledged is lost."""

from datetime import date

import pytest
from django.db import transaction
from wagtail.models import Locale, Page

from knowledge_hub.models import ArticlePage
from knowledge_hub.models.search import SearchChange

pytestmark = pytest.mark.django_db(transaction=True)


def publish(title: str) -> ArticlePage:
    root = Page.objects.get(depth=1)
    locale, _ = Locale.objects.get_or_create(language_code="id")
    return root.add_child(instance=ArticlePage(title=title, locale=locale, date=date(2018, 9, 5)))


def titles(query: str) -> list[str]:
    return [page.title for page in Page.objects.search(query)]


def test_a_saved_page_is_found_as_soon_as_it_is_committed(index):
    publish("Perizinan terpadu")

    assert titles("perizinan") == ["Perizinan terpadu"]
    assert not SearchChange.objects.exists()


def test_a_changed_title_is_found_under_the_new_words_only(index):
    page = publish("Judul lama")
    page.title = "Kepala baru"
    page.save()

    assert titles("lama") == []
    assert titles("baru") == ["Kepala baru"]


def test_a_deleted_page_is_not_counted(index):
    publish("Sampah kota").delete()

    assert Page.objects.search("sampah").count() == 0


def test_a_rollback_leaves_nothing_behind(index):
    with transaction.atomic():
        publish("Tidak jadi terbit")
        transaction.set_rollback(True)

    assert Page.objects.search("terbit").count() == 0
    assert not SearchChange.objects.exists()


def test_while_another_process_writes_nobody_waits_and_nothing_is_lost(index):
    with index.store.lock() as got:
        assert got
        publish("Kunjungan dewan")
        assert SearchChange.objects.filter(key=str(ArticlePage.objects.get().pk)).exists()
    publish("Kunjungan kedua")

    assert set(titles("kunjungan")) == {"Kunjungan dewan", "Kunjungan kedua"}
    assert not SearchChange.objects.exists()


def test_changes_made_during_a_rebuild_are_in_the_new_index(index):
    rebuilder = index.backend.rebuilder_class(index)
    rebuilder.start()
    publish("Terbit selama pembangunan")
    assert titles("terbit") == ["Terbit selama pembangunan"]
    rebuilder.finish()

    assert titles("terbit") == ["Terbit selama pembangunan"]
    assert not SearchChange.objects.exists()


def test_many_small_changes_leave_few_segments(index):
    for number in range(30):
        publish(f"Catatan {number}")

    assert Page.objects.search("catatan").count() == 30
    assert len(index.store.view().segments) < 16
