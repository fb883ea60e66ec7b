"""Whole backends as a view calls them, with model instances as results: ours and the one that comes with Wagtail for the database."""

import gc
import tempfile
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench import queries
from bench.search.corpus import documents, questions
from bench.search.engines import Fts5
from bench.search.timing import in_turns, rates
from knowledge_hub.search.engine.cache import ByteCache

TOP = 10
SQL = "its SQL alone"
WAGTAIL = "Wagtail"
# Kind of question: how many times as long as its SQL alone ours may take, and how many times as long as ours Wagtail's backend for
# PostgreSQL must take, at 10,000 entries. The database orders "everything, by year" itself, which has no bar.
BARS = {
    "one word": (9.3, 50),
    "two words": (9.3, 50),
    "phrase": (23, 20),
    "autocomplete": (9.3, 4),
    "ten, count and two facets": (9.3, 50),
    "one word, two filters": (9.3, None),
    "ten excerpts": (9.3, None),
    "one of two words": (9.3, None),
    "one word without another": (9.3, None),
    "a word with two wrong letters": (9.3, None),
}
BUILD = 0.08
"""Entries per CPU second of a rebuild × documents per CPU second of FTS5; at least."""


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
    names = {"ours": "default", WAGTAIL: "database"}
    build = {}
    for shown, name in names.items():
        build[shown] = rates(count, lambda name=name: call_command("rebuild_modelsearch_index", backend_name=name, verbosity=0))
    with tempfile.TemporaryDirectory(prefix="bench-fts5-") as directory:
        build["FTS5"] = rates(count, lambda: Fts5(Path(directory)).build(texts))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    asked = questions(texts)
    gc.collect()
    gc.freeze()
    times = {}
    few = count > 2000
    for kind, (ask, wanted, ours_only) in _questions(Entry, asked).items():
        chosen = wanted[:20] if few else wanted[:10]
        calls = {shown: _call(ask, name) for shown, name in names.items() if not (ours_only and name != "default")}
        calls[SQL] = _sql_alone(calls["ours"], chosen)
        times[kind] = in_turns(calls, chosen, rounds)
    return {"build": build, "times": times}


def _sql_alone(ask, wanted: list):
    """The floor of a question: the SQL that our backend sends for it, without the backend."""
    sent = {question: queries.sent_by(lambda question=question: ask(question)) for question in wanted}
    return lambda question: queries.fetch(sent[question])


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
