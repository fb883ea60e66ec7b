"""A PostgreSQL server for one run: in a temporary directory, reached through a socket in it, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from importlib.util import find_spec
from pathlib import Path


def missing() -> str | None:
    """What keeps a server from being started, None if nothing does."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    if _program("initdb") is None:
        return "no PostgreSQL server is installed"
    if os.getuid() == 0 and _other_user() is None:
        return "PostgreSQL does not run as root and there is no user postgres"
    return None


@contextmanager
def running() -> Iterator[str]:
    """A running server; yields the directory of its socket. Its superuser is called bench."""
    user = _other_user() if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="bench-postgresql-") as directory:
        data = Path(directory, "data")
        if user:
            shutil.chown(directory, user)
        _run(
            user,
            _program("initdb"),
            "--pgdata",
            data,
            "--username",
            "bench",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
        )
        options = f"-c listen_addresses='' -c unix_socket_directories='{directory}' -c shared_buffers=256MB"
        _run(user, _program("pg_ctl"), "--pgdata", data, "--wait", "--log", Path(directory, "log"), "--options", options, "start")
        try:
            yield directory
        finally:
            _run(user, _program("pg_ctl"), "--pgdata", data, "--wait", "--mode", "immediate", "stop")


def _run(user, *command) -> None:
    front = ["runuser", "--user", user, "--"] if user else []
    subprocess.run([*front, *map(str, command)], check=True, capture_output=True, cwd="/")


def _program(name: str) -> str | None:
    return shutil.which(name) or next(iter(sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)


def _other_user() -> str | None:
    return next((entry.pw_name for entry in pwd.getpwall() if entry.pw_name == "postgres"), None)
