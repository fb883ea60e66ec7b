"""Our engine alone against FTS5 and tantivy on one number of documents: results that must be equal, then times."""

import gc
import resource
import shutil
import tempfile
import time
from pathlib import Path

from bench.search.corpus import Document, documents, questions
from bench.search.engines import BareWhoosh, Ours, contestants
from bench.search.timing import Times, in_turns, rates, time_each
from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.cache import ByteCache
from knowledge_hub.search.words.analysis import stem

# Kind of question: the most that ours may take as multiples of FTS5 and of tantivy, at 10,000 documents.
BARS = {
    "one word": (0.5, 8),
    "two words": (0.5, 5),
    "phrase": (0.7, 7),
    "autocomplete": (0.5, 0.3),
    "ten and two facets": (0.1, 3),
    "ten excerpts": (1.5, 2),
}
METHODS = {
    "one word": ("one", "one"),
    "common word": ("one", "common"),
    "two words": ("two", "two"),
    "phrase": ("phrase", "phrases"),
    "autocomplete": ("beginning", "prefixes"),
    "ten and two facets": ("facets", "common"),
    "ten excerpts": ("excerpts", "one"),
}
COLD = 11.7
"""A term that was never asked for, 95th percentile × FTS5's median for one word, at 100,000; at most."""
VISIBLE = 4.8
"""An update until it is visible, median × a bare Whoosh commit, at 10,000; at most."""
BUILD = 0.16
"""Documents per CPU second × FTS5's, at 10,000; at least."""
BARE = BareWhoosh.name
UPDATES = 20


def run(count: int, rounds: int, directory: Path, *, keep: bool) -> dict:
    """Build, check, measure.

    Args:
        count: how many documents.
        rounds: how many counted rounds.
        directory: where the indexes are written; those that are there already are used with ``keep``.
        keep: use what an earlier run with ``keep`` built, and leave it there.

    Returns:
        What was measured, by name.
    """
    texts = documents(count)
    asked = questions(texts)
    build = {}
    done = directory / "built"
    fresh = not (keep and done.exists())
    if fresh:
        shutil.rmtree(directory, ignore_errors=True)
    engines = contestants(directory)
    if fresh:
        for engine in engines:
            build[engine.name] = rates(count, lambda engine=engine: engine.build(texts))
        done.touch()
    _check_equal(engines, asked)
    gc.collect()
    gc.freeze()
    times = {}
    for kind, (method, wanted) in METHODS.items():
        calls = {engine.name: getattr(engine, method) for engine in engines}
        if kind in ("one word", "two words", "common word"):
            calls["ours, Indonesian"] = _indonesian(engines[0], method)
        times[kind] = in_turns(calls, getattr(asked, wanted), rounds)
    found = {"build": build, "times": times, "cold": _cold(engines[0], asked)}
    found["update"] = _updates(engines, texts, directory)
    found["megabytes"] = {engine.name: _size(directory / part) for engine, part in zip(engines, ("ours", "fts5", "tantivy"), strict=False)}
    found["rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def _indonesian(engine: Ours, method: str):
    """The same question as the backend compiles it: the stem, with a bonus for the word as typed."""

    def word(typed):
        return plan.AnyOf((plan.Term("stem_id", stem(typed, "id")), plan.Term("raw", typed, plan.EXACT_BOOST)))

    if method == "one":
        return lambda typed: engine._find(word(typed))
    return lambda typed: engine._find(plan.AllOf(tuple(map(word, typed))))


def _check_equal(engines, asked) -> None:
    """Each question must find as many documents in every engine, and count the same facets."""
    ours, fts, *others = engines
    wanted = {
        "one": (asked.one + asked.common, lambda q: f'"{q}"'),
        "two": (asked.two, lambda q: " ".join(f'"{word}"' for word in q)),
        "phrase": (asked.phrases, lambda q: f'"{" ".join(q)}"'),
        "beginning": (asked.prefixes, lambda q: f'title : "{q}" *'),
    }
    for method, (asked_for, as_match) in wanted.items():
        for question in asked_for:
            count = getattr(ours, method)(question)[1]
            assert count == fts.count(as_match(question)), (method, question, count, fts.count(as_match(question)))
            for other in others:
                assert count == getattr(other, method)(question)[1], (method, question, count, other.name)
    for word in asked.common[:20]:
        counts = [engine.plain(engine.facets(word)[1]) for engine in engines]
        assert all(one == counts[0] for one in counts), word


def _cold(engine: Ours, asked) -> Times:
    """Milliseconds to decode terms that were never asked for: frequent and rare, as typed and stemmed."""
    spent = []
    words = dict.fromkeys([*asked.one, *asked.common, *(word for pair in asked.two for word in pair)])
    for segment in engine.searcher().segments:
        kept, segment._memory = segment._memory, ByteCache(0)
        for word in words:
            for name, term in (("raw", word), ("stem_id", stem(word, "id"))):
                before = time.perf_counter()
                segment.postings(name, term)
                spent.append(1000 * (time.perf_counter() - before))
        segment._memory = kept
    return Times([spent])


def _updates(engines, texts: list[Document], directory: Path) -> dict[str, Times]:
    """Milliseconds until a changed document is found by a word that only it has, and of a bare Whoosh commit of the same text."""
    found = {name: Times([[]]) for name in (*(engine.name for engine in engines), BARE)}
    with tempfile.TemporaryDirectory(prefix="bare-", dir=directory) as beside:
        bare = BareWhoosh(Path(beside))
        for number in range(UPDATES):
            old = texts[number * (len(texts) // UPDATES)]
            word = f"perubahan{number}"
            new = Document(old.number, old.title, f"{old.body} {word}", old.category, old.year)
            for engine in engines:
                before = time.perf_counter()
                hits, _ = engine.update(new, word)
                found[engine.name].rounds[0].append(1000 * (time.perf_counter() - before))
                assert len(hits) == 1, (engine.name, word, hits)
            found[BARE].rounds[0] += time_each(bare.add, [new])
    return found


def _size(directory: Path) -> float:
    return sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()) / 2**20
