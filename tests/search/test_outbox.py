"""Committed changes are found, rolled back changes are not, and no acknowledged change is lost."""

import os
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import transaction
from wagtail.models import Locale, Page
from whoosh.filedb.filestore import FileStorage

from knowledge_hub.models import ArticlePage
from knowledge_hub.models.search import SearchChange
from knowledge_hub.search import outbox, tasks
from knowledge_hub.search.engine import storage

pytestmark = pytest.mark.django_db(transaction=True)


def publish(title: str) -> ArticlePage:
    root = Page.objects.get(depth=1)
    locale, _ = Locale.objects.get_or_create(language_code="id")
    return root.add_child(instance=ArticlePage(title=title, locale=locale, date=date(2018, 9, 5)))


def titles(query: str) -> list[str]:
    return [page.title for page in Page.objects.search(query)]


def test_a_page_is_found_after_commit(index):
    publish("Perizinan terpadu")

    assert titles("perizinan") == ["Perizinan terpadu"]
    assert not SearchChange.objects.exists()


def test_a_changed_title_replaces_the_old_words(index):
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


def test_a_busy_index_delays_changes_without_losing_them(index):
    """While another process holds the lock, a change waits in the outbox; the next change applies both."""
    with index.store.lock() as got:
        assert got
        publish("Kunjungan dewan")
        assert SearchChange.objects.filter(key=str(ArticlePage.objects.get().pk)).exists()
    publish("Kunjungan kedua")

    assert set(titles("kunjungan")) == {"Kunjungan dewan", "Kunjungan kedua"}
    assert not SearchChange.objects.exists()


def test_changes_during_a_rebuild_are_kept(index):
    rebuilder = index.backend.rebuilder_class(index)
    rebuilder.start()
    publish("Terbit selama pembangunan")
    assert titles("terbit") == ["Terbit selama pembangunan"]
    rebuilder.finish()

    assert titles("terbit") == ["Terbit selama pembangunan"]
    assert not SearchChange.objects.exists()


def test_a_crash_after_the_swap_loses_no_change(index, monkeypatch):
    rebuilder = index.backend.rebuilder_class(index)
    new = rebuilder.start()
    page = publish("Hilang selama pembangunan")
    new.add_items(ArticlePage, [page])
    page.delete()
    publish("Terbit selama pembangunan")

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "drain", _die)
        with pytest.raises(KeyboardInterrupt):
            rebuilder.finish()
    # Another process drains the outbox next, when no rebuild is running.
    publish("Terbit sesudahnya")

    assert set(titles("terbit")) == {"Terbit selama pembangunan", "Terbit sesudahnya"}
    assert Page.objects.search("hilang").count() == 0


def _die(index):
    raise KeyboardInterrupt


def test_files_are_synced_before_the_outbox_is_cleared(index, monkeypatch):
    before = set(index.store.live_generation().iterdir())
    synced = record_synced_inodes(monkeypatch)

    publish("Tercatat di cakram")

    files = set(index.store.live_generation().iterdir()) - before
    assert len(files) > 3
    assert {path.stat().st_ino for path in files} <= synced
    assert index.store.live_generation().stat().st_ino in synced


def test_a_missing_sync_is_noticed(index, monkeypatch):
    before = set(index.store.live_generation().iterdir())
    synced = record_synced_inodes(monkeypatch)
    monkeypatch.setattr(storage.DurableStorage, "create_file", FileStorage.create_file)

    publish("Belum di cakram")

    files = set(index.store.live_generation().iterdir()) - before
    assert not {path.stat().st_ino for path in files if path.suffix == ".trm"} & synced


def record_synced_inodes(monkeypatch) -> set[int]:
    """The inodes that are synced to disk before the rows of the next change leave the outbox."""
    synced: set[int] = set()
    force, delete = os.fsync, SearchChange.objects.none().__class__.delete
    rows_are_there = [True]

    def fsync(descriptor):
        force(descriptor)
        if rows_are_there[0]:
            synced.add(os.fstat(descriptor).st_ino)

    def delete_rows(queryset):
        if queryset.model is SearchChange:
            rows_are_there[0] = False
        return delete(queryset)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(SearchChange.objects.none().__class__, "delete", delete_rows)
    return synced


def test_many_small_changes_leave_few_segments(index):
    for number in range(30):
        publish(f"Catatan {number}")

    assert Page.objects.search("catatan").count() == 30
    assert len(index.store.searcher().segments) < 16


def test_segments_are_merged_by_the_worker_only(index, monkeypatch):
    asked, joined = [], []
    monkeypatch.setattr(tasks, "merge_index", SimpleNamespace(enqueue=asked.append))
    monkeypatch.setattr(type(index.store), "merge", lambda store: joined.append(store))

    for number in range(30):
        publish(f"Catatan {number}")

    assert set(asked) == {"wagtailcore.Page"}
    assert joined == []
