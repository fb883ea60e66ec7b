"""Reads the project's own source for the tests of its rules."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def tracked_files() -> list[Path]:
    """The existing files under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := settings.BASE_DIR / name).is_file()]


def python_files(*folders: str) -> Iterator[Path]:
    """The Python files of some packages, without migrations."""
    for folder in folders:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def status_writes(source: str) -> list[int]:
    """Lines that set the status of a visit: ``visit.status = …``, or ``status=VisitStatus.…`` in a call that writes.

    Reading (``filter(status=…)``) is not reported.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "status" and _refers_to_visits(target.value, node.value):
                    found.append(node.lineno)
        elif isinstance(node, ast.Call) and _name(node.func) in {
            "update",
            "create",
            "Visit",
            "update_or_create",
            "get_or_create",
            "setattr",
        }:
            about_visits = re.search(r"\bVisit\b", ast.unparse(node.func))
            for keyword in node.keywords:
                if keyword.arg == "status" and (about_visits or "VisitStatus" in ast.dump(keyword.value)):
                    found.append(node.lineno)
    return found


def long_test_names(source: str, words: int) -> list[str]:
    """Names of test functions and methods with more words than allowed after the prefix ``test_``."""
    functions = (node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [name for name in functions if name.startswith("test_") and len(name.removeprefix("test_").split("_")) > words]


def _refers_to_visits(owner: ast.AST, value: ast.AST | None) -> bool:
    return _name(owner) == "visit" or (value is not None and "VisitStatus" in ast.dump(value))


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def loose_parameters(source: str) -> list[int]:
    """Lines that read single values of ``request.GET``.

    Passing all of it to a form, copying it and testing for a key are not reported.
    """
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "GET" and _name(node.value) == "request":
            parent = parents[node]
            in_call = isinstance(parent, ast.Call) and node in parent.args or isinstance(parent, ast.keyword)
            harmless = isinstance(parent, ast.Attribute) and parent.attr in {"copy", "urlencode", "keys"}
            asked = isinstance(parent, ast.Compare | ast.BoolOp | ast.IfExp)
            if not (in_call or harmless or asked):
                found.append(node.lineno)
    return found
