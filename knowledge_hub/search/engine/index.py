"""An index on disk: reading, writing, rebuilding, and its state.

<path>/<index>/CURRENT        name of the live generation
<path>/<index>/g<random>/     a generation: a Whoosh index, and LAYOUT with the numbers of its fields
<path>/<index>/BROKEN         written when the live generation cannot be read; removed by the next rebuild
<path>/<index>/REBUILDS       one letter for each automatic rebuild of the last hour
<path>/<index>/OUTDATED       written when models or rules changed since the last rebuild; removed by the next rebuild
<path>/<index>/write.lock     lock for writing to the live generation
<path>/<index>/begin.lock     lock for creating a generation or removing abandoned ones
"""

import logging
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from django.db.models import Model
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader

from knowledge_hub.search.engine import stem_cache
from knowledge_hub.search.engine.cache import ByteCache
from knowledge_hub.search.engine.merge_policy import full_tiers, merge_tiers, mostly_deleted
from knowledge_hub.search.engine.schema import LANGUAGES, Layout, Numbering, PreparedDocument, whoosh_schema
from knowledge_hub.search.engine.searcher import Searcher
from knowledge_hub.search.engine.segment import Segment, alive_documents
from knowledge_hub.search.engine.storage import (
    DurableStorage,
    IndexDamaged,
    SegmentStorage,
    make_private,
    open_index,
    read_toc,
    reading_files,
    write_durably,
    write_lock,
)
from knowledge_hub.search.engine.writer import ArrayWriter

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
LOCK_WAIT = 30.0
# Seconds after which a rebuild is requested again if none has happened.
RETRY_AFTER = 3600.0
MAX_REBUILDS = 3
"""Automatic rebuilds of damaged indexes within RETRY_AFTER seconds."""
GENERATION_NAME = re.compile("g[0-9a-f]+")
SCORED_FIELDS = ("raw", "ac", *(f"stem_{language}" for language in LANGUAGES))


class IndexUnavailableError(Exception):
    """The index is missing or cannot be read; searches use the database until it is rebuilt."""


class Store:
    """One index on disk, and its searcher in this process. Get it from store()."""

    def __init__(self, path: Path, memory: int):
        self.path = path
        self._memory = memory
        self._decoded = ByteCache(memory // 2)
        self._segments: dict[str, Segment] = {}
        self._searcher: Searcher | None = None
        self._stamp: tuple | None = None
        self._numbering: tuple[str, Numbering] | None = None
        self._lock = threading.Lock()

    # Reading

    def searcher(self) -> Searcher:
        """The searcher for the latest commit; a running search keeps the one that it has.

        Raises:
            IndexUnavailableError: there is no readable index.
        """
        stamp, searcher = self._stamp, self._searcher
        if searcher is not None and stamp is not None and self._is_current(stamp):
            return searcher
        with self._lock:
            if self._searcher is not None and self._stamp is not None and self._is_current(self._stamp):
                return self._searcher
            try:
                return self._open()
            except IndexDamaged as error:
                self._searcher = self._stamp = None
                raise IndexUnavailableError(str(error)) from error

    def is_newest(self, searcher: Searcher) -> bool:
        """Whether a searcher is for the latest commit of the live generation."""
        stamp = self._stamp
        return self._searcher is searcher and stamp is not None and self._is_current(stamp)

    def _is_current(self, stamp: tuple) -> bool:
        """Whether there was neither a rebuild nor a commit since; checks three file names and reads nothing."""
        current, pointer, own, following = stamp
        try:
            found = os.stat(pointer)
        except OSError:
            return False
        return (found.st_ino, found.st_mtime_ns) == current and os.path.exists(own) and not os.path.exists(following)

    def _open(self) -> Searcher:
        # A commit can remove old files while they are opened; the next attempt uses the new table of contents.
        for _attempt in range(2):
            try:
                return self._open_once()
            except IndexDamaged as error:
                if not isinstance(error.__cause__, FileNotFoundError):
                    raise
        return self._open_once()

    def _open_once(self) -> Searcher:
        with reading_files():
            current = (self.path / "CURRENT").stat()
        directory = self.live_generation()
        if directory is None:
            raise IndexDamaged("there is no generation")
        numbering = self._numbering_of(directory)
        index = open_index(directory)
        toc = read_toc(index)
        segments = self._segments_of(index, toc)
        # Files of a segment never change, only its list of deleted documents, so decoded data stays valid.
        alive = [alive_documents(info) for info in toc.segments]
        with reading_files():
            lengths = {name: sum(info._fieldlengths.get(name, 0) for info in toc.segments) for name in SCORED_FIELDS}
        searcher = Searcher(segments, alive, lengths, self._memory // 2, numbering)
        toc_file, following = (str(directory / f"_{index.indexname}_{toc.generation + step}.toc") for step in (0, 1))
        self._searcher = searcher
        self._stamp = ((current.st_ino, current.st_mtime_ns), str(self.path / "CURRENT"), toc_file, following)
        return searcher

    def _segments_of(self, index: FileIndex, toc: TOC) -> list[Segment]:
        """The segments of a table of contents; segments that are already open are reused."""
        found = [self._segments.get(info.segment_id()) or load_segment(index, toc, info, self._decoded) for info in toc.segments]
        self._segments = {segment.id: segment for segment in found}
        return found

    def live_generation(self) -> Path | None:
        """Directory of the live generation; None if there is none."""
        try:
            name = (self.path / "CURRENT").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return self.path / name if GENERATION_NAME.fullmatch(name) else None

    # Writing

    def lock(self, wait: float | None = LOCK_WAIT) -> AbstractContextManager[bool]:
        """Lock for writing to the index: a context manager that yields whether the lock was obtained within ``wait`` seconds."""
        make_private(self.path)
        return write_lock(self.path / "write.lock", wait=wait)

    def generation_lock(self) -> AbstractContextManager[bool]:
        """Lock for creating a generation or removing abandoned ones: a context manager."""
        return write_lock(self.path / "begin.lock", wait=None)

    def write(self, documents: dict[str, PreparedDocument], deleted: Iterable[str] = ()) -> None:
        """Add, replace and delete documents in one commit. The caller holds lock().

        Args:
            documents: documents by primary key as text; they replace documents with the same key.
            deleted: primary keys of documents to delete.
        """
        index = open_index(self._generation_to_write())
        # Read before the writer is created: Whoosh keeps the writer's lock if the table of contents is damaged.
        segments = self._segments_of(index, read_toc(index))
        with _writing(index) as writer:
            _delete(writer, segments, {*documents, *deleted})
            for document in documents.values():
                writer.add_document(document)
            writer.commit(merge=False)

    def _generation_to_write(self) -> Path:
        directory = self.live_generation()
        if directory is None:
            raise IndexUnavailableError("there is no index to write to")
        return directory

    def needs_merge(self) -> bool:
        """Whether there are enough small segments or deleted documents for a merge."""
        directory = self.live_generation()
        if directory is None:
            return False
        segments = read_toc(open_index(directory)).segments
        return bool(full_tiers(segments)) or mostly_deleted(segments)

    def merge(self) -> None:
        """Merge segments of similar size. The caller holds lock(). Only for workers, because it can take long."""
        with _writing(open_index(self._generation_to_write())) as writer:
            writer.commit(mergetype=merge_tiers)

    def reset(self, layout: Layout) -> None:
        """Replace the index by an empty one."""
        with self.lock():
            generation = Generation(self, layout)
            generation.finish()

    def is_rebuilding(self) -> bool:
        """Whether a process is building a new generation."""
        live = self.live_generation()
        return any(_is_being_built(directory) for directory in self.path.glob("g*") if directory != live)

    # State

    def numbering(self) -> Numbering | None:
        """Field numbers of the live generation; None if there is no index.

        Raises:
            IndexDamaged: the numbers cannot be read.
        """
        directory = self.live_generation()
        return self._numbering_of(directory) if directory else None

    def _numbering_of(self, directory: Path) -> Numbering:
        known = self._numbering
        if known is None or known[0] != directory.name:
            try:
                text = (directory / "LAYOUT").read_text()
            except (OSError, UnicodeDecodeError) as error:
                raise IndexDamaged("the numbers of the fields can't be read") from error
            known = self._numbering = (directory.name, Numbering.from_text(text))
        return known[1]

    def mark_outdated(self, version: str) -> bool:
        """Record that the index was built for another version; returns whether a rebuild should be requested now."""
        return self._mark("OUTDATED", version, lambda noted: noted == version)

    def mark_broken(self, reason: str) -> bool:
        """Record that the index cannot be read; returns whether a rebuild should be requested now."""
        return self._mark("BROKEN", reason, lambda noted: True)

    def may_rebuild(self) -> bool:
        """Count an automatic rebuild; returns whether it is allowed (MAX_REBUILDS per hour).

        If the index is damaged again right after a rebuild, further rebuilds do not help.
        """
        log = self.path / "REBUILDS"
        since = time.time() - RETRY_AFTER
        with suppress(FileNotFoundError):
            if log.stat().st_mtime < since:
                log.unlink()
        recent = log.stat().st_size if log.exists() else 0
        if recent >= MAX_REBUILDS:
            return False
        with log.open("a") as file:
            file.write("x")
        return True

    def _mark(self, name: str, text: str, is_known: Callable[[str], bool]) -> bool:
        marker = self.path / name
        try:
            if is_known(marker.read_text(errors="replace")) and time.time() - marker.stat().st_mtime < RETRY_AFTER:
                return False
        except OSError:
            # Not recorded yet.
            pass
        try:
            make_private(self.path)
            write_durably(marker, text)
        except OSError:
            # The disk is full or read-only: a rebuild would fail as well. The hourly check repeats the request.
            logger.exception("It cannot be recorded that the search index in %s is damaged.", self.path)
            return False
        return True

    def broken(self) -> str | None:
        """Why the index could not be read; None if it could be read."""
        try:
            return (self.path / "BROKEN").read_text(errors="replace")
        except OSError:
            return None


class SearchIndex(Protocol):
    """Attributes of backend.Index that the modules below it use."""

    name: str
    root: type[Model]
    store: Store
    newest_layout: Layout

    @property
    def layout(self) -> Layout:
        """Layout of the live generation, which may be older than the models."""


class Generation:
    """A new index that is built beside the live one and then replaces it."""

    def __init__(self, owner: Store, layout: Layout):
        self.store = owner
        make_private(owner.path)
        self.directory = owner.path / f"g{secrets.token_hex(6)}"
        # Another process removes a generation that has no lock; the generation lock protects this one until it has its own.
        with owner.generation_lock():
            make_private(self.directory)
            write_durably(self.directory / "LAYOUT", layout.numbering.as_text())
            self._index = FileIndex.create(DurableStorage(self.directory), whoosh_schema(), "MAIN")
            # is_rebuilding() of another process holds this lock for a moment.
            self._writer = ArrayWriter(self._index, timeout=LOCK_WAIT)
        self._keys: set[str] = set()
        self._replacements: dict[str, PreparedDocument] = {}

    def add(self, documents: dict[str, PreparedDocument]) -> None:
        """Add documents. A document whose key was added before replaces the earlier one in finish()."""
        for key, document in documents.items():
            if key in self._keys:
                self._replacements[key] = document
            else:
                self._keys.add(key)
                self._writer.add_document(document)

    def finish(self) -> None:
        """Commit, and make this the live generation. The caller holds lock() of the store."""
        self._writer.commit(merge=False)
        if self._replacements:
            toc = read_toc(self._index)
            segments = [load_segment(self._index, toc, info, ByteCache(0)) for info in toc.segments]
            with _writing(self._index) as writer:
                _delete(writer, segments, self._replacements)
                for document in self._replacements.values():
                    writer.add_document(document)
                writer.commit(merge=False)
        old = self.store.live_generation()
        write_durably(self.store.path / "CURRENT", self.directory.name)
        for marker in ("BROKEN", "OUTDATED"):
            (self.store.path / marker).unlink(missing_ok=True)
        stem_cache.save(self.store.path.parent)
        # Running searches keep their open files. Abandoned generations are removed, too.
        with self.store.generation_lock():
            for leftover in self.store.path.glob("g*"):
                if leftover != self.directory and (leftover == old or not _is_being_built(leftover)):
                    shutil.rmtree(leftover, ignore_errors=True)

    def abandon(self) -> None:
        """Delete the unfinished generation."""
        self._writer.cancel()
        shutil.rmtree(self.directory, ignore_errors=True)


def _is_being_built(directory: Path) -> bool:
    """Whether a process is building this generation: Whoosh's writer holds a lock file in it."""
    try:
        with write_lock(directory / "MAIN_WRITELOCK", wait=0, create=False) as free:
            return not free
    except FileNotFoundError:
        return False


@contextmanager
def _writing(index: FileIndex) -> Iterator[ArrayWriter]:
    """A writer whose lock is always released."""
    writer = ArrayWriter(index, timeout=LOCK_WAIT)
    try:
        yield writer
    finally:
        if not writer.is_closed:
            writer.cancel()


def load_segment(index: FileIndex, toc: TOC, info: WhooshSegment, memory: ByteCache) -> Segment:
    """Open one segment of a table of contents.

    Raises:
        IndexDamaged: its files cannot be read.
    """
    with SegmentStorage(index.storage.folder).closed_on_error() as storage:
        with reading_files():
            reader = SegmentReader(storage, toc.schema, info, generation=toc.generation)
            texts = reader.column_reader("column_text") if info.doc_count_all() else ()
        return Segment(reader, texts, memory)


def fresh_segments(owner: Store) -> list[Segment]:
    """The live segments, read from disk without any cache.

    Raises:
        IndexDamaged: they cannot be read.
    """
    directory = owner.live_generation()
    if directory is None:
        raise IndexDamaged("there is no generation")
    index = open_index(directory)
    toc = read_toc(index)
    return [load_segment(index, toc, info, ByteCache(0)) for info in toc.segments]


def _delete(writer: ArrayWriter, segments: list[Segment], keys: Iterable[str]) -> None:
    base = 0
    for segment in segments:
        for key in keys:
            number = segment.document_with_key(key)
            if number is not None and not writer.is_deleted(base + number):
                writer.delete_document(base + number)
        base += segment.count


_stores: dict[Path, Store] = {}
_stores_lock = threading.Lock()


def store(path: Path, memory: int) -> Store:
    """The Store of a directory; there is one per process.

    Args:
        path: directory of the index.
        memory: limit of its caches in bytes.
    """
    with _stores_lock:
        found = _stores.get(path)
        if found is None:
            found = _stores[path] = Store(path, memory)
            stem_cache.load(path.parent)
        return found
