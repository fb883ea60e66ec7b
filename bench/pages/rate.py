"""How many requests a second of the server's CPU answers: kept pages against a view that does nothing, in turns on one server."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def server(environment: dict[str, str], port: int):
    """granian with one worker, as `manage.py serve` starts it; gives its process."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen([*command, "knowledge_hub.wsgi:application"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            if _ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30), "/healthz"):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The server did not start.")


def _ask(connection: http.client.HTTPConnection, address: str) -> bytes:
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (address, answer.status)
    return body


def cpu_seconds(parent: int) -> float:
    """What a process and its children have used."""
    total = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(path.parent.name) == parent or int(fields[1]) == parent:
            total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def rates(port: int, process: subprocess.Popen, addresses: list[str], *, rounds: int, requests: int) -> dict[str, list[float]]:
    """Requests a second of the server's CPU, for each address in each round; one round more comes first and is not counted."""
    found: dict[str, list[float]] = {address: [] for address in addresses}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number in range(rounds + 1):
        for address in addresses:
            before = cpu_seconds(process.pid)
            for _ in range(requests):
                _ask(connection, address)
            if number:
                found[address].append(requests / (cpu_seconds(process.pid) - before))
    return found
