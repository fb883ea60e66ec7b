"""Starts a temporary PostgreSQL server, with its data and its socket in a temporary directory."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER = "tester"
# For speed. The tests are about concurrent transactions, not about power failures.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}


# The settings of a production server, for measurements.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "shared_buffers": "256MB"}


def programs() -> Path:
    """The directory with the programs of the newest installed PostgreSQL.

    Raises:
        FileNotFoundError: there is none; requirements/system-test.txt names the package.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise FileNotFoundError("PostgreSQL's programs are missing; run requirements/install.sh test")
    return (found[-1] if found else Path(on_path)).parent


@contextmanager
def running(**options: str) -> Iterator[str]:
    """Run a new cluster during a ``with`` block; yields the DATABASE_URL of a database that does not exist yet.

    Args:
        options: PostgreSQL settings that override or extend OPTIONS.
    """
    folder = Path(tempfile.mkdtemp(prefix="kh-pg-"))
    as_owner = _without_root(folder)
    try:
        _run([*as_owner, programs() / "initdb", "-D", folder / "data", "-U", OWNER, "--auth=trust", "--no-sync", "--locale=C.UTF-8"])
        settings = [word for name, value in (OPTIONS | options).items() for word in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [*as_owner, programs() / "postgres", "-D", folder / "data", "-k", folder, *settings],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_it_answers(server, folder)
            yield f"postgres://{OWNER}@/{folder}/knowledge_hub"
        finally:
            # SIGINT is PostgreSQL's "fast shutdown", which does not wait for clients.
            server.send_signal(2)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _without_root(folder: Path) -> list[str]:
    """The command prefix that runs PostgreSQL without root, which it refuses, and ends it with this process.

    As root, the user "postgres" or "nobody" runs it and becomes the owner of the folder.
    """
    if os.geteuid() != 0:
        return ["setpriv", "--pdeathsig", "INT"]
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig", "INT"]


def _wait_until_it_answers(server: subprocess.Popen, folder: Path) -> None:
    until = time.monotonic() + 60
    while subprocess.run([programs() / "pg_isready", "-q", "-h", folder], check=False).returncode:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL did not start (exit status {server.poll()}).")
        time.sleep(0.05)


def _run(command: list) -> None:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[-1]}: {done.stdout}{done.stderr}")
