"""Stems are kept in a file; an outdated or damaged file is not used."""

import pytest

from knowledge_hub.search.engine import stem_cache
from knowledge_hub.search.words import analysis


@pytest.fixture
def empty_memo(monkeypatch):
    """A process without stored stems that saves every new stem."""
    monkeypatch.setattr(analysis, "_stem_cache", {language: {} for language in analysis.LANGUAGES})
    monkeypatch.setattr(stem_cache, "_kept", {})
    monkeypatch.setattr(stem_cache, "MIN_NEW_STEMS", 1)


def restart(monkeypatch):
    monkeypatch.setattr(analysis, "_stem_cache", {language: {} for language in analysis.LANGUAGES})
    monkeypatch.setattr(stem_cache, "_kept", {})


def test_stems_survive_a_restart(empty_memo, tmp_path, monkeypatch):
    analysis.stem("mengunjungi", "id")
    assert stem_cache.save(tmp_path)
    restart(monkeypatch)

    assert stem_cache.load(tmp_path) == 1
    monkeypatch.setattr(analysis, "stem_indonesian", lambda word: pytest.fail("worked out again"))
    assert analysis.stem("mengunjungi", "id") == "kunjung"


def test_unchanged_stems_are_not_written(empty_memo, tmp_path):
    analysis.stem("mengunjungi", "id")
    assert stem_cache.save(tmp_path)
    assert not stem_cache.save(tmp_path)


def test_stems_of_other_rules_are_not_used(empty_memo, tmp_path, monkeypatch):
    analysis.stem("mengunjungi", "id")
    stem_cache.save(tmp_path)
    restart(monkeypatch)
    monkeypatch.setattr(stem_cache, "rules_version", lambda: "other")

    assert stem_cache.load(tmp_path) == 0
    assert analysis.cached_stems("id") == {}


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe\x00", b"only one line", b"{good}x"])
def test_a_damaged_stem_file_is_replaced(empty_memo, tmp_path, monkeypatch, caplog, damage):
    analysis.stem("mengunjungi", "id")
    stem_cache.save(tmp_path)
    file = tmp_path / "stems"
    file.write_bytes(damage.replace(b"{good}", file.read_bytes()))
    restart(monkeypatch)

    assert stem_cache.load(tmp_path) == 0
    assert "written anew" in caplog.text
    analysis.stem("kunjungan", "id")
    assert stem_cache.save(tmp_path)
    assert stem_cache.load(tmp_path) == 1
