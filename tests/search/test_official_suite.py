"""Runs modelsearch's own tests for search backends in a separate process, because they need other settings and models."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_all_backend_tests_of_modelsearch_pass():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.search.official.settings", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-m", "django", "test", "tests.search.official", "--pattern", "backend_tests.py"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
    )

    assert run.returncode == 0, run.stderr
    assert re.search(r"Ran 1[2-9]\d tests", run.stderr), run.stderr
    assert "skipped" not in run.stderr
