"""After a change of models or rules the old index gives right results until a new one is built."""

import json
from types import SimpleNamespace

import pytest
from wagtail.models import Page

from knowledge_hub.models import ArticlePage
from knowledge_hub.search import repair, tasks

pytestmark = pytest.mark.django_db


def make_older(index, **changes):
    """Mark the live generation as built for older models; ``changes`` replace entries of its LAYOUT file."""
    file = index.store.live_generation() / "LAYOUT"
    known = json.loads(file.read_text()) | {"version": "older"} | changes
    file.write_text(json.dumps(known))
    # Read the file again, as another process would.
    index.store._numbering = index.store._searcher = None


@pytest.fixture
def requested(monkeypatch):
    """The rebuilds that are enqueued; none is run."""
    found = []
    monkeypatch.setattr(tasks, "rebuild_index", SimpleNamespace(enqueue=found.append))
    return found


def test_an_outdated_index_is_used_until_one_rebuild(add_article, index, requested):
    add_article("Kota cerdas Binjai")
    make_older(index)

    for _ in range(3):
        assert [page.title for page in Page.objects.search("cerdas")] == ["Kota cerdas Binjai"]
    assert requested == ["wagtailcore.Page"]


def test_an_outdated_index_is_rebuilt_automatically(add_article, index):
    add_article("Kota cerdas Binjai")
    make_older(index)

    assert Page.objects.search("cerdas").count() == 1
    # Tasks run immediately in tests, so it is rebuilt.
    assert index.store.numbering().version == index.newest_layout.numbering.version
    assert not (index.store.path / "OUTDATED").exists()
    assert Page.objects.search("cerdas").count() == 1


def test_a_current_index_is_not_rebuilt(add_article, index, requested):
    add_article("Kota cerdas Binjai")

    assert Page.objects.search("cerdas").count() == 1
    assert requested == []


def test_filters_work_when_fields_are_renumbered(add_article, index, requested):
    filters = index.newest_layout.filters
    renumbered = {path: len(filters) - 1 - number for path, number in filters.items()}
    make_older(index, filters=renumbered)
    shown, hidden = add_article("Laporan terbuka"), add_article("Laporan tertutup", live=False)

    assert {page.pk for page in Page.objects.filter(live=True).search("laporan")} == {shown.pk}
    assert {page.pk for page in Page.objects.filter(live=False).search("laporan")} == {hidden.pk}


def test_unknown_filters_are_applied_by_the_database(add_article, index, requested):
    shown = add_article("Laporan terbuka")
    add_article("Laporan tertutup", live=False)
    known = {path: number for path, number in index.newest_layout.filters.items() if path != "live"}
    make_older(index, filters={**known, "elsewhere": index.newest_layout.filters["live"]})

    found = ArticlePage.objects.filter(live=True).search("laporan")
    assert [page.pk for page in found] == [shown.pk]
    assert found.count() == 1


def test_a_missing_rebuild_is_requested_again(add_article, index, requested, monkeypatch):
    add_article("Kota cerdas Binjai")
    make_older(index)
    repair.report_outdated(index)
    repair.report_outdated(index)
    assert len(requested) == 1

    monkeypatch.setattr("knowledge_hub.search.engine.index.RETRY_AFTER", -1.0)
    repair.report_outdated(index)
    assert len(requested) == 2
