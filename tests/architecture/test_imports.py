"""The import contracts of pyproject.toml hold, and each of them detects a forbidden import."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PACKAGES = ("home", "knowledge_hub", "visits")
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"

# Contract name to the file and the line that breaks the contract.
VIOLATIONS = {
    "The knowledge base imports neither the home page nor visits": ("knowledge_hub/catalogue/facets.py", "import visits.enums"),
    "Home page and visits do not import each other": ("visits/queries/public.py", "import home.models.pages"),
    "Visits are built in layers": ("visits/domain/booking.py", "import visits.mail.messages"),
    "The knowledge base is built in layers": ("knowledge_hub/models/base.py", "import knowledge_hub.catalogue.entries"),
    "Search is built in layers": (
        "knowledge_hub/search/words/stop_words.py",
        "import knowledge_hub.search.engine.plan",
    ),
    "Only the search engine imports Whoosh": ("visits/queries/public.py", "import whoosh"),
    "Only the rendering modules import WeasyPrint": ("visits/documents/issue.py", "import weasyprint"),
    "Only the calendar modules import icalendar": ("visits/calendars/events.py", "import icalendar"),
    "Only the signing modules import pyHanko": ("visits/documents/issue.py", "import pyhanko"),
    "Only one module of visits imports openpyxl": ("visits/domain/booking.py", "import openpyxl"),
    "Only one module of each app imports python-docx": ("knowledge_hub/search/page/views.py", "import docx"),
}


def lint(folder: Path) -> str:
    command = [str(LINT_IMPORTS), "--no-cache", "--config", str(folder / "pyproject.toml")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_every_contract_is_kept():
    report = lint(settings.BASE_DIR)

    assert f"Contracts: {len(VIOLATIONS)} kept, 0 broken" in report, report


@pytest.fixture
def code_with_violations(tmp_path):
    """A copy of the code with one forbidden import for each contract."""
    for package in PACKAGES:
        shutil.copytree(
            settings.BASE_DIR / package,
            tmp_path / package,
            ignore=lambda _, names: [n for n in names if "." in n and not n.endswith(".py")],
        )
    shutil.copy(settings.BASE_DIR / "pyproject.toml", tmp_path)
    for path, line in VIOLATIONS.values():
        file = tmp_path / path
        file.write_text(f"{file.read_text()}\n{line}\n")
    return tmp_path


def test_every_contract_breaks_when_it_should(code_with_violations):
    report = lint(code_with_violations)

    for contract in VIOLATIONS:
        assert f"{contract} BROKEN" in report
