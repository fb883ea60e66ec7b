"""How postings lie on disk: as arrays, so that reading a term is one copy of bytes, checked against a checksum.

Everything else of a segment (the sorted table of terms, columns, the table of contents) is Whoosh's own. Its searcher reads our postings
through this codec, which is how the tests compare scores.

A list of n postings, little-endian, in this order; which parts there are depends on the field:

    magic and CRC-32 of the rest                      8 bytes
    the set of fields with the term, as bits          n × uint64    stems, prefixes
    documents, ascending                              n × int32     every field
    weights                                           n × float32   scored fields
    how many positions                                   n × uint32    typed words
    the positions of all documents                       sum × uint32  typed words
    the field's length as Whoosh's one byte           n × uint8     scored fields
"""

from collections.abc import Iterator
from itertools import repeat
from struct import Struct
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from whoosh.codec.base import FieldWriter
from whoosh.codec.whoosh3 import W3Codec, W3Segment, W3TermInfo
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Format
from whoosh.matching import ListMatcher
from whoosh.system import pack_ushort

from knowledge_hub.search.engine.storage import IndexDamaged, reading_files
from knowledge_hub.search.engine.termtable import TermTable

MAGIC = b"kh1\n"
_HEAD = Struct("<4sI")
_INFO = W3TermInfo._struct
# Where in a term's entry stands in how many documents it occurs: behind a byte and a number of 32 bits.
FREQUENCY_AT = 5
# Where a term's postings begin and how many bytes they are.
_EXTENT = Struct("!qi")
EXISTS, MASK, POSITIONS = "exists", "mask", "positions"
# Bytes of a posting, without its positions.
_BYTES = {EXISTS: 4, MASK: 17, POSITIONS: 13}


class Postings:
    """What one segment knows of one term. Parts that the field does not have are None."""

    # In the order in which they lie on disk.
    PARTS = ("masks", "docs", "weights", "sizes", "positions", "lengths")
    __slots__ = PARTS

    docs: np.ndarray
    # Arrays or None: who reads a field knows which parts its kind has.
    weights: Any
    lengths: Any
    masks: Any
    sizes: Any
    positions: Any

    def __init__(
        self,
        docs: np.ndarray,
        weights: np.ndarray | None = None,
        lengths: np.ndarray | None = None,
        masks: np.ndarray | None = None,
        sizes: np.ndarray | None = None,
        positions: np.ndarray | None = None,
    ):
        self.docs = docs
        self.weights = weights
        self.lengths = lengths
        self.masks = masks
        self.sizes = sizes
        self.positions = positions

    @property
    def nbytes(self) -> int:
        """Memory of the arrays in bytes."""
        return sum(part.nbytes for part in map(self.__getattribute__, self.PARTS) if part is not None)

    def select(self, keep: np.ndarray, numbers: np.ndarray) -> "Postings":
        """Only some of the postings, with other document numbers.

        Args:
            keep: for each posting whether it stays.
            numbers: the new number of each document that stays.
        """
        own = {name: part[keep] for name in ("weights", "lengths", "masks", "sizes") if (part := getattr(self, name)) is not None}
        if self.positions is not None:
            own["positions"] = self.positions[np.repeat(keep, self.sizes)]
        return Postings(numbers, **own)


class Run(Protocol):
    """What the writer needs of a runs.FieldRun."""

    terms: list[bytes]
    starts: np.ndarray
    parts: Postings

    def columns(self) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """Each part that the field has: its name, the array, and where each term begins in it."""


def concatenate(parts: list[Postings]) -> Postings:
    """The postings of one term from several sources whose documents follow each other."""
    if len(parts) == 1:
        return parts[0]
    columns = {name: [getattr(part, name) for part in parts] for name in Postings.PARTS}
    return Postings(**{name: np.concatenate(column) for name, column in columns.items() if column[0] is not None})


def kind_of(field_format: Format) -> str:
    """What the postings of a field hold: EXISTS, MASK or POSITIONS."""
    return getattr(field_format, "kind", EXISTS)


def read_postings(file: StructFile, info: W3TermInfo, kind: str) -> Postings:
    """The postings that a term's entry points to.

    Args:
        file: Whoosh's file of postings.
        info: the entry in the table of terms.
        kind: EXISTS, MASK or POSITIONS.

    Raises:
        IndexDamaged: the bytes are not what was written.
    """
    with reading_files():
        offset, length = info.extent()
        # Whoosh 2.7.4 forgets to take the number out of what struct.unpack() returns.
        length = length[0] if isinstance(length, tuple) else length
        data, count = file.get(offset, length), info.doc_frequency()
    at = _HEAD.size
    # All that is left beside the arrays of fixed size are the positions.
    rest = len(data) - at - count * _BYTES[kind]
    if rest < 0 or rest % 4 or (rest and kind != POSITIONS):
        raise IndexDamaged("a list of postings has the wrong length")
    magic, checksum = _HEAD.unpack_from(data)
    if magic != MAGIC or crc32(memoryview(data)[at:]) != checksum:
        raise IndexDamaged("damaged postings")

    def take(dtype: type[np.number], number: int) -> np.ndarray:
        nonlocal at
        part = np.frombuffer(data, dtype, number, at)
        at += part.nbytes
        return part

    masks = take(np.uint64, count) if kind == MASK else None
    docs = take(np.int32, count)
    if kind == EXISTS:
        return Postings(docs)
    weights = take(np.float32, count)
    sizes = take(np.uint32, count) if kind == POSITIONS else None
    positions = take(np.uint32, rest // 4) if kind == POSITIONS else None
    return Postings(docs, weights, take(np.uint8, count), masks, sizes, positions)


class ArrayCodec(W3Codec):
    """Whoosh's codec with our postings."""

    def new_segment(self, storage: Storage, indexname: str) -> W3Segment:
        """A segment that knows its codec."""
        return W3Segment(self, indexname)

    def field_writer(self, storage: Storage, segment: W3Segment) -> "ArrayFieldWriter":
        """The writer of terms and postings."""
        return ArrayFieldWriter(storage, segment)

    def postings_reader(
        self, dbfile: StructFile, terminfo: W3TermInfo, format_: Format, term: tuple[str, bytes] | None = None, scorer: Any = None
    ) -> ListMatcher:
        """A term's postings for Whoosh's own searcher."""
        found = read_postings(dbfile, terminfo, kind_of(format_))
        count = len(found.docs)
        values = [b""] * count
        if found.masks is not None:
            values = [mask.tobytes() for mask in found.masks]
        elif found.positions is not None:
            values = [part.tobytes() for part in np.split(found.positions, np.cumsum(found.sizes)[:-1])]
        weights = [1.0] * count if found.weights is None else found.weights.tolist()
        return ListMatcher(found.docs.tolist(), weights, values, format_, scorer=scorer, term=term, terminfo=terminfo)


class ArrayFieldWriter(FieldWriter):
    """Writes terms, in ascending order within a field, each with all its postings."""

    def __init__(self, storage: Storage, segment: W3Segment):
        self._terms = TermTable(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._numbers: dict[str, int] = {}
        self._terms.extras["fieldmap"] = self._numbers
        self._prefix = b""
        self._postfile = segment.create_file(storage, W3Codec.POSTS_EXT)
        self._offset = 0
        self.files = (self._terms.dbfile, self._postfile)
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        """Begin with another field."""
        self._prefix = pack_ushort(self._numbers.setdefault(fieldname, len(self._numbers)))

    def add_run(self, run: Run) -> None:
        """Write terms of the field that was started.

        Args:
            run: a FieldRun.
        """
        columns = [(part.view(np.uint8).data, (edges * part.itemsize).tolist()) for _, part, edges in run.columns()]
        write, offset = self._postfile.file.write, self._offset
        entries = []
        for number, (term, summary) in enumerate(zip(run.terms, _summaries(run), strict=True)):
            body = b"".join([part[edges[number] : edges[number + 1]] for part, edges in columns])
            write(_HEAD.pack(MAGIC, crc32(body)))
            write(body)
            length = _HEAD.size + len(body)
            entries.append((self._prefix + term, _INFO.pack(*summary) + _EXTENT.pack(offset, length)))
            offset += length
        self._offset = offset
        self._terms.add_all(entries)

    def close(self) -> None:
        """Finish both files."""
        self._terms.close()
        self._postfile.close()
        self.is_closed = True


def _summaries(run: Run) -> Iterator[tuple[float, ...]]:
    """What Whoosh keeps of each term beside its postings: sums and bounds for scoring."""
    first, last, parts = run.starts[:-1], run.starts[1:] - 1, run.parts
    counts = (last - first + 1).tolist()
    documents = parts.docs[first].tolist(), parts.docs[last].tolist()
    if parts.weights is None:
        return zip(repeat(0), counts, counts, repeat(0), repeat(0), repeat(1.0), *documents, strict=False)
    sums = np.add.reduceat(parts.weights, first, dtype=np.float64).tolist()
    shortest, longest = (join.reduceat(parts.lengths, first).tolist() for join in (np.minimum, np.maximum))
    heaviest = np.maximum.reduceat(parts.weights, first).tolist()
    return zip(repeat(0), sums, counts, shortest, longest, heaviest, *documents, strict=False)
