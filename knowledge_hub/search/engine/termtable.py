"""Whoosh's sorted table of terms on disk, written and read many entries at a time. Whoosh's own reader can read it, too."""

from collections.abc import Iterable
from struct import pack
from zlib import crc32

import numpy as np
from whoosh.filedb.filetables import HashWriter, OrderedHashReader, OrderedHashWriter, _lengths
from whoosh.filedb.structfile import StructFile
from whoosh.util.numlists import GrowableArray

from knowledge_hub.search.engine.storage import IndexDamaged, reading_files

# Whoosh's number for CRC-32 hashes, stored in the head of the table. MD5, the alternative, takes three times as long.
_CRC32 = 1


class TermTable(OrderedHashWriter):
    """Writes entries with ascending keys."""

    def __init__(self, dbfile: StructFile):
        HashWriter.__init__(self, dbfile, hashtype=_CRC32)
        self.index = GrowableArray("H")
        self.lastkey = b""

    def add_all(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Write entries.

        Raises:
            ValueError: a key is not greater than the previous one.
        """
        position, last = self.dbfile.tell(), self.lastkey
        written: list[bytes] = []
        positions: list[int] = []
        for key, value in items:
            if key <= last:
                raise ValueError(f"Keys must increase: {last!r}..{key!r}")
            hashed = crc32(key)
            self.buckets[hashed & 255].append((hashed, position))
            positions.append(position)
            written += (_lengths.pack(len(key), len(value)), key, value)
            position += _lengths.size + len(key) + len(value)
            last = key
        self.dbfile.write(b"".join(written))
        self.index.extend(positions)
        self.lastkey = last

    def _write_hashes(self) -> None:
        # Like HashWriter, but with one call for each bucket.
        for entries in self.buckets:
            slots = 2 * len(entries)
            self.directory.append((self.dbfile.tell(), slots))
            table = [0] * (2 * slots)
            for hashed, position in entries:
                slot = (hashed >> 8) % slots
                while table[2 * slot + 1]:
                    slot = (slot + 1) % slots
                table[2 * slot : 2 * slot + 2] = hashed, position
            self.dbfile.write(pack("!" + "Iq" * slots, *table))


def keys_and_numbers(table: OrderedHashReader, beginning: bytes, at: int) -> tuple[list[bytes], np.ndarray]:
    """All entries whose keys have a prefix.

    Args:
        table: Whoosh's reader.
        beginning: the prefix.
        at: offset of a big-endian 32-bit number in each value.

    Returns:
        The rest of each key, ascending, and the numbers in the values.

    Raises:
        IndexDamaged: the table is damaged.
    """
    after = (int.from_bytes(beginning) + 1).to_bytes(len(beginning))
    with reading_files():
        kind = np.dtype(table.extras["indextype"]).newbyteorder(">")
        positions = np.frombuffer(table.dbfile.get(table.indexbase, table.indexlen * table.indexsize), kind).astype(np.int64)
        first, last = table.closest_key_pos(beginning), table.closest_key_pos(after)
    own = positions[slice(*positions.searchsorted([first or table.endofdata, last or table.endofdata]))]
    if not len(own):
        return [], np.empty(0, np.int64)
    start = int(own[0])
    with reading_files():
        data = table.dbfile.get(start, (last or table.endofdata) - start)
    cells = np.frombuffer(data, np.uint8)
    own = own - start
    _check_places(own, len(cells))
    ends = own + _lengths.size + _numbers_at(cells, own)
    _check_places(ends + at, len(cells))
    begins = own + _lengths.size + len(beginning)
    keys = [data[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
    return keys, _numbers_at(cells, ends + at)


def _check_places(places: np.ndarray, size: int) -> None:
    if places.min() < 0 or places.max() + 4 > size:
        raise IndexDamaged("the table of terms points beyond its end")


def _numbers_at(cells: np.ndarray, places: np.ndarray) -> np.ndarray:
    return cells[places[:, None] + np.arange(4)].copy().view(">u4")[:, 0].astype(np.int64)
