"""Whole backends as a view calls them, with model instances as results: ours and the one that comes with Wagtail for the database."""

import gc
import time

from django.core.management import call_command
from django.db import connection

from bench.search.corpus import documents, questions
from bench.search.timing import in_turns
from knowledge_hub.search.engine.cache import ByteCache

TOP = 10
# Kind of question: the most milliseconds for ours, and how many times as long PostgreSQL's backend must take, at 10,000 entries.
BARS = {
    "one word": (2, 50),
    "two words": (2, 50),
    "phrase": (5, 20),
    "autocomplete": (2, 4),
    "ten, count and two facets": (2, 50),
    "one word, two filters": (2, None),
    "ten excerpts": (2, None),
    "one of two words": (2, None),
    "one word without another": (2, None),
    "a word with two wrong letters": (2, None),
    # The database's own ORDER BY takes longer than 2 ms.
    "everything, by year": (None, None),
}
BUILD_RATE = 400


def run(count: int, rounds: int) -> dict:
    """Fill the database and both backends with so many entries and measure.

    Returns:
        Documents per second of each rebuild, and the times of each kind of question.
    """
    from bench.search.models import Entry

    call_command("migrate", verbosity=0, run_syncdb=True)
    texts = documents(count)
    Entry.objects.bulk_create(
        [Entry(pk=text.number, title=text.title, body=text.body, category=text.category, year=text.year) for text in texts], batch_size=500
    )
    names = {"ours": "default", f"Wagtail on {connection.vendor}": "database"}
    build = {}
    for shown, name in names.items():
        wall, cpu = time.perf_counter(), time.process_time()
        call_command("rebuild_modelsearch_index", backend_name=name, verbosity=0)
        build[shown] = (count / (time.perf_counter() - wall), count / (time.process_time() - cpu))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    asked = questions(texts)
    gc.collect()
    gc.freeze()
    times = {}
    few = count > 2000
    for kind, (ask, wanted, ours_only) in _questions(Entry, asked).items():
        calls = {shown: _call(ask, name) for shown, name in names.items() if not (ours_only and name != "default")}
        times[kind] = in_turns(calls, wanted[:20] if few else wanted[:10], rounds)
    return {"build": build, "times": times}


def _call(ask, name: str):
    from modelsearch.backends import get_search_backend

    from bench.search.models import Entry

    backend = get_search_backend(name)
    if name == "default":
        # Results are worked out anew each time; only decoded postings and filters stay in memory.
        backend.get_index_for_model(Entry).store.searcher()._hits = ByteCache(0)
    return lambda question: ask(backend, question)


def _questions(entry, asked) -> dict:
    from modelsearch.query import MATCH_ALL, Fuzzy, Phrase, PlainText

    from knowledge_hub.search.page.excerpts import Highlighter

    everything = entry.objects.all()
    misspelt = [f"{word[1]}{word[0]}{word[2:-1]}q" for word in asked.one if len(word) > 5]

    def facets(backend, word):
        results = backend.search(word, everything)
        return list(results[:TOP]), results.count(), results.facet("category"), results.facet("year")

    def excerpts(backend, word):
        marker = Highlighter(word, "id")
        found = list(backend.search(word, everything)[:TOP])
        return [marker.excerpt(one.search_document.texts()) for one in found]

    def filtered(backend, word):
        return list(backend.search(word, entry.objects.filter(category="bidang0", year__in=["2018", "2019", "2020"]))[:TOP])

    def without(backend, pair):
        return list(backend.search(PlainText(pair[0]) & ~PlainText(pair[1]), everything)[:TOP])

    def by_year(backend, word):
        return list(backend.search(MATCH_ALL, entry.objects.filter(category="bidang0").order_by("year"), order_by_relevance=False)[:TOP])

    return {
        "one word": (lambda backend, word: list(backend.search(word, everything)[:TOP]), asked.one, False),
        "two words": (lambda backend, pair: list(backend.search(" ".join(pair), everything, operator="and")[:TOP]), asked.two, False),
        "phrase": (lambda backend, pair: list(backend.search(Phrase(" ".join(pair)), everything)[:TOP]), asked.phrases, False),
        "autocomplete": (lambda backend, letters: list(backend.autocomplete(letters, everything)[:TOP]), asked.prefixes, False),
        "ten, count and two facets": (facets, asked.common, False),
        "one word, two filters": (filtered, asked.common, False),
        "ten excerpts": (excerpts, asked.one, True),
        "one of two words": (lambda backend, pair: list(backend.search(" ".join(pair), everything, operator="or")[:TOP]), asked.two, False),
        "one word without another": (without, asked.two, False),
        "a word with two wrong letters": (lambda backend, word: list(backend.search(Fuzzy(word), everything)[:TOP]), misspelt, True),
        "everything, by year": (by_year, asked.one, False),
    }
