"""Runs all tests marked ``scale_out`` as a site on several machines: with temporary PostgreSQL, Redis and S3 servers.

To run them on servers of your own (on PostgreSQL as a superuser, because migrations create an extension):

    DATABASE_URL=postgres://… SEARCH_URL=postgresql: CACHE_URL=rediscache://… STORAGE_URL=s3://… python -m pytest -m scale_out tests
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.scale_out import services

PLACES = [
    "tests/concurrency",
    "tests/knowledge_hub/test_cache.py",
    "tests/operations/test_backup.py",
    "tests/operations/test_budgets.py",
    "tests/scale_out",
    "tests/visits/test_capacity.py",
    "tests/visits/test_bulk_reads.py",
    "tests/visits/test_speakers.py",
    "tests/visits/staff/test_agenda.py",
    "tests/visits/staff/test_desk_page.py",
    "tests/visits/staff/test_inbox.py",
]


@pytest.mark.long
@pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="this run is on PostgreSQL already")
def test_marked_tests_pass_on_several_servers(django_db_setup):
    with services.running() as environment:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TEST_DIR"))}
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "scale_out", "-p", "no:cacheprovider", "-q", *PLACES],
            cwd=settings.BASE_DIR,
            env={**inherited, **environment},
            capture_output=True,
            text=True,
            timeout=600,
        )

    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    # The run was not empty: it included migrations, races and the search page.
    assert int(re.search(r"(\d+) passed", run.stdout)[1]) > 20, run.stdout[-2000:]


def test_all_files_with_marked_tests_are_run():
    root = settings.BASE_DIR
    marked = {path for path in root.glob("tests/**/test_*.py") if "mark.scale_out" in path.read_text()} - {Path(__file__)}
    run = {path for place in PLACES for path in ([root / place] if place.endswith(".py") else root.glob(f"{place}/*.py"))}
    assert marked <= run
