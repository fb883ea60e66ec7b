"""Reads one segment and caches it as decoded arrays.

Whoosh's readers find the postings of a term on disk. Decoded arrays are kept, because segments never change. Threads share a segment:
decoding needs a lock, because Whoosh's file cursor is not thread-safe; reading arrays does not.
"""

import threading
import weakref
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.reading import SegmentReader, TermNotFound

from knowledge_hub.search.engine.cache import ByteCache
from knowledge_hub.search.engine.codec import FREQUENCY_AT, Postings, read_postings
from knowledge_hub.search.engine.filter_values import VALUE_SEPARATOR
from knowledge_hub.search.engine.phrases import positions_of
from knowledge_hub.search.engine.schema import PATH_SEPARATOR, POSTING_KINDS, TEXT_SEPARATOR
from knowledge_hub.search.engine.storage import IndexDamaged, reading_files
from knowledge_hub.search.engine.termtable import keys_and_numbers
from knowledge_hub.search.engine.vocabulary import Vocabulary


class Segment:
    """One immutable segment: its Whoosh reader, and its decoded data."""

    def __init__(self, reader: SegmentReader, texts: Sequence[bytes], memory: ByteCache):
        self.reader = reader
        self.id = reader.segment().segment_id()
        self.count = reader.doc_count_all()
        self._memory = memory
        self._lock = threading.Lock()
        self._columns: dict[int, Column] = {}
        self._cells: list[bytes] | None = None
        self._texts = texts
        # Close the files when the last searcher that uses the segment is gone.
        weakref.finalize(self, reader.close)

    @cached_property
    def keys(self) -> list[str]:
        """Primary key of each document, as text."""
        cells = self._column("column_key")
        try:
            return [key.decode() for key in cells]
        except UnicodeDecodeError as error:
            raise IndexDamaged("a primary key can't be read") from error

    def postings(self, field: str, term: str) -> Postings | None:
        """Postings of a term; None if the segment does not contain it."""
        key = (self.id, field, term)
        found = self._memory.get(key)
        if found is None:
            found = self._read(field, term)
            self._memory.put(key, found or False, found.nbytes if found else 64)
        return found or None

    def positions(self, word: str) -> np.ndarray | None:
        """Positions of a typed word (see phrases.py); None if the segment does not contain it."""
        key = (self.id, "positions", word)
        found = self._memory.get(key)
        if found is None:
            postings = self.postings("raw", word)
            if postings is None:
                return None
            found = positions_of(postings)
            self._memory.put(key, found, found.nbytes)
        return found

    def document_with_key(self, key: str) -> int | None:
        """Number of the document with a primary key; it may be deleted. None if there is none."""
        found = self._read("key", key)
        return None if found is None else int(found.docs[0])

    def _read(self, field: str, term: str) -> Postings | None:
        # Not reader.postings(), which skips deleted documents; these depend on the commit and not on the segment.
        terms, encoded, kind = self.reader._terms, term.encode("utf-8", "replace"), POSTING_KINDS[field]
        with self._lock:
            try:
                with reading_files():
                    info = terms.term_info(field, encoded)
            except TermNotFound:
                return None
            return read_postings(terms._postfile, info, kind)

    def column(self, number: int) -> "Column":
        """Values of one filter field."""
        found = self._columns.get(number)
        if found is None:
            if self._cells is None:
                self._cells = self._column("column_filters")
            found = self._columns[number] = Column(self._cells, number)
        return found

    def text(self, doc: int) -> list[str]:
        """Stored texts of a document, one for each field value."""
        with self._lock, reading_files():
            stored = bytes(self._texts[doc])
        return stored.decode("utf-8", "replace").split(TEXT_SEPARATOR)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All typed words of the segment with their document frequencies."""
        if not self.count:
            return Vocabulary([], np.empty(0, np.int64))
        terms = self.reader._terms
        with self._lock:
            found, frequencies = keys_and_numbers(terms._tindex, terms._keycoder("raw", b""), FREQUENCY_AT)
        return Vocabulary([word.decode("utf-8", "replace") for word in found], frequencies)

    def _column(self, name: str) -> list[bytes]:
        if not self.count:
            return []
        with self._lock, reading_files():
            return [bytes(value) for value in self.reader.column_reader(name)]


def alive_documents(info: WhooshSegment) -> np.ndarray | None:
    """Boolean mask of the documents that are not deleted; None if none is deleted. It belongs to a commit and not to the segment.

    Args:
        info: Whoosh's description of the segment in the table of contents.

    Raises:
        IndexDamaged: the description is invalid.
    """
    with reading_files():
        if not info.has_deletions():
            return None
        count, deleted = info.doc_count_all(), list(info.deleted_docs())
        in_segment = all(0 <= number < count for number in deleted)
    if not in_segment:
        raise IndexDamaged("a deleted document has a number that the segment does not have")
    mask = np.ones(count, dtype=bool)
    mask[deleted] = False
    return mask


class Column:
    """Values of one filter field of a segment: sorted distinct values, and the document and value number of each occurrence."""

    def __init__(self, cells: list[bytes], number: int):
        docs, found = [], []
        separator = PATH_SEPARATOR.encode()
        try:
            parts = [cell.split(separator, number + 1)[number] if cell else b"" for cell in cells]
        except IndexError as error:
            raise IndexDamaged("a document has no values for one of the filter fields") from error
        for doc, part in enumerate(parts):
            if part:
                for value in part.decode("utf-8", "replace").split(VALUE_SEPARATOR):
                    docs.append(doc)
                    found.append(value)
        self.values = sorted(set(found))
        numbers = {value: number for number, value in enumerate(self.values)}
        self.docs = np.array(docs, dtype=np.int32)
        self.codes = np.fromiter((numbers[value] for value in found), np.int32, len(found))
        # Start of each document's values, and the end.
        self._starts = np.searchsorted(self.docs, np.arange(len(cells) + 1))
        # Number of each document's only value, len(values) for no value; None if a document has several values.
        self._only: np.ndarray | None = None
        if len(np.unique(self.docs)) == len(self.docs):
            self._only = np.full(len(cells), len(self.values), dtype=np.int32)
            self._only[self.docs] = self.codes

    def counted(self, docs: np.ndarray) -> list[tuple[str | None, int]]:
        """Number of documents with each value; None counts documents without a value.

        Args:
            docs: document numbers, without duplicates.
        """
        most = len(self.values)
        if self._only is not None:
            counts = np.bincount(self._only[docs], minlength=most + 1)
        else:
            sizes = self._starts[docs + 1] - self._starts[docs]
            ends = np.cumsum(sizes)
            indices = np.arange(ends[-1]) + np.repeat(self._starts[docs] - ends + sizes, sizes)
            counts = np.append(np.bincount(self.codes[indices], minlength=most), np.count_nonzero(sizes == 0))
        return [(self.values[code] if code < most else None, count) for code, count in enumerate(counts.tolist()) if count]
