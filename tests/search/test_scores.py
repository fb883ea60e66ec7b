"""Our array-based search finds and scores the same as Whoosh's own searcher on the same index."""

import random

import pytest
from whoosh import query, scoring
from whoosh.index import FileIndex

from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.index import MEGABYTE, Generation, Store
from knowledge_hub.search.engine.schema import DocumentText, Layout, Numbering, PreparedDocument
from knowledge_hub.search.engine.storage import DurableStorage

WORDS = [f"kata{number}" for number in range(40)]


class TextLayout(Layout):
    """A layout for plain texts, to write an index without a database."""

    def __init__(self):
        self.numbering = Numbering("test", {"n": 0}, {"text": 0}, {})

    def write(self, number: int, text: str) -> PreparedDocument:
        """The document of one text, to be indexed."""
        found = DocumentText("id")
        found.add(0, text, 1.0 + number % 3, stored=True)
        return PreparedDocument(str(number), [], [""], found)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A store with three segments and deleted documents, and a Whoosh searcher on the same files."""
    chosen = random.Random(7)
    layout = TextLayout()

    def documents(numbers):
        return {str(n): layout.write(n, " ".join(chosen.choices(WORDS, range(40, 0, -1), k=chosen.randint(1, 60)))) for n in numbers}

    store = Store(tmp_path_factory.mktemp("scores"), 32 * MEGABYTE)
    generation = Generation(store, layout)
    generation.add(documents(range(300)))
    generation.finish()
    store.write(documents(range(280, 330)), ["3", "5"])
    store.write(documents([1, 2, 400]))
    index = FileIndex(DurableStorage(store.live_generation()))
    with index.searcher(weighting=scoring.BM25F()) as whoosh_searcher:
        yield store.searcher(), whoosh_searcher


def ours(searcher, node):
    hits = searcher.find(node)
    return dict(zip(hits.docs.tolist(), hits.scores.tolist(), strict=True))


def theirs(searcher, wanted):
    return {hit.docnum: hit.score for hit in searcher.search(wanted, limit=None)}


@pytest.mark.parametrize("seed", range(25))
def test_random_queries_find_and_score_the_same(opened, seed):
    searcher, whoosh_searcher = opened
    chosen = random.Random(seed)
    typed = chosen.sample(WORDS, chosen.randint(1, 4))
    field = chosen.choice(["raw", "stem_id"])

    for join, whoosh_join in ((plan.AnyOf, query.Or), (plan.AllOf, query.And)):
        mine = ours(searcher, join(tuple(plan.Term(field, word) for word in typed)))
        assert mine == pytest.approx(theirs(whoosh_searcher, whoosh_join([query.Term(field, word) for word in typed])), rel=1e-6)


@pytest.mark.parametrize("seed", range(25))
def test_random_phrases_find_the_same(opened, seed):
    searcher, whoosh_searcher = opened
    typed = random.Random(seed).choices(WORDS[:12], k=2)

    assert set(ours(searcher, plan.Phrase(tuple(typed)))) == set(theirs(whoosh_searcher, query.Phrase("raw", typed)))


def test_pages_of_results_are_sorted_and_complete(opened):
    searcher, _ = opened
    hits = searcher.find(plan.Term("raw", "kata0"))
    paged = [place for start in range(0, len(hits), 7) for place in searcher.best(hits, start, start + 7).tolist()]

    assert paged == searcher.best(hits, 0, None).tolist()
    assert sorted(paged) == list(range(len(hits)))
    assert hits.scores[paged].tolist() == sorted(hits.scores.tolist(), reverse=True)
