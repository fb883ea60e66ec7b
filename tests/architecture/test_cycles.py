"""There are no import cycles, and imports are at the top of their module."""

import ast
from collections.abc import Iterator

import grimp
import pytest
from django.conf import settings

from tests.architecture.source import python_files

PACKAGES = ("home", "knowledge_hub", "visits")

IMPORTS_IN_FUNCTIONS = {
    "knowledge_hub/apps.py": "models can be imported only when all apps are loaded",
    "knowledge_hub/papers/process_renderer.py": "WeasyPrint takes half a second and 100 MiB, which only workers spend",
    "knowledge_hub/search/query_compiler.py": "the official suite runs the backend without Wagtail",
    "knowledge_hub/search/files/read_file.py": "each run of the process needs one of the two libraries",
    "visits/apps.py": "models can be imported only when all apps are loaded",
    "visits/documents/office/make.py": "WeasyPrint takes half a second and 100 MiB, which only workers spend",
    "visits/documents/preview.py": "a process of its own sets its limits before it loads Django and WeasyPrint",
    "visits/staff/certificates.py": "pyHanko is loaded only when a member of staff seals papers",
    "visits/tasks.py": "WeasyPrint takes half a second and 100 MiB, which only workers spend",
}
"""Files with imports inside functions, and why they need them."""


def cycles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Groups of modules that import each other, directly or indirectly (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(module: str) -> None:
        index[module] = lowest[module] = len(index)
        stack.append(module)
        for imported in graph.find_modules_directly_imported_by(module):
            if imported not in index:
                visit(imported)
                lowest[module] = min(lowest[module], lowest[imported])
            elif imported in stack:
                lowest[module] = min(lowest[module], index[imported])
        if lowest[module] == index[module]:
            position = stack.index(module)
            group = stack[position:]
            del stack[position:]
            if len(group) > 1:
                found.append(sorted(group))

    for module in sorted(graph.modules):
        if module not in index:
            visit(module)
    return found


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def test_no_modules_import_one_another(graph):
    assert cycles(graph) == []


def test_an_import_cycle_is_found(graph):
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    graph.add_import(importer="knowledge_hub.core.content_cache", imported="knowledge_hub.models.base")

    assert any("knowledge_hub.core.content_cache" in group for group in cycles(graph))


def imports_in_functions(source: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom))


def test_imports_inside_functions_have_a_listed_reason():
    assert list(imports_in_functions("def f():\n    import os\n")) == [2]

    found = {str(path.relative_to(settings.BASE_DIR)) for path in python_files(*PACKAGES) if any(imports_in_functions(path.read_text()))}

    assert found == set(IMPORTS_IN_FUNCTIONS)
