"""Memory of a process that serves the site with an index of so many documents warm."""

import gc
import resource
from pathlib import Path

from django.urls import get_resolver

BAR_MIB = 400
LARGEST = 100_000


def run(count: int, directory: Path) -> dict[str, float]:
    """Load the site, open the index, ask every kind of question; resident memory in MiB before and after.

    Args:
        count: how many documents the index has; the questions depend on it.
        directory: where an engine run kept its indexes.
    """
    # As a web process has it: all views and templates' libraries.
    _ = get_resolver().url_patterns
    from bench.search.corpus import documents, questions
    from bench.search.engines import Ours

    asked = questions(documents(min(count, 10_000)))
    gc.collect()
    before = _resident()
    engine = Ours(directory / "ours")
    for word in [*asked.one, *asked.common]:
        engine.facets(word)
        engine.excerpts(word)
    for pair in asked.two:
        engine.two(pair)
    for pair in asked.phrases:
        engine.phrase(pair)
    for letters in asked.prefixes:
        engine.beginning(letters)
    engine.store.searcher().similar("pelayanan", 2, 5)
    return {"before": before, "after": _resident()}


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
