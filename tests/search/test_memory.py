"""MEMORY_MB limits what an index keeps in memory."""

from random import Random

import pytest

from knowledge_hub.search.backend import DEFAULT_MEMORY_MB
from knowledge_hub.search.engine.cache import ByteCache
from knowledge_hub.search.engine.index import MEGABYTE


def test_the_least_recently_used_entries_are_evicted():
    cache = ByteCache(10_000)
    for key in "abc":
        cache.put(key, key.upper(), 2_000)
    assert cache.get("a") == "A"

    cache.put("d", "D", 2_000)
    cache.put("e", "E", 2_000)

    assert [cache.get(key) for key in "abcde"] == ["A", None, "C", "D", "E"]


def test_the_cache_never_exceeds_its_limit():
    dice, cache = Random(5), ByteCache(50_000)

    for number in range(2_000):
        cache.put(dice.randrange(300), number, dice.choice([10, 500, 5_000, 12_000, 40_000, 10**9]))
        assert cache.size <= cache.limit
        assert cache.size == sum(size for _, size in cache._entries.values())


@pytest.mark.django_db
def test_memory_mb_limits_all_caches_of_a_store(add_article, index, settings):
    for number in range(20):
        add_article(f"Layanan warga nomor {number}")
    limit = settings.WAGTAILSEARCH_BACKENDS["default"].get("MEMORY_MB", DEFAULT_MEMORY_MB) * MEGABYTE
    searcher = index.store.searcher()

    for number in range(20):
        for segment in searcher.segments:
            segment.postings("raw", str(number))

    caches = {id(cache): cache for cache in (searcher._hits, searcher._masks, *(segment._memory for segment in searcher.segments))}
    assert sum(cache.limit for cache in caches.values()) <= limit
    assert any(cache.size for cache in caches.values())
