"""Writes segments: Whoosh's writer for locks, columns and the table of contents, our own code for postings."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from knowledge_hub.search.engine.codec import ArrayCodec, Postings, read_postings
from knowledge_hub.search.engine.postings_builder import PostingsBuilder
from knowledge_hub.search.engine.schema import POSTING_KINDS, PreparedDocument
from knowledge_hub.search.engine.sorted_runs import FieldRun, merge_runs

# Number of words that are sorted at once, about 60 bytes each; larger builds store sorted runs in files.
MAX_WORDS_IN_MEMORY = 4_000_000


class SegmentSource:
    """A segment that is merged into a new one, without its deleted documents.

    Args:
        reader: Whoosh's reader of the segment; it is closed when everything is written.
        base: new number of its first document.
    """

    def __init__(self, reader: SegmentReader, base: int):
        self.reader = reader
        info = reader.segment()
        alive = np.ones(info.doc_count_all(), dtype=bool)
        alive[list(info.deleted_docs())] = False
        self._alive = alive
        self._numbers = (np.cumsum(alive) - 1 + base).astype(np.int32)

    def items(self, name: str) -> Iterator[tuple[bytes, Postings]]:
        """Each term of a field with its postings."""
        terms = self.reader._terms
        kind = POSTING_KINDS[name]
        for (field, term), info in terms.items_from(name, b""):
            if field != name:
                return
            found = read_postings(terms._postfile, info, kind)
            keep = self._alive[found.docs]
            if keep.any():
                yield term, found.select(keep, self._numbers[found.docs[keep]])


class BuiltPostings:
    """Postings of added documents."""

    def __init__(self, runs: dict[str, FieldRun]):
        self.runs = runs

    def items(self, name: str) -> Iterator[tuple[bytes, Postings]]:
        """Each term of a field with its postings."""
        run = self.runs.get(name)
        return iter(()) if run is None else run.items()


class ArrayWriter(SegmentWriter):
    """Whoosh's writer for our documents and postings.

    Args:
        index: the index; its write lock is held until commit() or cancel().
        timeout: seconds to wait for that lock.
    """

    def __init__(self, index: FileIndex, *, timeout: float = 0):
        super().__init__(index, timeout=timeout, codec=ArrayCodec(), compound=False)
        self._builder = PostingsBuilder()
        self._sources: list[SegmentSource | BuiltPostings] = []

    def add_document(self, document: PreparedDocument) -> None:
        """Add the result of Layout.document()."""
        columns = self.perdocwriter
        columns.start_doc(self.docnum)
        for name, length in self._builder.add(self.docnum, document).items():
            columns.add_field(name, self.schema[name], None, length)
        for name, value in (("column_key", document.key), ("column_filters", document.filters), ("column_text", document.text)):
            columns.add_column_value(name, self.schema[name].column_type, value)
        columns.finish_doc()
        self._added = True
        self.docnum += 1
        if len(self._builder.tokens) >= MAX_WORDS_IN_MEMORY:
            self._spill_to_disk()

    def add_reader(self, reader: SegmentReader) -> None:
        """Add the documents of a segment; its reader is closed when everything is written."""
        self._spill_to_disk()
        base = self.docnum
        self.write_per_doc(set(self.schema.names()), reader)
        self._sources.append(SegmentSource(reader, base))
        self._added = True

    def _spill_to_disk(self) -> None:
        """Write the collected postings to temporary files."""
        runs = self._builder.runs()
        if runs:
            folder, number = Path(self._tempstorage.folder), len(self._sources)
            self._sources.append(BuiltPostings({name: run.saved_to(folder, f"{number}.{name}") for name, run in runs.items()}))
        self._builder = PostingsBuilder()

    def _runs(self, name: str) -> Iterable[FieldRun]:
        """All terms of a field with their postings."""
        if len(self._sources) == 1 and isinstance(self._sources[0], BuiltPostings):
            run = self._sources[0].runs.get(name)
            return [] if run is None else [run]
        return merge_runs([source.items(name) for source in self._sources])

    def _flush_segment(self) -> None:
        """Write all terms and postings; called by commit()."""
        self.perdocwriter.close()
        runs = self._builder.runs()
        if runs:
            self._sources.append(BuiltPostings(runs))
        write = self.fieldwriter
        for name in sorted(name for name, field in self.schema.items() if field.indexed):
            write.start_field(name, self.schema[name])
            for run in self._runs(name):
                write.add_run(run)
        write.close()

    def cancel(self) -> None:
        """Write nothing. The lock is released even if files cannot be closed, for example because the disk is full."""
        try:
            super().cancel()
        finally:
            if not self.is_closed:
                self._finish()
                for file in (self.perdocwriter._cols._temp, *self.fieldwriter.files):
                    if not file.is_closed:
                        file.close()

    def _finish(self) -> None:
        for source in self._sources:
            if isinstance(source, SegmentSource):
                source.reader.close()
        self._sources.clear()
        super()._finish()
