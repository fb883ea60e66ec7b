"""A faulty object, a full disk or a stopped process does not keep other objects out of the index."""

import errno
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test.client import ClientHandler
from django.urls import reverse
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from knowledge_hub.core import clock
from knowledge_hub.models.search import SearchChange
from knowledge_hub.search import outbox, repair, tasks
from knowledge_hub.search.engine import index as index_module
from knowledge_hub.search.engine import schema, storage
from knowledge_hub.search.engine.index import Generation
from knowledge_hub.search.engine.segment import Segment
from knowledge_hub.search.repair import rebuild
from tests.factories import UserFactory
from tests.search.test_outbox import publish, titles

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unreadable(monkeypatch):
    """Make objects whose title begins with "Rusak" raise when they are read for the index. Yields a list with the error, to replace it."""
    error = [ValueError("no such block")]
    read = schema.Layout.document

    def document(layout, obj):
        if str(obj).startswith("Rusak"):
            raise error[0]
        return read(layout, obj)

    monkeypatch.setattr(schema.Layout, "document", document)
    return error


@pytest.fixture
def requested(monkeypatch):
    """The tasks that are enqueued; none is run."""
    found = []
    for name in ("rebuild_index", "drain_index"):
        monkeypatch.setattr(tasks, name, SimpleNamespace(enqueue=lambda label, name=name: found.append((name, label))))
    return found


def test_a_faulty_object_does_not_block_others(index, unreadable, caplog):
    publish("Rusak sejak awal")
    publish("Layanan warga")

    assert titles("warga") == ["Layanan warga"]
    assert not SearchChange.objects.exists()
    assert "can't be indexed" in caplog.text


def test_a_faulty_object_does_not_stop_rebuilds(index, unreadable):
    publish("Rusak sejak awal")
    publish("Layanan warga")

    rebuild(index)

    assert titles("warga") == ["Layanan warga"]


def test_database_errors_lose_no_change(index, unreadable):
    unreadable[0] = OperationalError("database is locked")

    publish("Rusak sebentar")

    assert SearchChange.objects.exists()


def test_a_full_disk_leaves_no_lock(index, monkeypatch, requested):
    create = storage.DurableStorage.create_file

    def full(self, name, **kwargs):
        if name.endswith(".col"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return create(self, name, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(storage.DurableStorage, "create_file", full)
        publish("Tertahan dulu")
    assert SearchChange.objects.exists()
    monkeypatch.setattr(index_module, "LOCK_WAIT", 0.2)

    publish("Menyusul")

    assert set(titles("tertahan")) | set(titles("menyusul")) == {"Tertahan dulu", "Menyusul"}
    assert not SearchChange.objects.exists()


def test_a_failed_merge_leaves_no_lock(index, monkeypatch):
    for number in range(4):
        publish(f"Catatan {number}")

    def damaged(*args):
        raise ValueError("damaged postings")

    with monkeypatch.context() as patched:
        patched.setattr(index_module, "merge_tiers", lambda writer, segments: damaged())
        with pytest.raises(ValueError, match="damaged"), index.store.lock():
            index.store.merge()
    monkeypatch.setattr(index_module, "LOCK_WAIT", 0.2)

    publish("Sesudahnya")

    assert titles("sesudahnya") == ["Sesudahnya"]


def test_damage_found_while_writing_requests_a_rebuild(index, monkeypatch, requested):
    publish("Basis data tunggal")

    def damaged(self, key):
        raise storage.IndexDamaged("damaged postings")

    monkeypatch.setattr(Segment, "document_with_key", damaged)
    publish("Layanan warga")

    assert ("rebuild_index", "wagtailcore.Page") in requested
    assert index.store.broken() == "damaged postings"
    assert SearchChange.objects.exists()


@pytest.mark.parametrize("suffix", [".toc", "LAYOUT"])
def test_a_damaged_index_is_noticed_while_writing(index, requested, suffix):
    publish("Basis data tunggal")
    for file in index.store.live_generation().iterdir():
        if file.name.endswith(suffix):
            file.write_bytes(b"garbage")
    index.store._numbering = None

    publish("Layanan warga")

    assert ("rebuild_index", "wagtailcore.Page") in requested
    assert index.store.broken()
    assert SearchChange.objects.exists()


def test_a_missing_rebuild_is_requested_after_an_hour(index, requested):
    error = OSError("gone")
    repair.report_damaged(index, error)
    repair.report_damaged(index, error)
    assert requested == [("rebuild_index", "wagtailcore.Page")]

    earlier = time.time() - index_module.RETRY_AFTER - 1
    os.utime(index.store.path / "BROKEN", (earlier, earlier))
    repair.report_damaged(index, error)

    assert len(requested) == 2


def test_the_clock_indexes_changes_of_killed_processes(index):
    with index.store.lock() as got:
        assert got
        page = publish("Tertinggal")
    assert SearchChange.objects.filter(key=str(page.pk)).exists()

    clock.every_minute.send(sender=None, now=timezone.now())

    assert titles("tertinggal") == ["Tertinggal"]
    assert not SearchChange.objects.exists()


def test_one_request_leaves_large_backlogs_to_workers(index, monkeypatch, requested):
    monkeypatch.setattr(outbox, "BATCH", 2)
    monkeypatch.setattr(outbox, "MAX_BATCHES", 2)
    with index.store.lock():
        pages = [publish(f"Naskah {number}") for number in range(3)]
    outbox.record(index, [page.pk for page in pages] * 2)

    assert requested == [("drain_index", "wagtailcore.Page")]
    assert SearchChange.objects.exists()


def test_a_writing_process_opens_each_segment_once(index, monkeypatch):
    publish("Pertama")
    index.store._searcher = index.store._stamp = None
    index.store._segments = {}
    opened = []
    load = index_module.load_segment
    monkeypatch.setattr(index_module, "load_segment", lambda *args: opened.append(args[2].segment_id()) or load(*args))

    for number in range(4):
        publish(f"Berikut {number}")

    assert len(opened) == len(set(opened))


def test_a_generation_being_created_is_kept(index, monkeypatch):
    """While one rebuild is swapped in, another one has created its directory but not locked it yet."""
    prefixed = threading.Event()
    create = index_module.FileIndex.create

    def slowly(*args):
        prefixed.set()
        time.sleep(0.3)
        return create(*args)

    first = Generation(index.store, index.newest_layout)
    monkeypatch.setattr(index_module.FileIndex, "create", slowly)
    with ThreadPoolExecutor() as threads:
        beginning = threads.submit(Generation, index.store, index.newest_layout)
        assert prefixed.wait(10)
        with index.store.lock():
            first.finish()
    second = beginning.result()

    assert second.directory.exists()
    second.abandon()


def test_leftovers_of_a_stopped_rebuild_are_removed(index):
    storage.make_private(index.store.path / "gabcdef")

    rebuild(index)

    assert len(list(index.store.path.glob("g*"))) == 1


def test_a_generation_is_synced_before_the_swap(index, monkeypatch):
    synced = set()
    force = os.fsync

    def fsync(descriptor):
        force(descriptor)
        synced.add(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", fsync)
    with index.store.lock():
        generation = Generation(index.store, index.newest_layout)
        generation.finish()

    assert (index.store.live_generation() / "LAYOUT").stat().st_ino in synced


SEARCH_CODE = [
    "backend.QueryCompiler.build",
    "results.decode_value",
    "page.views.result_cards",
    "engine.searcher.Searcher.find",
    "engine.searcher.arrays.index_of",
    "engine.index.Searcher",
    "engine.index.Segment",
    "engine.index.Numbering.from_text",
    "engine.index.alive_documents",
    "engine.segment.Column",
    "engine.segment.read_postings",
    "engine.index.load_segment",
    "engine.segment.positions_of",
    "engine.segment.keys_and_numbers",
]


@pytest.mark.parametrize("name", SEARCH_CODE)
def test_programming_errors_are_raised_without_a_rebuild(client, index, monkeypatch, requested, name):
    publish("Basis data tunggal")

    for error in (AttributeError, KeyError, TypeError, ValueError):
        index.store._searcher = index.store._numbering = None
        index.store._segments = {}

        def wrong(*args, error=error, **options):
            raise error("a programming error")

        monkeypatch.setattr(f"knowledge_hub.search.{name}", wrong)
        with pytest.raises(error, match="programming error"):
            client.get(reverse("search"), {"q": '"basis data" tungal', "type": "articlepage"})

    assert requested == []
    assert index.store.broken() is None


def test_repeated_damage_rebuilds_three_times_an_hour(index, requested):
    for _ in range(5):
        repair.report_damaged(index, storage.IndexDamaged("gone"))
        (index.store.path / "BROKEN").unlink()
    assert len(requested) == index_module.MAX_REBUILDS

    earlier = time.time() - index_module.RETRY_AFTER - 1
    os.utime(index.store.path / "REBUILDS", (earlier, earlier))
    repair.report_damaged(index, storage.IndexDamaged("gone"))

    assert len(requested) == index_module.MAX_REBUILDS + 1


def test_damage_is_logged_with_its_traceback(index, requested, caplog):
    for file in index.store.live_generation().glob("*.toc"):
        file.write_bytes(b"garbage")
    index.store._searcher = None

    titles("tunggal")

    assert any(record.exc_info and record.exc_info[0].__name__ in ("IndexUnavailableError", "IndexDamaged") for record in caplog.records)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"../elsewhere", b"g12 34"])
def test_an_invalid_index_pointer_is_repaired(index, content):
    publish("Basis data tunggal")
    (index.store.path / "CURRENT").write_bytes(content)

    assert titles("tunggal") == ["Basis data tunggal"]
    assert index.store.broken() is None


def test_a_request_commits_to_the_index_once(index, monkeypatch):
    commits = []
    write = index_module.Store.write
    monkeypatch.setattr(index_module.Store, "write", lambda self, *args: commits.append(len(args[0])) or write(self, *args))

    outbox._begin_request(sender=None)
    page = publish("Layanan warga")
    page.title = "Layanan satu pintu"
    page.save()
    assert commits == []
    outbox._end_request(sender=None)

    assert commits == [1]
    assert titles("pintu") == ["Layanan satu pintu"]


def test_publishing_commits_once_after_the_response(client, index, monkeypatch):
    page = publish("Layanan warga")
    client.force_login(UserFactory(admin=True))
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form")
    streams = {field.name: streamfield([]) for field in page._meta.get_fields() if isinstance(field, StreamField)}
    form.update(nested_form_data(streams) | {"title": "Layanan satu pintu", "date": "2018-09-05", "action-publish": "1"})
    events = []
    write, respond = index_module.Store.write, ClientHandler.get_response

    def get_response(handler, request):
        response = respond(handler, request)
        events.append(response.status_code)
        return response

    monkeypatch.setattr(index_module.Store, "write", lambda store, *args: events.append("commit") or write(store, *args))
    monkeypatch.setattr(ClientHandler, "get_response", get_response)

    client.post(address, form)

    assert events == [302, "commit"]
    assert titles("pintu") == ["Layanan satu pintu"]
