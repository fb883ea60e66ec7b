"""The engines that are compared, behind one face: our own, SQLite's FTS5 and tantivy. All index the words as they are typed."""

import importlib.util
import os
import sqlite3
from pathlib import Path

from whoosh import fields
from whoosh import index as whoosh_index

from bench.search.corpus import Document
from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.cache import ByteCache
from knowledge_hub.search.engine.index import MEGABYTE, Generation, Store
from knowledge_hub.search.engine.schema import DocumentText, Layout, Numbering, PreparedDocument
from knowledge_hub.search.page.excerpts import Highlighter

TOP = 10
CHUNK = 500


class BenchLayout(Layout):
    """Title, body and two filter fields, without a database."""

    def __init__(self):
        self.name = "bench"
        self.numbering = Numbering("bench", {"category": 0, "year": 1}, {"body": 0, "title": 1}, {"title": 0})

    def document(self, obj: Document) -> PreparedDocument:
        """What is indexed of one text."""
        text = DocumentText("id")
        text.add(1, obj.title, 1.0, stored=False)
        text.add(0, obj.body, 1.0, stored=True)
        text.add_prefixes(0, obj.title)
        return PreparedDocument(str(obj.number), ["bench.entry"], [f"s{obj.category}", f"s{obj.year}"], text)


class Ours:
    """Our engine: decoded postings stay in memory, as they do in a served process; results of earlier questions don't."""

    name = "ours"

    def __init__(self, path: Path, *, memory_mb: int = 128):
        self.layout = BenchLayout()
        self.store = Store(path, memory_mb * MEGABYTE)
        self._searcher = None

    def build(self, texts: list[Document]) -> None:
        generation = Generation(self.store, self.layout)
        for start in range(0, len(texts), CHUNK):
            generation.add({str(text.number): self.layout.document(text) for text in texts[start : start + CHUNK]})
        generation.finish()

    def searcher(self):
        """The newest searcher, whose results are computed anew each time."""
        searcher = self.store.searcher()
        if searcher is not self._searcher:
            searcher._hits = ByteCache(0)
            self._searcher = searcher
        return searcher

    def _top(self, searcher, hits):
        return searcher.keys(hits.docs[searcher.best(hits, 0, TOP)])

    def _find(self, node):
        searcher = self.searcher()
        hits = searcher.find(node)
        return self._top(searcher, hits), len(hits)

    def one(self, word):
        return self._find(plan.Term("raw", word))

    def two(self, words):
        return self._find(plan.AllOf(tuple(plan.Term("raw", word) for word in words)))

    def phrase(self, words):
        return self._find(plan.Phrase(words))

    def beginning(self, letters):
        return self._find(plan.Term("ac", letters))

    def facets(self, word):
        searcher = self.searcher()
        hits = searcher.find(plan.Term("raw", word))
        return self._top(searcher, hits), (dict(searcher.facet(hits, 0)), dict(searcher.facet(hits, 1)))

    def excerpts(self, word):
        searcher = self.searcher()
        hits = searcher.find(plan.Term("raw", word))
        marker = Highlighter(word, "id")
        return [str(marker.excerpt(searcher.text(doc))) for doc in hits.docs[searcher.best(hits, 0, TOP)]], None

    def update(self, text: Document, word: str):
        with self.store.lock():
            self.store.write({str(text.number): self.layout.document(text)})
        return self.one(word)

    def plain(self, counts):
        """Facet counts without the mark of their kind."""
        return tuple({value[1:]: count for value, count in part.items()} for part in counts)


class Fts5:
    """SQLite's FTS5: write-ahead log, memory-mapped, index of prefixes, BM25."""

    name = "FTS5"

    def __init__(self, path: Path):
        path.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path / "fts.sqlite3", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "mmap_size=2000000000", "cache_size=-65536"):
            self.connection.execute(f"PRAGMA {pragma}")

    def build(self, texts: list[Document]) -> None:
        run = self.connection.execute
        run("CREATE TABLE values_of (id INTEGER PRIMARY KEY, category TEXT, year TEXT)")
        run("CREATE VIRTUAL TABLE texts USING fts5(body, title, tokenize='unicode61', prefix='2 3 4')")
        for start in range(0, len(texts), CHUNK):
            run("BEGIN")
            part = texts[start : start + CHUNK]
            self.connection.executemany("INSERT INTO values_of VALUES (?, ?, ?)", [(t.number, t.category, t.year) for t in part])
            self.connection.executemany(
                "INSERT INTO texts(rowid, body, title) VALUES (?, ?, ?)", [(t.number, t.body, t.title) for t in part]
            )
            run("COMMIT")
        run("INSERT INTO texts(texts) VALUES ('optimize')")
        run("PRAGMA wal_checkpoint(TRUNCATE)")

    def _match(self, query):
        rows = self.connection.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 10", (query,)).fetchall()
        return [row[0] for row in rows], None

    def count(self, query) -> int:
        """How many rows match, asked apart: a list of results doesn't say it."""
        return self.connection.execute("SELECT count(*) FROM texts WHERE texts MATCH ?", (query,)).fetchone()[0]

    def one(self, word):
        return self._match(f'"{word}"')

    def two(self, words):
        return self._match(" ".join(f'"{word}"' for word in words))

    def phrase(self, words):
        return self._match(f'"{" ".join(words)}"')

    def beginning(self, letters):
        return self._match(f'title : "{letters}" *')

    def facets(self, word):
        rows, _ = self.one(word)
        counts = []
        for column in ("category", "year"):
            sql = f"SELECT {column}, count(*) FROM values_of WHERE id IN (SELECT rowid FROM texts WHERE texts MATCH ?) GROUP BY 1"  # noqa: S608 -- two fixed names
            counts.append(dict(self.connection.execute(sql, (f'"{word}"',)).fetchall()))
        return rows, tuple(counts)

    def excerpts(self, word):
        sql = "SELECT snippet(texts, 0, '<mark>', '</mark>', '…', 30) FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 10"
        return [row[0] for row in self.connection.execute(sql, (f'"{word}"',)).fetchall()], None

    def update(self, text: Document, word: str):
        self.connection.execute("BEGIN")
        self.connection.execute("DELETE FROM texts WHERE rowid = ?", (text.number,))
        self.connection.execute("INSERT INTO texts(rowid, body, title) VALUES (?, ?, ?)", (text.number, text.body, text.title))
        self.connection.execute("COMMIT")
        return self.one(word)

    def plain(self, counts):
        return counts


class Tantivy:
    """tantivy through its own Python package."""

    name = "tantivy"

    def __init__(self, path: Path):
        import tantivy

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=False, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("body", stored=True)
        builder.add_text_field("title", stored=False)
        builder.add_text_field("category", fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("year", fast=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        path.mkdir(parents=True, exist_ok=True)
        self.index = tantivy.Index(self.schema, path=str(path))
        self._open()

    def _open(self):
        self.index.reload()
        self.searcher = self.index.searcher()

    def _document(self, text: Document):
        return self.tantivy.Document(
            key=[str(text.number)], body=[text.body], title=[text.title], category=[text.category], year=[text.year]
        )

    def build(self, texts: list[Document]) -> None:
        writer = self.index.writer(heap_size=256_000_000, num_threads=1)
        for text in texts:
            writer.add_document(self._document(text))
        writer.commit()
        writer.wait_merging_threads()
        self._open()

    def _word(self, word):
        query, occur = self.tantivy.Query, self.tantivy.Occur
        return query.boolean_query([(occur.Should, query.term_query(self.schema, name, word)) for name in ("body", "title")])

    def _search(self, query):
        found = self.searcher.search(query, TOP, count=True)
        return found.hits, found.count

    def one(self, word):
        return self._search(self._word(word))

    def two(self, words):
        return self._search(self.tantivy.Query.boolean_query([(self.tantivy.Occur.Must, self._word(word)) for word in words]))

    def phrase(self, words):
        query, occur = self.tantivy.Query, self.tantivy.Occur
        return self._search(
            query.boolean_query([(occur.Should, query.phrase_query(self.schema, name, list(words))) for name in ("body", "title")])
        )

    def beginning(self, letters):
        return self._search(self.tantivy.Query.regex_query(self.schema, "title", f"{letters}.*"))

    def facets(self, word):
        query = self._word(word)
        hits, _ = self._search(query)
        wanted = {name: {"terms": {"field": name, "size": 50}} for name in ("category", "year")}
        return hits, self.searcher.aggregate(query, wanted)

    def excerpts(self, word):
        query = self._word(word)
        hits, _ = self._search(query)
        generator = self.tantivy.SnippetGenerator.create(self.searcher, query, self.schema, "body")
        generator.set_max_num_chars(220)
        return [generator.snippet_from_doc(self.searcher.doc(address)).to_html() for _, address in hits], None

    def update(self, text: Document, word: str):
        writer = self.index.writer(heap_size=15_000_000, num_threads=1)
        writer.delete_documents_by_term("key", str(text.number))
        writer.add_document(self._document(text))
        writer.commit()
        writer.wait_merging_threads()
        self._open()
        return self.one(word)

    def plain(self, counts):
        return tuple({bucket["key"]: bucket["doc_count"] for bucket in counts[name]["buckets"]} for name in ("category", "year"))


class BareWhoosh:
    """The floor of an update: Whoosh as it comes writes one text as a segment, and all that it wrote is forced to disk."""

    name = "a bare Whoosh commit"

    def __init__(self, path: Path):
        self.path = path
        schema = fields.Schema(key=fields.ID(stored=True), title=fields.TEXT, body=fields.TEXT(stored=True))
        self.index = whoosh_index.create_in(path, schema)

    def add(self, text: Document) -> None:
        """Write and commit one text."""
        there = set(self.path.iterdir())
        writer = self.index.writer()
        writer.add_document(key=str(text.number), title=text.title, body=text.body)
        writer.commit(merge=False)
        for path in [*(set(self.path.iterdir()) - there), self.path]:
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def contestants(path: Path) -> list:
    """The engines that are installed, ours first."""
    found = [Ours(path / "ours"), Fts5(path / "fts5")]
    if importlib.util.find_spec("tantivy"):
        found.append(Tantivy(path / "tantivy"))
    return found
