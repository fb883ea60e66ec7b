"""Reading one segment: what Whoosh wrote, decoded once into arrays.

Whoosh's own readers are used for what they are good at (finding a term's postings on disk); what they decode is kept as arrays, because
segments never change. A segment is shared by all threads: decoding takes a lock (Whoosh's file cursor is not safe), reading arrays
does not.
"""

import threading
import weakref

import numpy as np
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, WHOOSH3_HEADER_MAGIC
from whoosh.reading import TermNotFound

from knowledge_hub.search.cache import ByteCache
from knowledge_hub.search.schema import PATH_SEPARATOR, TEXT_SEPARATOR
from knowledge_hub.search.values import VALUE_SEPARATOR


class Postings:
    """What one segment knows of one term: documents, weights, and the values as one run of bytes with their lengths."""

    __slots__ = ("docs", "values", "weights")

    def __init__(self, docs, weights, values):
        self.docs = docs
        self.weights = weights
        self.values = values

    @property
    def nbytes(self) -> int:
        """Memory of the arrays in bytes."""
        own = 0 if self.values is None else sum(part.nbytes for part in self.values)
        return self.docs.nbytes + self.weights.nbytes + own


class Segment:
    """One immutable segment: its reader, and what was decoded from it so far."""

    def __init__(self, reader, memory: ByteCache):
        self.reader = reader
        self.id = reader.segment().segment_id()
        self.count = reader.doc_count_all()
        self._memory = memory
        self._lock = threading.Lock()
        self._lengths: dict[str, np.ndarray] = {}
        self._columns: dict[int, Column] = {}
        self._words: dict[str, int] | None = None
        self._cells: list[bytes] | None = None
        self.keys = [key.decode() for key in self._column("column_key")]
        self._texts = reader.column_reader("column_text") if self.count else None
        # When the last view that uses the segment is gone, its files are closed.
        weakref.finalize(self, reader.close)

    def frequency(self, field: str, term: str) -> int:
        """In how many documents a term occurs, deleted ones included (as Whoosh counts)."""
        with self._lock:
            try:
                return self.reader.doc_frequency(field, term)
            except TermNotFound:
                return 0

    def postings(self, field: str, term: str) -> Postings | None:
        """The decoded postings of a term, None if the segment doesn't have it."""
        key = (self.id, field, term)
        found = self._memory.get(key)
        if found is None:
            with self._lock:
                found = _decode(self.reader, field, term)
            self._memory.put(key, found, found.nbytes if found else 64)
        return found or None

    def lengths(self, field: str) -> np.ndarray:
        """The length of a field in words for each document, as exactly as Whoosh keeps it (one byte)."""
        found = self._lengths.get(field)
        if found is None:
            with self._lock:
                column = self.reader._perdoc._cached_reader(f"_{field}_len", LENGTHS_COLUMN)
                raw = np.zeros(self.count, dtype=np.uint8) if column is None else np.fromiter(column, np.uint8, self.count)
            found = self._lengths[field] = raw
        return found

    def column(self, number: int) -> "Column":
        """The values of one filter field."""
        found = self._columns.get(number)
        if found is None:
            if self._cells is None:
                self._cells = self._column("column_filters")
            found = self._columns[number] = Column(self._cells, number)
        return found

    def text(self, doc: int) -> list[str]:
        """The stored text of a document, one entry per field value."""
        with self._lock:
            stored = bytes(self._texts[doc])
        return stored.decode("utf-8", "replace").split(TEXT_SEPARATOR)

    def words(self) -> dict[str, int]:
        """Every word of the segment as typed, with the number of its documents."""
        if self._words is None:
            with self._lock:
                self._words = (
                    {
                        term.decode("utf-8", "replace"): info.doc_frequency()
                        for (name, term), info in self.reader.iter_from("raw", "")
                        if name == "raw"
                    }
                    if self.count
                    else {}
                )
        return self._words

    def _column(self, name: str) -> list[bytes]:
        if not self.count:
            return []
        with self._lock:
            return [bytes(value) for value in self.reader.column_reader(name)]


def alive_documents(info) -> np.ndarray | None:
    """Which documents of a segment are not deleted, None if all are there; deletions belong to a generation, not to the segment.

    Args:
        info: Whoosh's description of the segment in the table of contents.
    """
    if not info.has_deletions():
        return None
    mask = np.ones(info.doc_count_all(), dtype=bool)
    mask[list(info.deleted_docs())] = False
    return mask


class Column:
    """The values of one filter field of a segment: sorted distinct values, and for each occurrence its document and value number."""

    def __init__(self, cells: list[bytes], number: int):
        docs, found = [], []
        separator = PATH_SEPARATOR.encode()
        for doc, cell in enumerate(cells):
            part = cell.split(separator, number + 1)[number] if cell else b""
            if part:
                for value in part.decode("utf-8", "replace").split(VALUE_SEPARATOR):
                    docs.append(doc)
                    found.append(value)
        self.values = sorted(set(found))
        numbers = {value: number for number, value in enumerate(self.values)}
        self.docs = np.array(docs, dtype=np.int32)
        self.codes = np.fromiter((numbers[value] for value in found), np.int32, len(found))


def _decode(reader, field: str, term: str) -> Postings | bool:
    """All blocks of a term's postings as arrays; False if the term is unknown.

    Reads the block as Whoosh's codec wrote it (W3PostingsWriter._write_block): documents as differences, weights as None, one
    number or a tuple, values as one run of bytes or as a tuple.
    """
    try:
        # Not reader.postings(): that hides deleted documents, which belong to the generation and not to the segment.
        terms, encoded = reader._terms, term.encode("utf-8", "replace")
        start, _ = terms.term_info(field, encoded).extent()
    except TermNotFound:
        return False
    if terms._postfile.get(start, len(WHOOSH3_HEADER_MAGIC)) != WHOOSH3_HEADER_MAGIC:
        raise ValueError("damaged postings")
    matcher = terms.matcher(field, encoded, reader.schema[field].format)
    docs, weights, values, sizes = [], [], [], []
    while True:
        matcher._read_data()
        block_docs, block_weights, block_values = matcher._data
        count = matcher._blocklength
        docs.append(np.cumsum(np.array(block_docs, dtype=np.int64)).astype(np.int32))
        weights.append(np.full(count, 1.0 if block_weights is None else block_weights, dtype=np.float32))
        if isinstance(block_values, tuple):
            values.append(b"".join(block_values))
            sizes.append(np.fromiter(map(len, block_values), np.int32, count))
        elif block_values:
            values.append(block_values)
        if matcher._lastblock:
            break
        matcher._next_block()
    payload = None
    if values:
        joined = b"".join(values)
        payload = (np.frombuffer(joined, np.uint32), np.concatenate(sizes) // 4) if sizes else (np.frombuffer(joined, np.uint64),)
    return Postings(np.concatenate(docs), np.concatenate(weights), payload)
