"""The pack for guests: slides, public files, a size limit, and a list of missing files."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import CollectionViewRestriction, ReferenceIndex

from knowledge_hub.content import loader
from knowledge_hub.models import CaseStudyPage, CustomDocument
from tests.uploads import pdf, plain
from tests.visits.office.prepared import prepared_visit
from visits.documents import issue
from visits.documents.office import make, pack
from visits.domain import attendance, certificates, decisions, tokens
from visits.domain.errors import Refused
from visits.enums import Actor, AttendanceKind, MessageKind
from visits.mail.messages import render
from visits.models import OfficePaper, OfficeSettings

pytestmark = pytest.mark.django_db

PACK_DAYS = OfficeSettings._meta.get_field("pack_days").default


def slides(name="Paparan Smart City: 2026.pdf", content=None):
    return SimpleUploadedFile(name, pdf("salindia") if content is None else content)


def pptx(*names):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return kept.getvalue()


def make_pack(visit) -> zipfile.ZipFile:
    assert make.make(make.ask(visit, "pack").pk), OfficePaper.objects.get().problem
    with OfficePaper.objects.get(kind="pack").file.open() as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


@pytest.fixture
def visit():
    """A completed visit whose presentation has slides."""
    visit = prepared_visit()
    item = visit.agenda_items.get(kind="presentation")
    item.material.save("a.pdf", ContentFile(b"%PDF-1.7 salindia"), save=False)
    item.material_name = "Paparan Smart City.pdf"
    item.save()
    return visit


class TestSlides:
    @pytest.fixture
    def item(self):
        """The presentation of a scheduled visit, without slides."""
        return prepared_visit(completed=False).agenda_items.get(kind="presentation")

    def save(self, browser, item, **typed):
        """Send the form of an item as the page shows it, with other values."""
        address = reverse("visits_staff:agenda_item", args=[item.visit_id, item.pk])
        seen = browser.get(address).context["stamp"]
        return browser.post(address, {"kind": item.kind, "duration_minutes": item.duration_minutes, "seen": seen, **typed})

    def test_slides_are_stored_with_the_agenda_item(self, officer, item):
        self.save(officer, item, material=slides())

        item.refresh_from_db()
        assert item.material_name == "Paparan Smart City- 2026.pdf"
        assert "Paparan" not in item.material.name
        answer = officer.get(reverse("visits_staff:material", args=[item.visit_id, item.pk]))
        assert b"salindia" in plain(b"".join(answer.streaming_content))
        elsewhere = reverse("visits_staff:material", args=[prepared_visit(reference="KJ-2026-0099").pk, item.pk])
        assert officer.get(elsewhere).status_code == 404

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("paparan.exe", b"MZ"),
            ("paparan.pdf", b"MZ"),
            ("paparan.svg", b"<svg><script>alert(1)</script></svg>"),
            ("paparan.pptx", b"PK\x03\x04 torn"),
            ("paparan.pptx", pptx("ppt/vbaProject.bin")),
            ("paparan.pptm", pptx("ppt/presentation.xml")),
        ],
    )
    def test_other_files_than_slides_are_refused(self, officer, item, name, content):
        page = self.save(officer, item, title="Paparan", material=slides(name, content))

        assert page.context["form"].errors["material"]
        assert page.context["form"]["title"].value() == "Paparan"
        item.refresh_from_db()
        assert not item.material

    def test_slides_without_macros_are_accepted(self, officer, item):
        self.save(officer, item, material=slides("Paparan.PPTX", pptx("ppt/presentation.xml")))

        item.refresh_from_db()
        assert item.material_name == "Paparan.pptx"

    @pytest.mark.parametrize("typed", [{"drop_material": "on"}, {"material": "other"}])
    def test_replaced_slides_lose_their_file(self, visit, officer, typed, django_capture_on_commit_callbacks):
        item = visit.agenda_items.exclude(material="").get()
        kept = item.material
        if "material" in typed:
            typed = {"material": slides("Lain.pdf")}

        with django_capture_on_commit_callbacks(execute=True):
            self.save(officer, item, **typed)

        item.refresh_from_db()
        assert item.material_name == ("Lain.pdf" if "material" in typed else "")
        assert not kept.storage.exists(kept.name)


class TestPack:
    def test_the_pack_contains_and_lists_slides(self, visit):
        with make_pack(visit) as archive:
            assert archive.read("Materi/01 Paparan - Paparan Smart City.pdf") == b"%PDF-1.7 salindia"
            assert "Materi/01 Paparan - Paparan Smart City.pdf" in archive.read("BACA SAYA.txt").decode()

    def test_the_pack_contains_public_case_files(self, visit):
        loader.load()
        case = CaseStudyPage.objects.get(slug="kolaborasi-tiga-pihak")
        public, closed = (
            CustomDocument.objects.create(title=title, file=ContentFile(title.encode(), name=f"{title}.pdf"))
            for title in ("Naskah kerja sama", "Catatan internal")
        )
        closed.collection = closed.collection.add_child(name="Internal")
        closed.save()
        CollectionViewRestriction.objects.create(collection=closed.collection, restriction_type=CollectionViewRestriction.LOGIN)
        case.attachments = [("attachment", {"document": one, "title": ""}) for one in (public, closed)]
        case.save_revision().publish()
        # Outside of tests Wagtail updates the reference index in the background.
        ReferenceIndex.create_or_update_for_object(case)
        visit.agenda_items.filter(kind="questions").update(case_study=case)

        with make_pack(visit) as archive:
            names = archive.namelist()
            said = archive.read("BACA SAYA.txt").decode()

        assert "Materi/02 Naskah kerja sama.pdf" in names
        assert not [name for name in names if "Catatan internal" in name]
        assert case.full_url in said

    def test_files_beyond_the_limit_are_listed(self, visit):
        office = OfficeSettings.load()
        office.pack_megabytes = 1
        office.save()
        large = visit.agenda_items.get(kind="questions")
        large.material.save("b.pdf", ContentFile(b"x" * (1024 * 1024)), save=False)
        large.material_name = "Video.pdf"
        large.save()

        with make_pack(visit) as archive:
            names = [name for name in archive.namelist() if name.startswith("Materi/")]
            said = archive.read("BACA SAYA.txt").decode()

        assert names == ["Materi/01 Paparan - Paparan Smart City.pdf"]
        assert "Tanya jawab - Video.pdf: terlalu besar untuk berkas ini" in said.split("Tidak ada dalam berkas ini")[1]

    def test_a_lost_file_keeps_the_old_pack(self, visit):
        make_pack(visit)
        before = OfficePaper.objects.get().file.name
        item = visit.agenda_items.exclude(material="").get()
        item.material.storage.delete(item.material.name)

        assert not make.make(make.ask(visit, "pack").pk)

        paper = OfficePaper.objects.get()
        assert (paper.state, paper.file.name) == (OfficePaper.State.FAILED, before)
        assert "hilang" in paper.problem or "tidak ditemukan" in paper.problem
        assert paper.file.storage.exists(before)

    def test_staff_see_when_a_pack_is_outdated(self, officer):
        visit = prepared_visit()
        certificates.plan(visit)
        issue.issue_planned(visit.pk)
        make_pack(visit)

        def is_outdated():
            lines = officer.get(reverse("visits_staff:papers", args=[visit.pk])).context["papers"]
            return next(line for line in lines if line.declared.key == "pack").is_outdated

        assert not is_outdated()
        certificates.revoke(visit.certificates.first(), by=None, reason="Nama keliru")
        assert is_outdated()
        make_pack(visit)
        assert not is_outdated()
        visit.agenda_items.filter(kind="presentation").update(title="Judul lain")
        assert is_outdated()

    def test_file_names_are_valid_on_any_system(self, visit):
        visit.delegates.update(name='Budi / "Andi" <X>|?*: S.T.')

        with make_pack(visit) as archive:
            for name in archive.namelist():
                assert not set(name) & set('\\:*?"<>|'), name
                assert all(len(part.encode()) <= 200 for part in name.split("/"))


class TestMadeByItself:
    @pytest.fixture
    def visit(self):
        visit = prepared_visit(completed=False)
        for person in visit.delegates.all():
            attendance.record(person, AttendanceKind.CHECKED_IN, by=None)
        visit.refresh_from_db()
        return decisions.complete(visit, by=Actor.STAFF)

    def page(self, client, visit) -> str:
        return client.get(reverse("visits:status", args=[tokens.token_for(visit, tokens.STATUS)])).content.decode()

    def test_completion_asks_for_the_pack_once(self, client, visit):
        paper = visit.papers.get(kind="pack")
        assert paper.state == OfficePaper.State.WAITING
        assert "sedang dibuat" in self.page(client, visit)
        with pytest.raises(Refused):
            decisions.complete(visit, by=Actor.STAFF)
        assert visit.papers.get(kind="pack").asked_at == paper.asked_at

        assert make.make(paper.pk)

        page = self.page(client, visit)
        assert "Unduh semua (ZIP)" in page
        assert "sedang dibuat" not in page

    def test_issued_certificates_are_in_the_pack(self, visit):
        make.make(visit.papers.get(kind="pack").pk)

        issued = issue.issue_planned(visit.pk)

        paper = visit.papers.get(kind="pack")
        assert paper.state == OfficePaper.State.WAITING
        assert make.make(paper.pk)
        with visit.papers.get(kind="pack").file.open() as file, zipfile.ZipFile(file) as archive:
            assert sum("SK-" in name for name in archive.namelist()) == issued > 0
        issue.issue_planned(visit.pk)
        assert visit.papers.get(kind="pack").state == OfficePaper.State.READY
        mail = render(visit.messages.get(kind=MessageKind.CERTIFICATES))
        assert (
            f"semua berkas untuk laporan Anda dalam satu berkas; dibuat dalam beberapa menit dan tersedia selama {PACK_DAYS} hari"
            in mail.body
        )

    def test_a_pack_asked_for_meanwhile_is_drawn_again(self, visit, monkeypatch):
        paper = visit.papers.get(kind="pack")
        digest = pack.PACK.digest

        def ask_meanwhile(facts):
            make.ask(visit, "pack")
            return digest(facts)

        monkeypatch.setattr(pack.PACK, "digest", ask_meanwhile)

        assert make.make(paper.pk)
        assert visit.papers.get(kind="pack").state == OfficePaper.State.WAITING
        monkeypatch.undo()
        assert make.make(paper.pk)
        assert visit.papers.get(kind="pack").state == OfficePaper.State.READY
