"""A broken or missing index is noticed and rebuilt; meanwhile searches are answered from titles."""

import shutil
import stat

import pytest
from wagtail.models import Page

from knowledge_hub.search import plan
from knowledge_hub.search.health import rebuild

pytestmark = pytest.mark.django_db


def test_a_missing_index_is_answered_from_titles_and_rebuilt(add_article, index):
    add_article("Kota cerdas Binjai")
    shutil.rmtree(index.store.path)

    assert [page.title for page in Page.objects.search("binjai kota")] == ["Kota cerdas Binjai"]
    # The worker, immediate in tests, has rebuilt it.
    assert index.store.broken() is None
    assert Page.objects.search("kota").count() == 1


@pytest.mark.parametrize("damage", [b"", b"\x00" * 50, b"garbage that is no pickle"])
def test_a_damaged_index_never_raises(add_article, index, damage, caplog):
    add_article("Basis data tunggal")
    for file in index.store.live_generation().iterdir():
        if file.suffix in {".toc", ".trm", ".pst"}:
            file.write_bytes(damage)
    # Another process, or this one after a restart, opens it anew.
    index.store._view = None
    index.store._segments.clear()

    assert [page.title for page in Page.objects.search("basis")] == ["Basis data tunggal"]
    assert "can't be read" in caplog.text


def test_damage_that_shows_only_when_a_word_is_read_never_raises(add_article, index):
    add_article("Basis data tunggal")
    for file in index.store.live_generation().glob("*.pst"):
        file.write_bytes(b"\x00" * file.stat().st_size)

    assert [page.title for page in Page.objects.search("tunggal")] == ["Basis data tunggal"]


def test_readers_are_never_without_an_index_during_a_rebuild(add_article, index):
    add_article("Layanan warga")
    before = index.store.view()

    rebuild(index)

    assert len(before.find(plan.Everything())) == len(index.store.view().find(plan.Everything()))
    assert len(list(index.store.path.glob("g*"))) == 1


def test_the_index_is_private(index):
    for directory in (index.store.path, index.store.live_generation()):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
