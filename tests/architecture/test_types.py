"""The type checker covers the packages that it should, and finds what is wrong in them; `make lint` runs it over all of them."""

import re
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.source import python_files

PACKAGES = {"knowledge_hub/core", "knowledge_hub/ical", "knowledge_hub/papers", "knowledge_hub/search", "visits/domain"}
"""What is checked. Add a package when all its functions have types."""


@pytest.fixture(scope="module")
def configured():
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["mypy"]


def test_whole_packages_are_checked(configured):
    assert set(configured["files"]) == PACKAGES
    assert "exclude" not in configured


def test_only_libraries_without_types_are_left_out(configured):
    for override in configured["overrides"]:
        assert set(override) == {"module", "ignore_missing_imports"}
        assert not [name for name in override["module"] if name.split(".")[0] in {"*", "home", "knowledge_hub", "visits"}]


def test_wrong_types_are_found(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from knowledge_hub.core.file_types import ending_of\n\nending_of(1)\n\n\ndef untyped(x):\n    return ending_of(x)\n",
    )
    command = [str(Path(sys.executable).parent / "mypy"), str(wrong)]

    report = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False).stdout

    assert re.findall(r"wrong\.py:(\d+): error: .*\[(.*)\]", report) == [("3", "arg-type"), ("6", "no-untyped-def")], report


def test_every_ignored_error_has_its_reason():
    for path in python_files(*PACKAGES):
        with path.open("rb") as file:
            comments = [token.string for token in tokenize.tokenize(file.readline) if token.type == tokenize.COMMENT]
        ignored = [comment for comment in comments if "type: ignore" in comment]
        assert all(re.fullmatch(r"# type: ignore\[[a-z-]+\]  # \S.+", comment) for comment in ignored), path
