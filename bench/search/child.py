"""One part of the measurements in a process of its own: ``python -m bench.search.child PART COUNT ROUNDS DIRECTORY KEEP ANSWER``."""

import pickle
import sys
from pathlib import Path

import django


def main(part: str, count: str, rounds: str, directory: str, keep: str, answer: str) -> None:
    """Measure a part and leave what was found in the file ``answer``."""
    django.setup()
    if part == "engine":
        from bench.search import engine_run

        found = engine_run.run(int(count), int(rounds), Path(directory), keep=keep == "keep")
    elif part == "backend":
        from bench.search import backend_run

        found = backend_run.run(int(count), int(rounds))
    elif part == "memory":
        from bench.search import memory_run

        found = memory_run.run(int(count), Path(directory))
    else:
        from bench.search import stemmers

        found = stemmers.run()
    Path(answer).write_bytes(pickle.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
