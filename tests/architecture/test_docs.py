"""The documents name files and packages that exist."""

import re
import tomllib

import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
PATH = re.compile(r"`((?:knowledge_hub|visits|home|templates|tests|docs|locale|static|bench)/[\w./-]+)`")


def missing_paths(text: str) -> list[str]:
    return [path for path in PATH.findall(text) if not (settings.BASE_DIR / path).exists()]


def test_documents_name_files_that_exist():
    assert missing_paths("`visits/domain/nothing.py`") == ["visits/domain/nothing.py"]

    pages = [*settings.BASE_DIR.glob("*.md"), *DOCS.rglob("*.md")]

    assert {page.name: missing for page in pages if (missing := missing_paths(page.read_text()))} == {}


@pytest.mark.parametrize("app", ["knowledge_hub", "visits"])
def test_architecture_picture_shows_the_layers(app):
    contracts = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [contract] = [contract for contract in contracts if contract.get("containers") == [app]]
    rows = re.findall(r'font-weight="600"[^>]*>([^<]+)<', (DOCS / "img" / "architecture.svg").read_text())

    layers = [set(re.findall(r"\w+", layer)) for layer in contract["layers"]]
    pictured = [set(re.findall(r"\w+", row)) for row in rows]

    start = pictured.index(layers[0])
    assert pictured[start : start + len(layers)] == layers


def test_every_decision_is_listed():
    listed = set(re.findall(r"\((\w[\w-]*\.md)\)", (DOCS / "decisions" / "README.md").read_text()))

    assert listed == {page.name for page in (DOCS / "decisions").glob("*.md")} - {"README.md"}
