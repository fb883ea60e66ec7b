"""The documents name files and packages that exist."""

import re
import tomllib

from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
PATH = re.compile(r"`((?:knowledge_hub|visits|home|templates|tests|docs|locale|static|bench)/[\w./-]+)`")


def missing_paths(text: str) -> list[str]:
    return [path for path in PATH.findall(text) if not (settings.BASE_DIR / path).exists()]


def test_documents_name_files_that_exist():
    assert missing_paths("`visits/domain/nothing.py`") == ["visits/domain/nothing.py"]

    pages = [*settings.BASE_DIR.glob("*.md"), *DOCS.rglob("*.md")]

    assert {page.name: missing for page in pages if (missing := missing_paths(page.read_text()))} == {}


def test_architecture_picture_shows_every_package():
    contracts = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [
        layer
        for contract in contracts
        if contract["type"] == "layers" and contract["containers"] in (["visits"], ["knowledge_hub"])
        for layer in contract["layers"]
    ]
    shown = set(re.findall(r"\w+", (DOCS / "img" / "architecture.svg").read_text()))

    assert {name for layer in layers for name in re.findall(r"\w+", layer)} - shown == set()


def test_every_decision_is_listed():
    listed = set(re.findall(r"\((\w[\w-]*\.md)\)", (DOCS / "decisions" / "README.md").read_text()))

    assert listed == {page.name for page in (DOCS / "decisions").glob("*.md")} - {"README.md"}
