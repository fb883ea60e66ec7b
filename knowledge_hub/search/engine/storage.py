"""Files of an index: private directories, fsync before a commit, and a lock for one writer."""

import fcntl
import os
import struct
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Self

from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import FileFormatError
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import TOC, FileIndex


class IndexDamaged(Exception):
    """Files of an index are missing, damaged, or written by an incompatible release; only a rebuild helps.

    Raised only where files are read, so that a programming error is never taken for damage.
    """


# Whoosh has no exception for most damage: damaged bytes and pickles raise any of these.
_RAISED_BY_DAMAGE = (
    OSError,
    whoosh_index.IndexError,
    whoosh_index.IndexVersionError,
    FileFormatError,
    UnpicklingError,
    struct.error,
    zlib.error,
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
)


@contextmanager
def reading_files() -> Iterator[None]:
    """Translate what Whoosh raises for damaged files into IndexDamaged.

    Wrap calls into Whoosh only. Our own code checks what it decodes and raises IndexDamaged itself, so that its errors propagate.
    """
    try:
        yield
    except _RAISED_BY_DAMAGE as error:
        raise IndexDamaged(str(error) or type(error).__name__) from error


def open_index(directory: Path) -> FileIndex:
    """Open the Whoosh index in a directory. Raises IndexDamaged."""
    storage = DurableStorage(directory)
    with reading_files():
        return FileIndex(storage)


def read_toc(index: FileIndex) -> TOC:
    """Read the table of contents of an index. Raises IndexDamaged."""
    with reading_files():
        return index._read_toc()


class DurableStorage(FileStorage):
    """Whoosh's directory of files, with fsync before each commit.

    Whoosh commits by renaming a table of contents. Before that, all new files are synced to disk, and the directory after it, so that
    a killed process or a power failure never leaves a table of contents without its files.
    """

    def __init__(self, path: Path):
        super().__init__(str(path))
        self._written: set[str] = set()

    def create_file(self, name: str, **kwargs: Any) -> StructFile:
        """Open a new file for writing, to be synced by the next commit."""
        self._written.add(name)
        return super().create_file(name, **kwargs)

    def open_file(self, name: str, **kwargs: Any) -> StructFile:
        """Open a file. A table of contents is read into memory, so that no file stays open if it is damaged."""
        if name.endswith(".toc"):
            return BufferFile(Path(self.folder, name).read_bytes(), name=name)
        return super().open_file(name, **kwargs)

    def rename_file(self, frm: str, to: str, safe: bool = False) -> None:
        """Sync all new files to disk, then rename the file."""
        paths = [path for name in self._written if os.path.exists(path := os.path.join(self.folder, name))]
        self._written.clear()
        # In parallel: the file system then writes its journal once or twice and not for each file.
        with ThreadPoolExecutor(max_workers=len(paths) or 1) as threads:
            list(threads.map(_sync, paths))
        super().rename_file(frm, to, safe=safe)
        _sync(self.folder)


class SegmentStorage(DurableStorage):
    """The same directory for opening one segment: Whoosh leaves files open when it fails at a damaged one."""

    def __init__(self, path: Path):
        super().__init__(path)
        self._opened: list[StructFile] = []

    def open_file(self, name: str, **kwargs: Any) -> StructFile:
        """Open a file, to be closed on error."""
        file = super().open_file(name, **kwargs)
        self._opened.append(file)
        return file

    @contextmanager
    def closed_on_error(self) -> Iterator[Self]:
        """Close all files that were opened inside if it raises; otherwise the reader closes them."""
        try:
            yield self
        except BaseException:
            for file in self._opened:
                if not file.is_closed:
                    file.close()
            raise
        finally:
            self._opened.clear()


def _sync(path: str | Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private(path: Path) -> Path:
    """Create a directory for this user only: index files contain pickles, so whoever can write them can execute code."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def write_durably(path: Path, text: str) -> None:
    """Replace a small file atomically; readers see the old or the new text."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    beside.write_text(text)
    _sync(beside)
    beside.replace(path)
    _sync(path.parent)


@contextmanager
def write_lock(path: Path, *, wait: float | None, create: bool = True) -> Iterator[bool]:
    """Hold a lock file; yields whether the lock was obtained.

    The kernel releases the lock when the process ends, so no stale lock remains.

    Args:
        path: the lock file.
        wait: seconds to wait, 0 to try once, None to wait forever.
        create: whether to create the file if it is missing.

    Raises:
        FileNotFoundError: the file is missing and ``create`` is false.
    """
    descriptor = os.open(path, os.O_RDWR | (os.O_CREAT if create else 0), 0o600)
    try:
        if wait is None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield True
            return
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    yield False
                    return
                time.sleep(0.005)
            else:
                yield True
                return
    finally:
        os.close(descriptor)
