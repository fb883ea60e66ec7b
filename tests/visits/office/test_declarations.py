"""What each paper declares is true: who may open and make it, what personal data stand on it, and where its data are entered."""

import datetime as dt
import importlib
import io
import pkgutil
import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import models
from django.urls import reverse
from docx import Document

from knowledge_hub.core.personal_fields import REGISTER, PersonalField, personal
from tests.factories import AgendaItemFactory, PersonFactory, UserFactory, VisitPhotoFactory
from tests.visits.office.prepared import prepared_visit
from visits.documents import all_papers, office
from visits.documents.certificate_designs import DESIGNS, Design
from visits.documents.declaration import ValueKind
from visits.documents.office import gift_register
from visits.documents.office.base import Kind, VisitPaper
from visits.documents.office.kinds import KINDS
from visits.documents.office.reply_docx import reply_docx
from visits.documents.office.reply_letter import DOCX
from visits.domain import certificates
from visits.models import AttendanceEvent, Certificate, HostOfficial, OfficePaper, OfficeSettings, Visit
from visits.permissions import ANY_OF_VISIT
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("paper", all_papers.ALL, ids=lambda paper: paper.key)


@pytest.fixture(autouse=True)
def drawn_at_once(monkeypatch):
    """No paper is really drawn: what it looks like is the matter of other tests."""
    drawing = SimpleNamespace(draw_paper=lambda paper, sheet: b"%PDF-")
    monkeypatch.setattr("visits.staff.papers.warm", drawing)
    monkeypatch.setattr("visits.staff.gift_register.warm", drawing)


@pytest.fixture
def visit():
    """A completed visit of which everything is entered."""
    return prepared_visit()


@pytest.fixture
def members(client):
    """For each permission for visits a browser of somebody who has no other; "" stands for one who has none."""
    browsers = {}
    for permission in ("", *ANY_OF_VISIT):
        user = UserFactory()
        user.user_permissions.set(Permission.objects.filter(codename__in=("access_admin", f"{permission}_visit" if permission else "")))
        browsers[permission] = type(client)()
        browsers[permission].force_login(user)
    return browsers


def test_each_paper_is_declared_once():
    keys = [paper.key for paper in all_papers.ALL]
    modules = [importlib.import_module(f"{office.__name__}.{module.name}") for module in pkgutil.iter_modules(office.__path__)]

    assert len(set(keys)) == len(keys)
    assert {module.KIND.key for module in modules if hasattr(module, "KIND")} == set(KINDS)


def test_the_list_of_papers_names_no_single_paper():
    named = re.compile("|".join(f"[\"']{key}[\"']" for key in all_papers.OF_A_VISIT))
    assert named.search("{% if row.key == 'visum' %}")
    pages = [project.BASE_DIR / "templates" / "visits" / "staff" / name for name in ("papers.html", "_paper.html")]
    pages.append(project.BASE_DIR / "visits" / "staff" / "papers.py")

    assert [page.name for page in pages if named.search(page.read_text())] == []


class TestPermissions:
    def address(self, paper, visit):
        """Where staff open it."""
        arguments = {
            "visits_staff:paper": [visit.pk, paper.key],
            "visits_staff:reply_docx": [visit.pk],
            "visits_staff:certificate": [visit.pk, Certificate.objects.first().pk],
            "visits_gifts:print": [2026],
        }
        return reverse(paper.opened_at, args=arguments[paper.opened_at])

    def opens(self, browser, address):
        """Whether there is something to read."""
        answer = browser.get(address)
        return answer.status_code == 200 and bool(b"".join(answer.streaming_content) if answer.streaming else answer.content)

    @pytest.fixture
    def made(self, visit):
        """The visit with every paper made."""
        for key, paper in all_papers.OF_A_VISIT.items():
            row = OfficePaper.objects.create(visit=visit, kind=key, state="ready", asked_at=dt.datetime(2026, 9, 9, tzinfo=dt.UTC))
            row.file.save(f"{key}.{paper.ending}", ContentFile(b"%PDF-"))
        [certificate, *_others] = certificates.plan(visit)
        certificate.file.save("certificate.pdf", ContentFile(b"%PDF-"))
        return visit

    @EACH
    def test_only_declared_permissions_open_a_paper(self, paper, made, members):
        addresses = [self.address(paper, made)]
        if isinstance(paper, Kind):
            addresses.append(reverse("visits_staff:preview_paper", args=[made.pk, paper.key]))

        for address in addresses:
            opened = {permission for permission, browser in members.items() if self.opens(browser, address)}
            assert opened == set(paper.opened_by), address

    @EACH
    def test_only_declared_permissions_make_a_paper(self, paper, visit, members):
        assert set(paper.made_by) <= set(paper.opened_by)
        if not isinstance(paper, VisitPaper | Design):
            # Drawn whenever it is opened.
            assert paper.made_by == paper.opened_by
            return
        made = set()
        for permission, browser in members.items():
            if isinstance(paper, Design):
                browser.post(reverse("visits_staff:issue_certificates", args=[visit.pk]), {"people": [visit.delegates.first().pk]})
                rows = Certificate.objects.all()
            else:
                browser.post(reverse("visits_staff:make_paper", args=[visit.pk, paper.key]))
                rows = OfficePaper.objects.filter(kind=paper.key)
            made |= {permission} if rows.exists() else set()
            rows.delete()

        assert made == set(paper.made_by)

    def test_making_all_skips_papers_without_permission(self, visit, members):
        for permission, browser in members.items():
            browser.post(reverse("visits_staff:make_paper", args=[visit.pk, "all"]))
            wanted = {key for key, paper in KINDS.items() if permission in paper.made_by}
            assert set(OfficePaper.objects.values_list("kind", flat=True)) == wanted, permission
            OfficePaper.objects.all().delete()


class TestEntry:
    @EACH
    def test_the_entry_page_is_linked_and_opens_with_its_permissions(self, paper, visit, members):
        if paper.entry is None:
            return
        address = reverse(paper.entry.name, args=[visit.pk])
        for permission, browser in members.items():
            may_enter = permission in paper.entry.permissions
            if may_enter:
                assert browser.get(address).status_code == 200, permission
            if isinstance(paper, VisitPaper):
                listed = self.links(browser, visit, paper)
                assert (address in listed) is (may_enter and permission in paper.opened_by), permission

    def links(self, browser, visit, paper):
        context = browser.get(reverse("visits_staff:papers", args=[visit.pk])).context
        lines = context["papers"] if context and "papers" in context else []
        return [address for line in lines if line.declared is paper for address, _label in line.links]

    def test_other_forms_are_linked_when_a_letter_exists(self, visit, members):
        address = reverse(DOCX.opened_at, args=[visit.pk])

        found = {permission for permission, browser in members.items() if address in self.links(browser, visit, KINDS["reply_letter"])}
        visit.replies.all().delete()

        assert found == set(DOCX.opened_by)
        assert address not in self.links(members["decide"], visit, KINDS["reply_letter"])


UNREADABLE = {("visits.ReplyLetter", "snapshot"), ("visits.Delegate", "person_key")}
"""What no paper prints as it stands: a copy of other fields."""
TEXT_OR_FILE = (models.CharField, models.TextField, models.FileField)


class TestPersonalFields:
    @pytest.fixture
    def marks(self, visit, monkeypatch):
        """A word that stands nowhere else in each personal field of the visit that holds text; the name of the file in each photo."""
        for module in ("handover", "report"):
            monkeypatch.setattr(f"visits.documents.office.{module}.photo_url", lambda name: name)
        VisitPhotoFactory(visit=visit, consent=True)
        rows = {row._meta.label: row for row in (visit, visit.minutes, HostOfficial.objects.get())}
        related = ("delegates", "letters", "replies", "agenda_items", "gifts", "questions", "photos")
        rows |= {row._meta.label: row for name in related if (row := getattr(visit, name).first())}
        rows["visits.Resource"] = AgendaItemFactory(visit=visit, sort_order=99, speaker=PersonFactory()).speaker
        rows["visits.Disposition"] = rows["visits.IncomingLetter"].dispositions.first()
        marks = {}
        for number, (place, field) in enumerate(REGISTER.items()):
            if place in UNREADABLE or field.model not in rows or not isinstance(self.column(field), TEXT_OR_FILE):
                continue
            marks[field] = f"Qz{number:03d}"
            type(rows[field.model]).objects.filter(pk=rows[field.model].pk).update(**{field.field: marks[field]})
        marks |= self.mark_others(visit)
        return marks

    def mark_others(self, visit) -> dict[PersonalField, str]:
        """The same for a moment and for entered values."""
        values, at = personal("visits.Visit", "paper_values") + personal("visits.AttendanceEvent", "at")
        words = {key: {v.name: "Qz999" for v in kind.entered if v.kind == ValueKind.TEXT} for key, kind in KINDS.items()}
        Visit.objects.filter(pk=visit.pk).update(paper_values=words)
        AttendanceEvent.objects.update(at=dt.datetime(2026, 9, 9, 6, 37, tzinfo=dt.UTC))
        return {values: "Qz999", at: "13.37"}

    def column(self, field: PersonalField) -> models.Field:
        """The field of the model."""
        return apps.get_model(field.model)._meta.get_field(field.field)

    def printed(self, paper, visit) -> str:
        """All words of a paper."""
        facts = dossier(visit)
        if isinstance(paper, Kind):
            return paper.paper(facts).body
        if paper is DOCX:
            document = Document(io.BytesIO(reply_docx(facts)))
            cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
            return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
        return gift_register.register_of(2026)[0].body

    @pytest.mark.parametrize("paper", [*KINDS.values(), DOCX, gift_register.REGISTER], ids=lambda paper: paper.key)
    def test_a_paper_prints_exactly_its_declared_fields(self, paper, visit, marks):
        words = self.printed(paper, visit)

        found = {str(field) for field, mark in marks.items() if mark in words}
        assert found == {str(field) for field in paper.carries if field in marks}
        assert len(set(paper.carries)) == len(paper.carries)

    def test_every_declared_field_is_marked(self, marks):
        papers = [*KINDS.values(), DOCX, gift_register.REGISTER]
        unmarked = {(field.model, field.field) for paper in papers for field in paper.carries} - {(f.model, f.field) for f in marks}

        assert unmarked <= UNREADABLE
        assert len(marks) > 30

    def test_the_pack_carries_what_its_papers_carry(self):
        pack = all_papers.OF_A_VISIT["pack"]

        assert {field for kind in KINDS.values() if kind.in_pack for field in kind.carries} < set(pack.carries)

    def test_papers_with_a_nip_are_found_by_declaration(self):
        [nip] = personal("visits.Delegate", "nip")

        assert all_papers.carrying(nip) == {"attendance_sheet", "visum", "pack"}

    def test_a_certificate_carries_its_snapshot(self):
        assert all(set(personal("visits.Certificate", "snapshot")) < set(design.carries) for design in DESIGNS.values())


@pytest.mark.parametrize("size", OfficeSettings.PaperSize.values)
def test_the_docx_letter_has_its_declared_size(size, visit):
    office_settings = OfficeSettings.load()
    office_settings.paper_size = size
    office_settings.save()

    section = Document(io.BytesIO(reply_docx(dossier(visit)))).sections[0]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == DOCX.size_for(office_settings)
