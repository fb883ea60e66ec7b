"""Runs tests with PostgreSQL, Redis and S3 servers of their own: ``python -m tests.scale_out [options of pytest]``.

Without options: the whole suite. Tests of the search that the site brings along need it, so it stays; the tests that are marked
``scale_out`` run with PostgreSQL's search too, by tests/scale_out/test_scale_out.py.
"""

import logging
import os
import subprocess
import sys

from tests.scale_out import services

if __name__ == "__main__":
    # The S3 server logs each request.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with services.running() as environment:
        environment.pop("SEARCH_URL")
        command = [sys.executable, "-m", "pytest", *(sys.argv[1:] or ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"])]
        sys.exit(subprocess.run(command, env={**os.environ, **environment}, check=False).returncode)
