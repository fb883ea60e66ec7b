"""Project rules that no linter checks. Each has a control: code that must be reported."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.architecture import source

# Written in halves, so that this file passes its own check.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js", "deb.debian" + ".org", "security.debian" + ".org"]
MACHINE_PATH = re.compile(r"(?<![\w.}-])/(?:work|root|home)/[\w.-]+|(?<![\w.}-])/tm" + r"p/[\w.-]+")
ORM = re.compile(r"{[{%][^}%]*\.(?:objects|filter|exclude|order_by|values_list|select_related|prefetch_related|\w+_set)\b")
TEXT = {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".json", ".yaml", ".yml", ".sh", ".po", ".cfg", ".ini", ".svg", ""}


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("visit.status = 'approved'", 1),
        ("other.status = VisitStatus.APPROVED", 1),
        ("Visit.objects.filter(pk=1).update(status=VisitStatus.APPROVED)", 1),
        ("Visit.objects.filter(pk=1).update(status=to)", 1),
        ("Visit.objects.filter(status=VisitStatus.APPROVED)", 0),
        ("certificate.status = CertificateStatus.ISSUED", 0),
    ],
)
def test_a_written_status_is_recognised(line, count):
    assert len(source.status_writes(line)) == count


def test_only_the_lifecycle_writes_a_visits_status():
    writes = {
        str(path.relative_to(settings.BASE_DIR)): lines
        for path in source.python_files("knowledge_hub", "home", "visits")
        if (lines := source.status_writes(path.read_text()))
    }

    assert list(writes) == ["visits/domain/lifecycle.py"]


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("request.GET['q']", 1),
        ("request.GET.get('page')", 1),
        ("SearchForm(request.GET)", 0),
        ("filters.Visits(data=request.GET)", 0),
        ("request.GET.urlencode()", 0),
        ("'q' in request.GET", 0),
    ],
)
def test_a_loose_parameter_is_recognised(line, count):
    assert len(source.loose_parameters(line)) == count


def test_query_parameters_pass_through_a_form():
    loose = {
        str(path.relative_to(settings.BASE_DIR)): lines
        for path in source.python_files("knowledge_hub", "home", "visits")
        if (lines := source.loose_parameters(path.read_text()))
    }

    assert not loose


def test_the_active_language_has_one_helper():
    askers = {
        str(path.relative_to(settings.BASE_DIR))
        for path in source.python_files("knowledge_hub", "home", "visits")
        if re.search(r"\bget_language\b", path.read_text())
    }

    assert askers == {"knowledge_hub/core/language.py"}


def test_templates_make_no_database_queries():
    assert ORM.search("{% for visit in region.visit_set.all %}")
    assert ORM.search("{{ Visit.objects.count }}")

    guilty = [
        str(path.relative_to(settings.BASE_DIR))
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        if ORM.search(path.read_text())
    ]

    assert not guilty


def test_repository_names_no_registry_or_machine_path():
    assert MACHINE_PATH.search("see /wo" + "rk/main")
    assert not MACHINE_PATH.search("{{ base }}/wo" + "rk/")

    guilty = []
    for path in source.tracked_files():
        if path.suffix in TEXT and "vendor" not in path.parts:
            text = path.read_text(encoding="utf-8", errors="replace")
            guilty += [f"{path.relative_to(settings.BASE_DIR)}: {host}" for host in REGISTRIES if host in text]
            guilty += [f"{path.relative_to(settings.BASE_DIR)}: {match.group()}" for match in MACHINE_PATH.finditer(text)]

    assert not guilty


def test_requirement_files_pin_the_same_versions():
    def pins(name):
        return set(re.findall(r"^([\w.-]+==[^\s;]+)", (settings.BASE_DIR / "requirements" / name).read_text(), re.MULTILINE))

    assert pins("base.txt") <= pins("services.txt") <= pins("dev.txt") <= pins("bench.txt")


WEB = re.compile(r"^\s*(?:from|import) (?:django\.(?:http|shortcuts|views|template)|wagtail\.admin)\b", re.MULTILINE)


def test_domain_of_visits_imports_no_web_code():
    assert WEB.search("from django.http import HttpRequest")
    assert WEB.search("import wagtail.admin.messages")

    guilty = [path.name for path in source.python_files("visits/domain", "visits/queries") if WEB.search(path.read_text())]

    assert not guilty


@pytest.mark.django_db
def test_models_and_migrations_agree():
    report = StringIO()

    call_command("makemigrations", dry_run=True, stdout=report)

    assert report.getvalue().strip() == "No changes detected"


LONGEST_TEST_NAME = 10
"""Words in the name of a test, without the prefix."""


def test_a_long_test_name_is_recognised():
    name = "_".join(["word"] * LONGEST_TEST_NAME)

    assert source.long_test_names(f"def test_{name}(): ...", LONGEST_TEST_NAME) == []
    assert source.long_test_names(f"class A:\n    def test_{name}_more(self): ...", LONGEST_TEST_NAME) == [f"test_{name}_more"]


def test_names_of_tests_are_short():
    """A name states one behaviour; details belong into the docstring or the body."""
    long = {
        str(path.relative_to(settings.BASE_DIR)): names
        for path in source.python_files("tests")
        if (names := source.long_test_names(path.read_text(), LONGEST_TEST_NAME))
    }

    assert not long
