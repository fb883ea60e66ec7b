"""The number of terms that are read from the index is limited for any query."""

import random

import pytest
from modelsearch.query import And, Fuzzy, Or, Phrase, PlainText
from wagtail.models import Page

from knowledge_hub.search import query_compiler as compiler
from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.index import MEGABYTE, Generation, Store
from knowledge_hub.search.engine.segment import Segment
from knowledge_hub.search.words import synonyms
from knowledge_hub.search.words.query_parser import parse
from tests.search.test_scores import TextLayout

MOST_WORDS = 50
MOST_EXPANSIONS = 1000
# A word is looked up as typed and as a stem in each of two languages.
FORMS = 3
# More words than may be read, all within two letters of "kunjungan".
LETTERS = "abcdefghijklmnopqrstuvwxyz"
NEAR = [f"kunjung{one}{other}" for one in LETTERS for other in LETTERS] + [f"ku{one}jung{other}n" for one in LETTERS for other in LETTERS]
TYPED = [f"kunjunga{letter}" for letter in LETTERS]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    """A searcher of an index that contains many similar words."""
    layout, store = TextLayout(), Store(tmp_path_factory.mktemp("bounded"), 32 * MEGABYTE)
    generation = Generation(store, layout)
    generation.add({str(number): layout.write(number, " ".join(NEAR[number::40])) for number in range(40)})
    generation.finish()
    return store.searcher()


@pytest.fixture
def reads(monkeypatch):
    """The set of terms that were read from the index."""
    seen = set()
    original = Segment.postings

    def counting(segment, field, term):
        seen.add((field, term))
        return original(segment, field, term)

    monkeypatch.setattr(Segment, "postings", counting)
    return seen


def planned(query):
    """The plan of a query for pages."""
    from modelsearch.backends import get_search_backend

    backend = get_search_backend()
    made = compiler.QueryCompiler(Page.objects.all(), query)
    return made.build(backend.get_index_for_model(Page).newest_layout)[0]


def nodes(node):
    """A node of a plan and all nodes below it."""
    yield node
    for part in getattr(node, "parts", ()):
        yield from nodes(part)
    if isinstance(node, plan.Not):
        yield from nodes(node.part)


QUERIES = {
    "a fuzzy query of many words": lambda: Fuzzy(" ".join(TYPED)),
    "many fuzzy queries": lambda: Or([Fuzzy(word) for word in TYPED * 20]),
    "ten thousand characters": lambda: PlainText(" ".join(f"kata{number}" for number in range(1200))),
    "a thousand words in a thousand queries": lambda: And([PlainText(f"kata{number}") for number in range(1000)]),
    "a thousand phrases": lambda: Or([Phrase(f"kata{number} kota{number}") for number in range(1000)]),
    "a long phrase": lambda: Phrase(" ".join(f"kata{number}" for number in range(1200))),
    "a thousand wildcards": lambda: parse("* kunjung* ?a " * 1000),
    "signs": lambda: parse("".join(random.Random(1).choices('*?"-:()[]{}~^\\ab ', k=10_000))),
}


@pytest.mark.django_db
@pytest.mark.parametrize("make", QUERIES.values(), ids=QUERIES.keys())
def test_few_terms_are_read(searcher, reads, make):
    searcher.find(planned(make()))

    assert len(reads) <= MOST_WORDS * FORMS + MOST_EXPANSIONS


@pytest.mark.django_db
def test_without_its_limit_similar_words_are_unbounded(searcher, reads, monkeypatch):
    query = Or([Fuzzy(word) for word in TYPED])
    searcher.find(planned(query))
    bounded = len(reads)
    for name in ("MAX_EXPANSIONS", "MAX_SIMILAR"):
        monkeypatch.setattr(compiler, name, 10**6)
    monkeypatch.setattr(compiler, "MAX_SIMILAR_WORDS", 5000)
    searcher.find(planned(query))

    assert bounded <= MOST_WORDS * FORMS + MOST_EXPANSIONS < len(reads)


@pytest.mark.django_db
def test_without_its_limit_query_words_are_unbounded(monkeypatch):
    query = PlainText(" ".join(f"kata{number}" for number in range(1200)))
    words = {node.text for node in nodes(planned(query)) if isinstance(node, plan.Term) and node.field == "raw"}
    monkeypatch.setattr(compiler, "MAX_WORDS", 10**6)
    unbounded = {node.text for node in nodes(planned(query)) if isinstance(node, plan.Term) and node.field == "raw"}

    assert len(words) == MOST_WORDS
    assert len(unbounded) == 1200


@pytest.mark.django_db
def test_synonyms_count_as_expansions(monkeypatch):
    many = {f"kata{number}": [((f"kata{number}",), tuple((f"lain{number}x{other}",) for other in range(40)))] for number in range(50)}
    monkeypatch.setattr(synonyms, "_groups", lambda: many)
    found = [node for node in nodes(planned(PlainText(" ".join(many)))) if isinstance(node, plan.Term) and node.field == "raw"]

    assert MOST_EXPANSIONS <= len(found) <= MOST_EXPANSIONS + MOST_WORDS
