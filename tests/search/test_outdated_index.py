"""When models or rules change, the index that is there goes on serving, rightly, while a new one is built by itself."""

import json
from types import SimpleNamespace

import pytest
from wagtail.models import Page

from knowledge_hub.models import ArticlePage
from knowledge_hub.search import health, tasks

pytestmark = pytest.mark.django_db


def make_older(index, **changes):
    """Let the live generation say that it was built for an older state of the models, with other numbers for its fields."""
    file = index.store.live_generation() / "LAYOUT"
    known = json.loads(file.read_text()) | {"version": "older"} | changes
    file.write_text(json.dumps(known))
    # As another process would see it.
    index.store._numbering = index.store._view = None


@pytest.fixture
def asked_for(monkeypatch):
    """The rebuilds that were left to a worker; none is done."""
    found = []
    monkeypatch.setattr(tasks, "rebuild_index", SimpleNamespace(enqueue=found.append))
    return found


def test_an_outdated_index_serves_and_one_rebuild_is_asked_for(add_article, index, asked_for):
    add_article("Kota cerdas Binjai")
    make_older(index)

    for _ in range(3):
        assert [page.title for page in Page.objects.search("cerdas")] == ["Kota cerdas Binjai"]
    assert asked_for == ["wagtailcore.Page"]


def test_it_is_rebuilt_by_itself(add_article, index):
    add_article("Kota cerdas Binjai")
    make_older(index)

    assert Page.objects.search("cerdas").count() == 1
    # The worker, immediate in tests, has rebuilt it.
    assert index.store.version() == index.newest_layout.numbering.version
    assert not (index.store.path / "OUTDATED").exists()
    assert Page.objects.search("cerdas").count() == 1


def test_an_index_of_the_present_models_is_left_alone(add_article, index, asked_for):
    add_article("Kota cerdas Binjai")

    assert Page.objects.search("cerdas").count() == 1
    assert asked_for == []


def test_filters_hold_although_fields_have_other_numbers(add_article, index, asked_for):
    filters = index.newest_layout.filters
    renumbered = {path: len(filters) - 1 - number for path, number in filters.items()}
    make_older(index, filters=renumbered)
    shown, hidden = add_article("Laporan terbuka"), add_article("Laporan tertutup", live=False)

    assert {page.pk for page in Page.objects.filter(live=True).search("laporan")} == {shown.pk}
    assert {page.pk for page in Page.objects.filter(live=False).search("laporan")} == {hidden.pk}


def test_a_filter_that_the_index_does_not_know_is_left_to_the_database(add_article, index, asked_for):
    shown = add_article("Laporan terbuka")
    add_article("Laporan tertutup", live=False)
    known = {path: number for path, number in index.newest_layout.filters.items() if path != "live"}
    make_older(index, filters={**known, "elsewhere": index.newest_layout.filters["live"]})

    found = ArticlePage.objects.filter(live=True).search("laporan")
    assert [page.pk for page in found] == [shown.pk]
    assert found.count() == 1


def test_a_rebuild_that_never_came_is_asked_for_again(add_article, index, asked_for, monkeypatch):
    add_article("Kota cerdas Binjai")
    make_older(index)
    health.report_outdated(index)
    health.report_outdated(index)
    assert len(asked_for) == 1

    monkeypatch.setattr("knowledge_hub.search.engine.index.REMIND_AFTER", -1.0)
    health.report_outdated(index)
    assert len(asked_for) == 2
