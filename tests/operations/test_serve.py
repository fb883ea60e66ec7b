"""`manage.py serve` runs the whole site: processes that end are restarted, and stopping it stops them all."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from knowledge_hub.core.supervisor import CODE_CHANGED, Child, Supervisor, is_port_free
from knowledge_hub.management.commands import serve
from tests.mail import free_port

MANAGE = [sys.executable, "-W", "ignore", str(settings.BASE_DIR / "manage.py")]


def children_of(pid: int) -> list[int]:
    """The child processes of a process, and their children."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            child = int(entry.parent.name)
            found += [child, *children_of(child)]
    return found


def wait_until(what, *, seconds: float = 150):
    """Wait until a function returns a true value, and return it; fails after some seconds."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)
    return answer


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


def create_task_tables(path: Path) -> None:
    """Create a database of the site with the tables of tasks alone; the site needs no others to start."""
    connections.settings["tasks"] = {**connections.settings["default"], "ENGINE": "knowledge_hub.core.sqlite", "NAME": str(path)}
    try:
        with connections["tasks"].schema_editor() as editor:
            for model in apps.get_app_config("django_tasks_database").get_models():
                editor.create_model(model)
    finally:
        connections["tasks"].close()
        del connections["tasks"], connections.settings["tasks"]


@pytest.fixture
def site(tmp_path, django_db_blocker):
    """The running site with an empty data directory; its database has only the tables that the worker needs."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment = {**inherited, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "knowledge_hub.settings.dev"}
    with django_db_blocker.unblock():
        create_task_tables(tmp_path / "db.sqlite3")
    port = free_port()
    command = [*MANAGE, "serve", "--port", str(port), "--workers", "2"]
    with (tmp_path / "out").open("w") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
        process.port = port
        process.output = tmp_path / "out"
        yield process
        if process.poll() is None:
            process.kill()
            process.wait()


def web_servers(site) -> list[int]:
    """The process groups of the web servers that have started."""
    return sorted({os.getpgid(pid) for pid in children_of(site.pid) if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()})


def test_killed_processes_restart_and_stop_cleanly(site):
    """A web server that dies leaves the other one running."""
    wait_until(lambda: answers(site.port))

    os.killpg(web_servers(site)[0], signal.SIGKILL)
    wait_until(lambda: " ended (code -9)" in site.output.read_text())
    wait_until(lambda: answers(site.port), seconds=10)
    assert all(answers(site.port) for _ in range(3))
    wait_until(lambda: len(web_servers(site)) == 2)

    children = children_of(site.pid)
    assert len(children) >= 3
    site.send_signal(signal.SIGTERM)
    assert site.wait(timeout=30) == 0
    wait_until(lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()], seconds=10)
    assert "Stopped." in site.output.read_text()


def test_a_port_in_use_is_reported():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=rf"Port {port} on 127\.0\.0\.1 is taken.*PORT={port + 1}"):
            call_command("serve", port=port)


def test_restart_delays_of_failing_processes_grow():
    child = Child("short-lived", ["true"])

    pauses = []
    for _ in range(3):
        child.start()
        child.process.wait()
        pauses.append(child.plan_restart())

    assert pauses == [2, 4, 8]
    assert {child.longest_pause for child in serve.production("127.0.0.1", 8000, 2)[:2]} == {serve.WEB_PAUSE}
    assert serve.WEB_PAUSE < 5, "visitors wait"


def test_a_process_that_does_not_stop_is_killed(monkeypatch, tmp_path):
    monkeypatch.setattr("knowledge_hub.core.supervisor.STOP_WITHIN", 1)
    said, ready = [], tmp_path / "ready"
    deaf = f"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({str(ready)!r}, 'w').close(); time.sleep(60)"
    stubborn = Child("stubborn one", [sys.executable, "-c", deaf])
    supervisor = Supervisor([stubborn], say=said.append)
    stubborn.start()
    wait_until(ready.exists)

    supervisor._stop_children()

    assert stubborn.exit_code() == -signal.SIGKILL
    assert "did not stop" in said[0]


def run_supervisor(supervisor: Supervisor, *, until) -> None:
    """Run a supervisor in this thread until a condition holds."""
    supervisor.each_second = lambda: setattr(supervisor, "stopping", until())
    supervisor.run()


def test_forked_process_reloads_at_once_on_changed_code(tmp_path):
    log = tmp_path / "log"
    said = []

    def first_run():
        log.write_text(f"forked with {os.environ['ADDRESS']}")
        sys.exit(CODE_CHANGED)

    command = [sys.executable, "-c", f"import time; open({str(log)!r}, 'a').write(', then started'); time.sleep(60)"]
    child = Child("web server", command, {**os.environ, "ADDRESS": "here"}, first_run)

    run_supervisor(Supervisor([child], say=said.append), until=lambda: log.exists() and "started" in log.read_text())

    assert log.read_text() == "forked with here, then started"
    assert said == []


def test_forked_process_stops_with_the_supervisor(tmp_path):
    ready = tmp_path / "ready"

    def first_run():
        ready.touch()
        time.sleep(60)

    child = Child("web server", ["false"], None, first_run)

    run_supervisor(Supervisor([child], say=print), until=ready.exists)

    assert child.exit_code() == -signal.SIGTERM


def test_an_unused_port_is_reported_as_free():
    assert is_port_free("127.0.0.1", free_port())


@pytest.mark.parametrize(("part", "program"), [("web", "granian"), ("worker", "db_worker"), ("clock", "tick")])
def test_one_process_alone_replaces_the_command(monkeypatch, part, program):
    """The supervisor of the system then sees the process itself: its end, its memory and its signals."""
    became = {}

    def execve(path, command, environment):
        became.update(path=path, command=command, environment=environment)
        raise SystemExit

    monkeypatch.setattr(os, "execve", execve)
    port = free_port()

    with pytest.raises(SystemExit):
        call_command("serve", only=part, port=port)

    assert program in " ".join(became["command"])
    assert Path(became["path"]).is_absolute()
    assert became["environment"]["PATH"] == os.environ["PATH"]
    assert (str(port) in became["command"]) == (part == "web")
