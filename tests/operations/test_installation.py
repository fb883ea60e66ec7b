"""The units that systemd runs start commands that exist, with few rights; the script that installs them says what it needs."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

UNITS = settings.BASE_DIR / "deploy" / "systemd"
PYTHON = "/srv/knowledge-hub/.venv/bin/python"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
EXPOSURE = 15
"""Tenths; systemd calls up to 2.0 OK, and a service without any limits has 9.6."""


def directives(path: Path) -> list[tuple[str, str]]:
    """Name and value of each line of a unit."""
    lines = [line for line in path.read_text().splitlines() if line and line[0] not in "#["]
    return [tuple(line.split("=", 1)) for line in lines]


def values(path: Path, name: str) -> list[str]:
    return [value for key, value in directives(path) if key == name]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_a_command_that_exists(service):
    [command] = values(UNITS / service, "ExecStart")
    python, manage, name, *arguments = shlex.split(command.replace("%i", "8001"))

    assert (python, manage) == (PYTHON, "manage.py")
    load_command_class(get_commands()[name], name).create_parser("manage.py", name).parse_args(arguments)


def test_all_services_have_the_same_limits():
    limits = dict(directives(UNITS / "knowledge-hub-.service.d" / "hardening.conf"))

    assert all(service.startswith("knowledge-hub-") for service in SERVICES), "systemd applies the limits to these names"
    assert (limits["User"], limits["ProtectSystem"], limits["StateDirectory"]) == ("knowledge-hub", "strict", "knowledge-hub")
    assert limits["CapabilityBoundingSet"] == ""
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "PrivateDevices", "MemoryDenyWriteExecute", "RestrictNamespaces"):
        assert limits[name] == "true"
    for service in SERVICES:
        assert not {name for name, _value in directives(UNITS / service)} & limits.keys()


def test_each_service_has_what_starts_it():
    timers = {path.stem for path in UNITS.glob("*.timer")}

    for service in SERVICES:
        path = UNITS / service
        if values(path, "Type") == ["oneshot"]:
            assert path.stem in timers
        else:
            assert values(path, "WantedBy") == values(path, "PartOf") == ["knowledge-hub.target"]
            assert values(path, "Restart") == ["always"]
    for timer in timers:
        assert f"{timer}.service" in SERVICES
        assert values(UNITS / f"{timer}.timer", "WantedBy") == ["timers.target"]


def test_systemd_takes_the_units_and_finds_little_exposed(tmp_path):
    shutil.copytree(UNITS, tmp_path, dirs_exist_ok=True)
    for service in SERVICES:
        unit = tmp_path / service
        unit.write_text(unit.read_text().replace(PYTHON, sys.executable))
    units = [str(path) for path in tmp_path.iterdir() if path.is_file()]

    verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert str(tmp_path) not in verified.stderr + verified.stdout
    assert "knowledge-hub" not in verified.stderr
    assert verified.returncode == 0
    services = [str(tmp_path / service) for service in SERVICES]
    security = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", *services]
    done = subprocess.run(security, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("", "Say what to install, and for which host name"),
        ("both kunjungan.example.go.id", "Say what to install"),
        ("embedded localhost", "localhost is no host name"),
        ("scale-out kunjungan.example.go.id --fast", "The option --fast is not known"),
        ("embedded kunjungan.example.go.id --restore /nowhere", 'There is no backup in "/nowhere"'),
    ],
)
def test_the_installation_says_what_it_needs(arguments, sentence):
    done = subprocess.run([UNITS.parent / "install.sh", *arguments.split()], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr


@pytest.mark.parametrize("command", ["install.sh embedded", "install.sh scale-out", "--restore", "knowledge-hub verify_installation"])
def test_the_documentation_has_the_commands_that_are_rehearsed(command):
    """`make rehearse` reads them there, and does what stands there."""
    commands = [line for line in (settings.BASE_DIR / "docs" / "operations.md").read_text().splitlines() if line.startswith("    ")]

    assert any(command in line for line in commands)
