"""Runs all tests marked ``postgresql`` on a temporary PostgreSQL server.

To run them on a server of your own (as a superuser, because migrations create an extension):

    DATABASE_URL=postgres://… SEARCH_URL=postgresql: python -m pytest -m postgresql tests
"""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests.postgresql import cluster

PLACES = [
    "tests/concurrency",
    "tests/operations/test_backup.py",
    "tests/operations/test_budgets.py",
    "tests/postgresql",
    "tests/visits/test_capacity.py",
    "tests/visits/test_bulk_reads.py",
    "tests/visits/test_speakers.py",
    "tests/visits/staff/test_agenda.py",
    "tests/visits/staff/test_desk_page.py",
    "tests/visits/staff/test_inbox.py",
]


@pytest.mark.long
@pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="this run is on PostgreSQL already")
def test_marked_tests_pass_on_postgresql():
    with cluster.running() as url:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TEST_DIR"))}
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "postgresql", "-p", "no:cacheprovider", "-q", *PLACES],
            cwd=settings.BASE_DIR,
            env={**inherited, "DATABASE_URL": url, "SEARCH_URL": "postgresql:"},
            capture_output=True,
            text=True,
            timeout=600,
        )

    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    # The run was not empty: it included migrations, races and the search page.
    assert int(re.search(r"(\d+) passed", run.stdout)[1]) > 20, run.stdout[-2000:]
