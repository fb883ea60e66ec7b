"""A new paper with entered values is a declaration, a template and a line in the list of papers: form, saving, log and showing follow."""

import datetime as dt
import io

import pikepdf
import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.papers import reading
from tests.visits.office.prepared import prepared_visit
from visits.documents import all_papers
from visits.documents.declaration import EnteredValue, ValueKind
from visits.documents.office import kinds, make
from visits.documents.office.base import Kind
from visits.domain import paper_values
from visits.models import OfficePaper, Visit
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db

PARKING = Kind(
    key="parking",
    title="Izin parkir",
    size=(105, 148),
    body=lambda dossier: {},
    entered=(
        EnteredValue(name="plate", label="Nomor polisi", required=True, longest=12),
        EnteredValue(name="until", label="Berlaku sampai", kind=ValueKind.DATE),
        EnteredValue(name="bus", label="Bus", kind=ValueKind.YES_NO),
    ),
)
TEMPLATE = """<h1 data-paper="{{ title }}">{{ title }}</h1>
<p>{{ entered.plate }} {{ entered.until|date:"j F Y" }}{% if entered.bus %} bus{% endif %}</p>"""
TYPED = {"plate": "BK 1 XY", "until": "2026-09-10", "bus": "on"}


@pytest.fixture(autouse=True)
def parking(tmp_path, settings, monkeypatch):
    """The paper is one of the project, with its template."""
    folder = tmp_path / "visits" / "documents" / "office"
    folder.mkdir(parents=True)
    (folder / "parking.html").write_text(TEMPLATE)
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]
    for papers in (kinds.KINDS, all_papers.OF_A_VISIT):
        monkeypatch.setitem(papers, PARKING.key, PARKING)


@pytest.fixture
def visit():
    return prepared_visit()


def address(name, visit, *more):
    return reverse(f"visits_staff:{name}", args=[visit.pk, *more])


def line(browser, visit):
    return next(line for line in browser.get(address("papers", visit)).context["papers"] if line.declared is PARKING)


def test_entered_values_are_shown_logged_and_printed(visit, officer):
    form_address = address("paper_values", visit, "parking")
    assert "Nomor polisi" in line(officer, visit).obstacle
    assert (form_address, "Rincian") in [(where, str(words)) for where, words in line(officer, visit).links]
    assert officer.get(form_address).status_code == 200

    assert officer.post(form_address, TYPED)["Location"] == address("papers", visit)

    shown = line(officer, visit)
    assert shown.obstacle == ""
    assert shown.entered == [("Nomor polisi", "BK 1 XY"), ("Berlaku sampai", "Kamis, 10 September 2026"), ("Bus", "ya")]
    assert "Nomor polisi: BK 1 XY" in officer.get(address("papers", visit)).content.decode()
    assert officer.get(form_address).context["form"].initial == {"plate": "BK 1 XY", "until": dt.date(2026, 9, 10), "bus": True}
    entry = ModelLogEntry.objects.get(action="visits.paper_values")
    assert entry.user == officer.user
    assert "Izin parkir" in entry.message
    assert "Nomor polisi: “–” → “BK 1 XY” · Berlaku sampai: “–” → “Kamis, 10 September 2026” · Bus: “tidak” → “ya”" in entry.message
    assert make.make(make.ask(visit, "parking").pk)
    with OfficePaper.objects.get(kind="parking").file.open() as file:
        pdf = file.read()
    assert "BK 1 XY 10 September 2026 bus" in reading.text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert [round(float(side) / 72 * 25.4) for side in document.pages[0].MediaBox[2:]] == [105, 148]


def test_only_a_changed_value_makes_the_paper_outdated(visit, officer):
    officer.post(address("paper_values", visit, "parking"), TYPED)
    make.make(make.ask(visit, "parking").pk)

    officer.post(address("paper_values", visit, "parking"), TYPED)
    assert not line(officer, visit).is_outdated
    assert ModelLogEntry.objects.filter(action="visits.paper_values").count() == 1

    officer.post(address("paper_values", visit, "parking"), {**TYPED, "bus": ""})
    assert line(officer, visit).is_outdated


def test_invalid_values_are_refused_and_kept_in_the_form(visit, officer):
    page = officer.post(address("paper_values", visit, "parking"), {"plate": "x" * 13, "until": "tomorrow"})

    assert set(page.context["form"].errors) == {"plate", "until"}
    assert page.context["form"]["until"].value() == "tomorrow"
    assert Visit.objects.get(pk=visit.pk).paper_values == {}


def test_entering_values_needs_a_permission(visit, auditor, superior):
    for browser in (auditor, superior):
        assert line(browser, visit).links == []
        assert browser.post(address("paper_values", visit, "parking"), TYPED).status_code == 404
    assert auditor.get(address("paper_values", visit, "badges")).status_code == 404
    assert Visit.objects.get(pk=visit.pk).paper_values == {}


def test_papers_do_not_overwrite_each_others_values(visit):
    same = Visit.objects.get(pk=visit.pk)

    paper_values.enter(visit, "parking", {"plate": "BK 1 XY"})
    paper_values.enter(same, "agenda", {"dress": "Batik"})

    assert Visit.objects.get(pk=visit.pk).paper_values == {"parking": {"plate": "BK 1 XY"}, "agenda": {"dress": "Batik"}}


def test_the_agenda_prints_the_dress(visit):
    agenda = kinds.KINDS["agenda"]
    assert "Batik" not in agenda.paper(dossier(visit)).body

    paper_values.enter(visit, "agenda", {"dress": "Batik"})

    assert "Batik" in agenda.paper(dossier(visit)).body
