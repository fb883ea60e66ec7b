"""Unprintable input and full disks refuse single papers; the others are made, and a retry completes them."""

import errno
import io
import time
import zipfile
from unittest import mock

import pytest
from defusedxml import ElementTree
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse

from tests import processes
from tests.papers import reading
from tests.visits.office.prepared import prepared_visit
from visits.documents import paper_files
from visits.documents.office import make
from visits.documents.office.reply_docx import reply_docx
from visits.domain import replies
from visits.models import OfficePaper, ReplyLetter
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db

LONG = "Raden Mas Soeryo Adiningrat Kusumawardhana Purbaningrat, S.STP., M.AP., M.H., Ph.D., IPU., ASEAN Eng., C.Med., CPM., CGAE"
MARKUP = "<b>Budi</b> & {{ 7*7 }}"
NAMES = [LONG[:120].ljust(120, "x"), "محمد بن عبد الله", "岩崎尚子", "W" * 120, MARKUP, "Siti\x07Rahma", "a\u202egnp.exe"]
ON_NAMES = ("attendance_sheet", "badges", "visum", "report")


def office_files() -> set[str]:
    """The names of all office paper files on disk."""
    storage = storages["private"]
    return set(storage.listdir("office-papers")[1]) if storage.exists("office-papers") else set()


@pytest.mark.parametrize("name", NAMES)
def test_any_name_fits_on_office_papers(name):
    visit = prepared_visit()
    visit.delegates.filter(protocol_order=1).update(name=name)
    facts = dossier(visit)

    for key in ON_NAMES:
        pdf = make.drawn(facts, key)[0]
        said = reading.text_of(pdf)
        left, right = reading.text_extent(pdf)
        assert left > 20, key
        assert right < 595 - 20, key
        assert "\u202e" not in said
        assert "\x07" not in said
        if name == MARKUP:
            assert MARKUP in said, key


@pytest.mark.parametrize("key", ["attendance_sheet", "badges", "visum"])
def test_unprintable_names_refuse_only_their_papers(key):
    visit = prepared_visit()
    visit.delegates.filter(protocol_order=1).update(name="Budi \U0001f600")
    asked = [make.ask(visit, key), make.ask(visit, "agenda")]

    assert [make.make(paper.pk) for paper in asked] == [False, True]

    problem = OfficePaper.objects.get(kind=key).problem
    assert "U+1F600" in problem
    assert '"' not in problem
    visit.delegates.filter(protocol_order=1).update(name="Budi")
    assert make.make(make.ask(visit, key).pk)
    assert OfficePaper.objects.filter(kind=key).count() == 1


def test_control_characters_are_removed_from_letters():
    visit = prepared_visit()
    reply = replies.valid_reply(visit)
    reply.subject, reply.body = "Hal\x07 penting\u202e", "Isi\x0b surat.\nBaris kedua & <tegas>."
    replies.save_draft(reply)
    facts = dossier(visit)

    text = reading.text_of(make.drawn(facts, "reply_letter")[0])
    with zipfile.ZipFile(io.BytesIO(reply_docx(facts))) as archive:
        said = "".join(ElementTree.fromstring(archive.read("word/document.xml")).itertext())

    for words in (text, said):
        assert "Hal penting" in words
        assert "Baris kedua & <tegas>." in words


def test_a_full_disk_keeps_the_old_paper(monkeypatch):
    visit = prepared_visit()
    assert make.make(make.ask(visit, "agenda").pk)
    before = OfficePaper.objects.get(kind="agenda").file.name
    visit.agenda_items.first().delete()
    storage = storages["private"]
    save, files = storage.save, office_files()

    def full(name, content):
        # The disk is full after half of the file.
        save(name, ContentFile(content.read()[:500]))
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(storage, "save", full)
        assert not make.make(make.ask(visit, "agenda").pk)

    paper = OfficePaper.objects.get(kind="agenda")
    assert paper.state == OfficePaper.State.FAILED
    assert "penuh" in paper.problem
    assert paper.file.name == before
    assert storage.exists(before)
    assert office_files() == files

    assert make.make(make.ask(visit, "agenda").pk)
    paper.refresh_from_db()
    assert paper.file.name != before
    assert not storage.exists(before)


def draw_and_hang(pipe, paper_pk):
    """A worker that writes the file and hangs before saving the row."""
    write = paper_files.write

    def write_and_hang(name, content):
        write(name, content)
        pipe.send(("stopped",))
        time.sleep(60)

    with mock.patch.object(paper_files, "write", write_and_hang):
        make.make(paper_pk)


@pytest.mark.django_db(transaction=True)
def test_a_retry_completes_papers_after_a_kill():
    visit = prepared_visit()
    before = office_files()
    with mock.patch("visits.signals.paper_wanted.send"):
        paper = make.ask(visit, "agenda")

    with processes.worker(draw_and_hang, paper.pk) as worker:
        deadline = time.monotonic() + 60
        while not worker.first_received("stopped") and time.monotonic() < deadline:
            time.sleep(0.02)
        worker.kill()

    paper.refresh_from_db()
    assert paper.state == OfficePaper.State.WAITING
    assert make.make(paper.pk)
    paper.refresh_from_db()
    assert office_files() - before <= {paper.file.name.split("/")[1]}
    with paper.file.open() as file:
        assert "Paparan" in reading.text_of(file.read())


def test_a_preview_shows_the_current_paper(officer, warm):
    visit = prepared_visit()
    address = reverse("visits_staff:preview_paper", args=[visit.pk, "agenda"])

    first = officer.get(address)
    visit.agenda_items.filter(kind="questions").update(title="Diskusi panel")
    second = officer.get(address)

    assert first["Content-Type"] == "application/pdf"
    assert "Diskusi panel" not in reading.text_of(first.content)
    assert "Diskusi panel" in reading.text_of(second.content)
    assert not OfficePaper.objects.exists()
    visit.agenda_items.update(title="\U0001f600")
    refused = officer.get(address, follow=True).content.decode()
    assert "U+1F600" in refused


@pytest.mark.parametrize(("key", "group"), [("visum", "superior"), ("attendance_sheet", "superior"), ("disposition", "receptionist")])
def test_a_preview_needs_permission_for_the_paper(key, group, request, auditor):
    visit = prepared_visit()
    address = reverse("visits_staff:preview_paper", args=[visit.pk, key])

    assert request.getfixturevalue(group).get(address).status_code == 404
    assert auditor.get(address).status_code == 200


def test_the_word_document_conforms_to_the_schema(tmp_path):
    """Word repairs or refuses documents whose elements are in the wrong order; ``order`` lists the elements that we write."""
    visit = prepared_visit()
    replies.issue(ReplyLetter.objects.get(visit=visit))
    order = ["keepNext", "pBdr", "tabs", "spacing", "ind", "jc"]
    namespace = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

    with zipfile.ZipFile(io.BytesIO(reply_docx(dossier(visit)))) as archive:
        assert archive.testzip() is None
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith((".xml", ".rels"))}

    properties = list(parts["word/document.xml"].iter(f"{namespace}pPr"))
    assert len(properties) > 15
    for element in properties:
        names = [child.tag.removeprefix(namespace) for child in element if child.tag.removeprefix(namespace) in order]
        assert names == sorted(names, key=order.index)
    assert parts["word/styles.xml"].find(f".//{namespace}lang").get(f"{namespace}val") == "id-ID"
