"""A damaged or missing index is noticed and rebuilt; meanwhile searches use the titles in the database."""

import contextlib
import errno
import shutil
import stat
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from knowledge_hub.search import integrity, tasks
from knowledge_hub.search.engine import plan
from knowledge_hub.search.repair import rebuild
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def reopen(index) -> None:
    """Make the store open the index again, as after a restart."""
    index.store._searcher = None
    index.store._segments.clear()


def test_a_missing_index_falls_back_to_titles(add_article, index):
    add_article("Kota cerdas Binjai")
    shutil.rmtree(index.store.path)

    assert [page.title for page in Page.objects.search("binjai kota")] == ["Kota cerdas Binjai"]
    # Tasks run immediately in tests, so it is rebuilt.
    assert index.store.broken() is None
    assert Page.objects.search("kota").count() == 1


@pytest.mark.parametrize("damage", [b"", b"\x00" * 50, b"garbage that is no pickle"])
def test_a_damaged_index_never_raises(add_article, index, damage, caplog):
    add_article("Basis data tunggal")
    for file in index.store.live_generation().iterdir():
        if file.suffix in {".toc", ".trm", ".pst"}:
            file.write_bytes(damage)
    reopen(index)

    assert [page.title for page in Page.objects.search("basis")] == ["Basis data tunggal"]
    assert "is damaged" in caplog.text


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[" * 100_000, b'{"version": 1, "filters": 5, "fields": {}, "prefixes": []}'])
@pytest.mark.parametrize("name", ["CURRENT", "LAYOUT", "BROKEN", "OUTDATED"])
def test_small_files_of_any_bytes_never_raise(add_article, index, name, content):
    add_article("Basis data tunggal")
    file = index.store.live_generation() / name if name == "LAYOUT" else index.store.path / name
    file.write_bytes(content)
    reopen(index)
    index.store._numbering = None

    assert [page.title for page in Page.objects.search("basis")] == ["Basis data tunggal"]
    integrity.check_all()
    integrity.known_problems()
    rebuild(index)
    assert [page.title for page in Page.objects.search("basis")] == ["Basis data tunggal"]
    assert integrity.problems() == {}


def test_damage_on_a_read_only_disk_falls_back_to_titles(add_article, index, monkeypatch, requested):
    def refuse(*args):
        raise OSError(errno.EROFS, "Read-only file system")

    add_article("Basis data tunggal")
    (index.store.path / "CURRENT").unlink()
    reopen(index)
    monkeypatch.setattr("knowledge_hub.search.engine.index.write_durably", refuse)

    assert [page.title for page in Page.objects.search("basis")] == ["Basis data tunggal"]
    assert requested == []


def test_damaged_postings_never_raise(add_article, index):
    add_article("Basis data tunggal")
    for file in index.store.live_generation().glob("*.pst"):
        file.write_bytes(b"\x00" * file.stat().st_size)

    assert [page.title for page in Page.objects.search("tunggal")] == ["Basis data tunggal"]


@pytest.mark.long
def test_damage_anywhere_never_breaks_the_page(client, add_article, index, requested):
    add_article("Basis data tunggal", summary="Satu basis data untuk semua aplikasi.")
    add_article("Layanan warga", summary="Aduan warga dijawab.")
    rebuild(index)
    files = [file for file in index.store.live_generation().iterdir() if file.suffix != ".lock" and file.stat().st_size]
    noticed = 0
    for file in files:
        whole = file.read_bytes()
        step = max(len(whole) // 10, 1)
        for start in range(0, len(whole), step):
            file.write_bytes(whole[:start] + b"\xff" * len(whole[start : start + step]) + whole[start + step :])
            reopen(index)
            for query in ("tunggal", '"basis data" tungal'):
                response = client.get(reverse("search"), {"q": query, "type": "articlepage"})
                assert response.status_code == 200, (file.suffix, start, query)
            noticed += index.store.broken() is not None
            (index.store.path / "BROKEN").unlink(missing_ok=True)
        file.write_bytes(whole)
    reopen(index)
    assert noticed > len(files)
    assert "Basis data" in client.get(reverse("search"), {"q": "tunggal"}).content.decode()


def test_an_index_of_an_older_release_is_rebuilt(add_article, index, requested):
    add_article("Basis data tunggal")
    for file in index.store.live_generation().glob("*.toc"):
        file.write_bytes(file.read_bytes().replace(b"knowledge_hub.search.engine.", b"knowledge_hub.search.oldest."))
    reopen(index)

    assert [page.title for page in Page.objects.search("basis")] == ["Basis data tunggal"]
    assert requested == ["wagtailcore.Page"]


@pytest.fixture
def requested(monkeypatch):
    """The rebuilds that are enqueued; none is run."""
    found = []
    monkeypatch.setattr(tasks, "rebuild_index", SimpleNamespace(enqueue=found.append))
    return found


def doctor() -> str:
    out = StringIO()
    with contextlib.suppress(CommandError):
        call_command("doctor", stdout=out)
    return out.getvalue()


def damage(index, damaged: str) -> None:
    if damaged == "everything":
        shutil.rmtree(index.store.path)
        return
    for file in index.store.live_generation().iterdir():
        if file.suffix == damaged:
            file.write_bytes(b"\x00" * file.stat().st_size)
    reopen(index)


@pytest.mark.parametrize("damaged", ["everything", ".toc", ".trm", ".pst"])
def test_damage_is_reported_until_the_rebuild(client, add_article, index, requested, damaged):
    """Reported by the doctor, to readers and in the admin; readers still find titles."""
    add_article("Basis data tunggal")
    admin = Client()
    admin.force_login(UserFactory(admin=True))
    assert "Indeks pencarian tidak dapat dibaca" not in admin.get(reverse("wagtailadmin_home")).content.decode()
    damage(index, damaged)

    assert f"✗ search index: {index} (" in doctor()
    page = client.get(reverse("search"), {"q": "tunggal"}).content.decode()
    assert "Basis data" in page
    assert "Pencarian sedang diperbaiki" in page
    assert "Indeks pencarian tidak dapat dibaca" in admin.get(reverse("wagtailadmin_home")).content.decode()
    assert requested == ["wagtailcore.Page"]

    rebuild(index)

    assert "✓ search index" in doctor()
    assert "Pencarian sedang diperbaiki" not in client.get(reverse("search"), {"q": "tunggal"}).content.decode()
    assert "Indeks pencarian tidak dapat dibaca" not in admin.get(reverse("wagtailadmin_home")).content.decode()


def test_periodic_checks_find_damage_and_repeat_requests(add_article, index, requested, monkeypatch):
    add_article("Basis data tunggal")
    integrity.check_all(sender=None)
    assert requested == []
    damage(index, ".pst")

    integrity.check_all(sender=None)
    integrity.check_all(sender=None)
    assert requested == ["wagtailcore.Page"]

    monkeypatch.setattr("knowledge_hub.search.engine.index.RETRY_AFTER", -1.0)
    integrity.check_all(sender=None)
    assert requested == ["wagtailcore.Page"] * 2


def test_the_old_index_serves_during_a_rebuild(add_article, index):
    add_article("Layanan warga")
    before = index.store.searcher()

    rebuild(index)

    assert len(before.find(plan.MatchAll())) == len(index.store.searcher().find(plan.MatchAll()))
    assert len(list(index.store.path.glob("g*"))) == 1


def test_index_directories_are_private(index):
    for directory in (index.store.path, index.store.live_generation()):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
