"""Format of postings on disk: arrays with a checksum, so that reading the postings of a term copies bytes once.

Whoosh writes everything else of a segment: term table, columns and table of contents. Whoosh's own searcher can read our postings
through this codec; tests compare its scores with ours.

A list of n postings, little-endian, in this order. Which parts exist depends on the field:

    magic and CRC-32 of the rest                      8 bytes
    bit mask of the fields with the term              n × uint64    stems, prefixes
    documents, ascending                              n × int32     every field
    weights                                           n × float32   scored fields
    number of positions                               n × uint32    typed words
    positions of all documents                        sum × uint32  typed words
    length of the field as Whoosh's single byte       n × uint8     scored fields
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
# Offset of the document frequency in a term's entry: after a byte and a 32-bit number.
FREQUENCY_AT = 5
# Offset and length of a term's postings.
_EXTENT = Struct("!qi")
EXISTS, MASK, POSITIONS = "exists", "mask", "positions"
# Bytes of a posting, without its positions.
_BYTES = {EXISTS: 4, MASK: 17, POSITIONS: 13}


class Postings:
    """Postings of one term in one segment. Parts that the field does not have are None."""

    # In their order on disk.
    PARTS = ("masks", "docs", "weights", "sizes", "positions", "lengths")
    __slots__ = PARTS

    docs: np.ndarray
    # Arrays or None; the kind of the field decides which parts exist.
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
        """Some of the postings, with new document numbers.

        Args:
            keep: for each posting, whether it is kept.
            numbers: new number of each document that is kept.
        """
        own = {name: part[keep] for name in ("weights", "lengths", "masks", "sizes") if (part := getattr(self, name)) is not None}
        if self.positions is not None:
            own["positions"] = self.positions[np.repeat(keep, self.sizes)]
        return Postings(numbers, **own)


class Run(Protocol):
    """The attributes of sorted_runs.FieldRun that the writer uses."""

    terms: list[bytes]
    starts: np.ndarray
    parts: Postings

    def columns(self) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """Each part that the field has: its name, its array, and the start of each term in the array."""


def concatenate(parts: list[Postings]) -> Postings:
    """Postings of one term from several sources; the documents of each source follow those of the previous one."""
    if len(parts) == 1:
        return parts[0]
    columns = {name: [getattr(part, name) for part in parts] for name in Postings.PARTS}
    return Postings(**{name: np.concatenate(column) for name, column in columns.items() if column[0] is not None})


def kind_of(field_format: Format) -> str:
    """Kind of the postings of a field: EXISTS, MASK or POSITIONS."""
    return getattr(field_format, "kind", EXISTS)


def read_postings(file: StructFile, info: W3TermInfo, kind: str) -> Postings:
    """Read the postings of a term.

    Args:
        file: Whoosh's postings file.
        info: the entry of the term in the term table.
        kind: EXISTS, MASK or POSITIONS.

    Raises:
        IndexDamaged: the bytes differ from what was written.
    """
    with reading_files():
        offset, length = info.extent()
        # Whoosh 2.7.4 returns the tuple of struct.unpack() instead of the number.
        length = length[0] if isinstance(length, tuple) else length
        data, count = file.get(offset, length), info.doc_frequency()
    at = _HEAD.size
    # After the arrays of fixed size, only the positions are left.
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
    """Whoosh's codec with our postings format."""

    def new_segment(self, storage: Storage, indexname: str) -> W3Segment:
        """A segment that uses this codec."""
        return W3Segment(self, indexname)

    def field_writer(self, storage: Storage, segment: W3Segment) -> "ArrayFieldWriter":
        """The writer of terms and postings."""
        return ArrayFieldWriter(storage, segment)

    def postings_reader(
        self, dbfile: StructFile, terminfo: W3TermInfo, format_: Format, term: tuple[str, bytes] | None = None, scorer: Any = None
    ) -> ListMatcher:
        """Postings of a term for Whoosh's own searcher."""
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
    """Writes terms with their postings; terms of a field must ascend."""

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
        """Start another field."""
        self._prefix = pack_ushort(self._numbers.setdefault(fieldname, len(self._numbers)))

    def add_run(self, run: Run) -> None:
        """Write terms of the current field.

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
    """Sums and limits of each term that Whoosh stores in the term table for scoring."""
    first, last, parts = run.starts[:-1], run.starts[1:] - 1, run.parts
    counts = (last - first + 1).tolist()
    documents = parts.docs[first].tolist(), parts.docs[last].tolist()
    if parts.weights is None:
        return zip(repeat(0), counts, counts, repeat(0), repeat(0), repeat(1.0), *documents, strict=False)
    sums = np.add.reduceat(parts.weights, first, dtype=np.float64).tolist()
    shortest, longest = (join.reduceat(parts.lengths, first).tolist() for join in (np.minimum, np.maximum))
    heaviest = np.maximum.reduceat(parts.weights, first).tolist()
    return zip(repeat(0), sums, counts, shortest, longest, heaviest, *documents, strict=False)
