"""Cache of stems in a file beside the indexes, so that a new process does not compute them again.

The first line of the file contains the version of the stemming rules and the checksum of the rest. A file of another version or a
damaged file is ignored and overwritten later.
"""

import hashlib
import logging
import zlib
from functools import cache
from pathlib import Path

from knowledge_hub.search.engine.storage import make_private, write_durably
from knowledge_hub.search.words import analysis
from knowledge_hub.search.words.indonesian.stemmer import HERE, REGIONS

logger = logging.getLogger(__name__)

LANGUAGE = "id"
# Minimum number of new stems for writing the file again.
MIN_NEW_STEMS = 200
_RULES = (*sorted(HERE.glob("*.py")), HERE / "roots.txt", REGIONS, HERE.parent / "stop_words.py")
_kept: dict[Path, int] = {}


@cache
def rules_version() -> str:
    """Hash of rules, roots, exceptions, stop words and names of regions; it changes with any of them."""
    digest = hashlib.sha256()
    for file in _RULES:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def load(folder: Path) -> int:
    """Load the stems of a folder; returns their number."""
    try:
        head, _, body = (folder / "stems").read_text(encoding="utf-8").partition("\n")
        version, checksum = head.split(" ")
    except FileNotFoundError:
        return 0
    except (OSError, ValueError) as error:
        logger.warning("The file of stems in %s can't be read (%s) and is written anew.", folder, error)
        return 0
    if version != rules_version():
        return 0
    if checksum != f"{zlib.crc32(body.encode()):08x}":
        logger.warning("The file of stems in %s is damaged and is written anew.", folder)
        return 0
    known = dict(line.split("\t") for line in body.splitlines())
    analysis.cache_stems(LANGUAGE, known)
    _kept[folder] = len(known)
    return len(known)


def save(folder: Path) -> bool:
    """Write the known stems if enough of them are new; returns whether it did."""
    known = analysis.cached_stems(LANGUAGE)
    if len(known) < _kept.get(folder, 0) + MIN_NEW_STEMS:
        return False
    body = "\n".join(f"{word}\t{root}" for word, root in sorted(known.items()))
    make_private(folder)
    write_durably(folder / "stems", f"{rules_version()} {zlib.crc32(body.encode()):08x}\n{body}")
    _kept[folder] = len(known)
    return True
