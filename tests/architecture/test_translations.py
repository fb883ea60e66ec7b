"""Every text of the site is translated, the catalogue is up to date, and no translation loses a value."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

CATALOGUES = sorted(settings.BASE_DIR.glob("locale*/*/LC_MESSAGES/*.po"))


def select(*options: str) -> str:
    """The messages of our own catalogue that msgattrib selects, without the header."""
    command = ["msgattrib", "--no-wrap", *options, settings.BASE_DIR / "locale" / "id" / "LC_MESSAGES" / "django.po"]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return found.partition("\n\n")[2]


def entries(po: Path) -> set[str]:
    return set(po.read_text(encoding="utf-8").strip().split("\n\n"))


@pytest.fixture
def copy(tmp_path, settings, monkeypatch):
    """A copy of all code, templates and catalogues as the current directory, because makemessages writes into it."""
    for name in ("home", "knowledge_hub", "visits", "templates", "locale"):
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.jpg", "*.webp", "*.mo"))
    monkeypatch.chdir(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


@pytest.mark.django_db
def test_collecting_texts_changes_nothing(copy):
    """If this fails, a text of code or templates is new, changed or removed: run make translations."""
    po = copy / "locale" / "id" / "LC_MESSAGES" / "django.po"
    before = po.read_text(encoding="utf-8")

    call_command("makemessages", verbosity=0)

    assert po.read_text(encoding="utf-8").splitlines() == before.splitlines()


@pytest.mark.django_db
def test_a_new_text_adds_one_catalogue_entry(copy):
    po = copy / "locale" / "id" / "LC_MESSAGES" / "django.po"
    before = entries(po)
    (copy / "home" / "moved.py").write_text((copy / "home" / "apps.py").read_text())
    (copy / "home" / "apps.py").write_text('from django.utils.translation import gettext\n\ngettext("Home of a new text")\n')

    call_command("makemessages", verbosity=0)

    assert entries(po) ^ before == {'msgid "Home of a new text"\nmsgstr ""'}


def test_every_text_has_an_indonesian_translation():
    assert select("--untranslated") == ""


def test_no_translation_waits_for_review():
    assert select("--only-fuzzy") == ""


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: str(po.relative_to(settings.BASE_DIR)))
def test_no_translation_loses_a_value(po):
    checked = subprocess.run(["msgfmt", "--check", "--output-file=/dev/null", po], capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, "")


def test_every_catalogue_is_compiled_and_used():
    outdated = [po for po in CATALOGUES if po.stat().st_mtime > po.with_suffix(".mo").stat().st_mtime]

    assert outdated == []
    assert settings.LOCALE_PATHS == [settings.BASE_DIR / "locale", settings.BASE_DIR / "locale_wagtail"]
