"""The measurements of bench/: only that they can be asked for; what they measure needs a quiet machine and minutes."""

import subprocess
import sys

import pytest
from django.conf import settings

from bench import unit
from bench.__main__ import AREAS
from bench.bars import Bars


def bench(*arguments):
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)


def test_help_names_every_area():
    answer = bench("--help")

    assert answer.returncode == 0
    assert all(area in answer.stdout for area in AREAS)


@pytest.mark.parametrize("area", AREAS)
def test_every_area_answers_help(area):
    answer = bench(area, "--help")

    assert answer.returncode == 0, answer.stderr
    assert f"python -m bench {area}" in answer.stdout
    assert "--quick" in answer.stdout


def test_an_unknown_area_gives_one_line():
    answer = bench("bookings")

    assert answer.returncode == 2
    assert answer.stderr.splitlines() == [f"There is no area “bookings”. Choose from: {', '.join(AREAS)}."]


@pytest.fixture
def fast_unit(monkeypatch):
    monkeypatch.setattr(unit, "STEPS", 10)


@pytest.mark.usefixtures("fast_unit")
@pytest.mark.parametrize(("measured", "is_missed"), [(2.0, False), (2.1, True), (None, True)])
def test_bars_without_measurement_are_missed(measured, is_missed):
    bars = Bars("booking", judged=True)
    bars.add("time × floor", measured, most=2)

    assert bars.end() == is_missed


@pytest.mark.usefixtures("fast_unit")
def test_a_quick_run_misses_no_bar():
    bars = Bars("booking", judged=False)
    bars.add("time × floor", 3.0, most=2)

    assert bars.end() == 0


def test_a_changed_unit_gives_a_warning(monkeypatch):
    measured = iter([100.0, 112.0])
    monkeypatch.setattr(unit, "measure", lambda: next(measured))
    of_the_run = unit.Unit()
    assert not of_the_run.warning()

    of_the_run.end()

    assert "10%" in of_the_run.warning()
    assert of_the_run.ms == 106
