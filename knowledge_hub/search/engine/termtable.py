"""Whoosh's sorted table on disk, written many entries at a time. Whoosh's own reader reads it."""

from collections.abc import Iterable
from struct import pack
from zlib import crc32

from whoosh.filedb.filetables import HashWriter, OrderedHashWriter, _lengths
from whoosh.util.numlists import GrowableArray

# Whoosh's number for this kind of hash; it is kept in the table's head. The other kind, MD5, takes three times as long.
_CRC32 = 1


class TermTable(OrderedHashWriter):
    """Writes keys, in ascending order, and values."""

    def __init__(self, dbfile):
        HashWriter.__init__(self, dbfile, hashtype=_CRC32)
        self.index = GrowableArray("H")
        self.lastkey = b""

    def add_all(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Write entries.

        Raises:
            ValueError: a key is not greater than the one before.
        """
        position, last = self.dbfile.tell(), self.lastkey
        written, positions = [], []
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
        # As HashWriter does, but each bucket's table with one call.
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
