"""Measure the search: our engine, whole backends, stemmers, memory.

    python -m bench search [--sizes 1000,10000,100000] [--rounds 3] [--parts engine,backend,stemmers,memory] [--keep DIRECTORY] [--quick]

Every number is measured in one run in which the contestants take turns. Who is compared with (tantivy, Sastrawi, a PostgreSQL server) is
installed first if it is missing; a bar that could not be measured counts as missed. With --keep the indexes stay in a directory and are
used again, which saves their building.
"""

import importlib.util
import os
import pickle
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from bench import bars
from bench.search.report import Report
from tests.scale_out import postgresql

INSTALL = Path(__file__).resolve().parents[2] / "requirements" / "install.sh"
PARTS = ("engine", "backend", "stemmers", "memory")
# Wagtail's SQLite backend takes seconds for a search of 10,000 texts.
SQLITE_UP_TO = 1000
POSTGRESQL_UP_TO = 10_000


def main() -> int:
    """Run the parts and print the tables; 1 when a bar is missed."""
    options = bars.parser("search", __doc__)
    options.add_argument("--sizes", default="1000,10000,100000", help="numbers of documents, with commas; 10000 and 100000 have bars")
    options.add_argument("--rounds", type=int, default=3, help="how many rounds")
    options.add_argument("--parts", default=",".join(PARTS), help="what is measured, with commas")
    options.add_argument("--keep", type=Path, help="a directory where indexes stay for the next run")
    chosen = bars.parse(options, sizes="300", rounds=1)
    sizes = [int(size) for size in chosen.sizes.split(",")]
    parts = chosen.parts.split(",")
    if missing():
        subprocess.run([INSTALL, "bench"], check=False)
    found = bars.Bars("search", judged=not chosen.quick)
    report = Report(found, missing())
    with nullcontext(chosen.keep) if chosen.keep else tempfile.TemporaryDirectory(prefix="bench-search-") as directory:
        if "stemmers" in parts:
            report.stemmers(_in_child("stemmers", 0, chosen, directory))
        if "engine" in parts:
            for size in sizes:
                report.engine(size, _in_child("engine", size, chosen, Path(directory, str(size))))
        if "memory" in parts:
            there = [size for size in sizes if Path(directory, str(size), "built").exists()]
            settings = {"DJANGO_SETTINGS_MODULE": "knowledge_hub.settings.test"}
            report.memory({size: _in_child("memory", size, chosen, Path(directory, str(size)), **settings) for size in there})
        if "backend" in parts:
            _backends(report, sizes, chosen)
    report.growth()
    return found.end()


def missing() -> list[str]:
    """Which of those that are compared with are not installed."""
    found = [
        title for name, title in (("tantivy", "tantivy"), ("Sastrawi", "PySastrawi"), ("psycopg", "PostgreSQL")) if not _is_there(name)
    ]
    try:
        postgresql.programs()
    except FileNotFoundError:
        found.append("PostgreSQL")
    return list(dict.fromkeys(found))


def _is_there(package: str) -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec(package) is not None


def _backends(report: Report, sizes: list[int], chosen) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-backend-") as directory:
        for size in sizes:
            if size <= SQLITE_UP_TO:
                files = {"BENCH_SQLITE": f"{directory}/{size}.sqlite3", "BENCH_INDEX": f"{directory}/index-sqlite-{size}"}
                report.backend(size, "SQLite", _in_child("backend", size, chosen, directory, **files))
        for size in sizes:
            if size > POSTGRESQL_UP_TO:
                continue
            if "PostgreSQL" in missing():
                report.backend(size, "PostgreSQL", None)
                continue
            with postgresql.running(**postgresql.DURABLE) as url:
                where = {"BENCH_POSTGRESQL": url, "BENCH_INDEX": f"{directory}/index-postgresql-{size}"}
                report.backend(size, "PostgreSQL", _in_child("backend", size, chosen, directory, **where))


def _in_child(part: str, size: int, chosen, directory, **environment: str) -> dict:
    print(f"… {part} {size or ''}", file=sys.stderr)
    with tempfile.NamedTemporaryFile() as answer:
        keep = "keep" if chosen.keep else "once"
        command = [sys.executable, "-W", "ignore", "-m", "bench.search.child", part, str(size), str(chosen.rounds), str(directory), keep]
        settings = {"DJANGO_SETTINGS_MODULE": "bench.search.settings", **environment}
        subprocess.run([*command, answer.name], check=True, env={**os.environ, **settings})
        return pickle.loads(Path(answer.name).read_bytes())  # noqa: S301 -- written by our own child a moment ago


if __name__ == "__main__":
    sys.exit(main())
