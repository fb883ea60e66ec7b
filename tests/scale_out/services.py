"""Starts the other servers of a site on several machines: a Redis and a storage that speaks S3."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import boto3
from moto.server import ThreadedMotoServer

from tests.scale_out import postgresql

KEY, SECRET, BUCKET = "tester", "only-for-tests", "knowledge-hub"


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """Run all servers of the site during a ``with`` block; yields the settings of the environment that name them."""
    with postgresql.running() as database, redis() as cache, s3() as storage:
        # Whatever proxy this machine has, it does not lead to these servers.
        yield {
            "DATABASE_URL": database,
            "SEARCH_URL": "postgresql:",
            "CACHE_URL": cache,
            "STORAGE_URL": storage,
            "NO_PROXY": "127.0.0.1",
        }


@contextmanager
def redis() -> Iterator[str]:
    """Run a new Redis during a ``with`` block; yields its CACHE_URL.

    Raises:
        FileNotFoundError: it is not installed; requirements/system-test.txt names the package.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("Redis is missing; run requirements/install.sh test")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([program, *options], cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(server, port)
        yield f"rediscache://127.0.0.1:{port}/1"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_it_listens(server: subprocess.Popen, port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except ConnectionRefusedError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)


@contextmanager
def s3() -> Iterator[str]:
    """Run an S3 server with an empty bucket during a ``with`` block; yields its STORAGE_URL."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"s3+http://{KEY}:{SECRET}@{host}:{port}/{BUCKET}"
        client = s3_client(url)
        client.create_bucket(Bucket=BUCKET)
        client.close()
        yield url
    finally:
        server.stop()


def s3_client(url: str):
    """A client of the S3 server behind a STORAGE_URL, to look at its bucket from outside."""
    parts = urlsplit(url)
    return boto3.client(
        "s3",
        endpoint_url=f"http://{parts.hostname}:{parts.port}",
        aws_access_key_id=parts.username,
        aws_secret_access_key=parts.password,
        region_name="us-east-1",
    )
