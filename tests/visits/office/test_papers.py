"""Office papers of one prepared visit: contents, making, permissions, and the pack."""

import datetime as dt
import io
import zipfile

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from tests.factories import DelegateFactory, LetterFactory, VisitFactory
from tests.papers import reading
from tests.visits.office.prepared import NIP, SIGNER_NIP, prepared_visit
from visits import tasks
from visits.documents.all_papers import carrying
from visits.documents.office import make, pack
from visits.documents.office.kinds import KINDS
from visits.documents.office.reply_docx import reply_docx
from visits.domain import privacy, replies, tokens
from visits.models import AgendaItem, Delegate, HostOfficial, OfficePaper, OfficeSettings, ReplyLetter, Visit
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def papers(django_db_setup, django_db_blocker):
    """The bytes of every paper of the visit by key; drawn once."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        replies.issue(replies.valid_reply(visit := prepared_visit()))
        facts = dossier(visit)
        drawn = {key: make.drawn(facts, key)[0] for key in KINDS}
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
    return drawn


def url(name, visit, *more):
    return reverse(f"visits_staff:{name}", args=[visit.pk, *more])


class TestContent:
    @pytest.mark.parametrize("key", KINDS)
    def test_each_paper_is_tagged_with_title_and_language(self, papers, key):
        with pikepdf.open(io.BytesIO(papers[key])) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == "id"
            assert "KJ-2026-0042" in str(pdf.docinfo["/Title"])
        assert all(fine for fine in reading.fonts_of(papers[key]).values())
        assert all(alt for kind, alt in reading.structure_of(papers[key]) if kind == "/Figure")

    def test_the_reply_letter_has_parts_in_order(self, papers):
        text = reading.text_of(papers["reply_letter"])
        parts = [
            "PEMERINTAH KOTA BINJAI",
            "Nomor : 000/0001/SETDA/",
            "Sifat : Biasa",
            "Lampiran : -",
            "Hal : Penerimaan Kunjungan Komisi B DPRD Kabupaten Contoh",
            "Yth. Ketua DPRD Kabupaten Contoh",
            "Nomor 005/123/DPRD/2026 tanggal 1 September 2026 hal Permohonan Kunjungan Kerja",
            "Rabu, 9 September 2026",
            "09.00–11.30 WIB",
            "Demikian disampaikan",
            "Sekretaris Daerah,",
            "Pembina Utama Muda (IV/c)",
            f"NIP {SIGNER_NIP}",
            "Tembusan:",
        ]
        places = [text.index(part) for part in parts]
        assert places == sorted(places)
        assert "KONSEP" not in text
        assert len(pikepdf.open(io.BytesIO(papers["reply_letter"])).pages) == 1

    def test_the_disposition_sheet_shows_instructions(self, papers):
        text = reading.text_of(papers["disposition"])

        assert "0017/2026" in text
        assert "x Terima dan dampingi tamu" in text
        assert "x Hadiri" not in text
        assert "Jumat, 4 September 2026" in text

    def test_the_agenda_fits_one_page_with_times(self, papers):
        text = reading.text_of(papers["agenda"])

        assert "09.45–10.30 45 menit Paparan Kepala Dinas Komunikasi dan Informatika" in text
        assert "11.10–11.30" in text
        assert "Bahasa kunjungan: Bahasa Indonesia" in text
        assert len(pikepdf.open(io.BytesIO(papers["agenda"])).pages) == 1

    def test_the_visum_lists_attended_delegates_and_signatory(self, papers):
        text = reading.text_of(papers["visum"])

        assert "Delegasi Contoh 2, S.T." in text
        assert "Delegasi Contoh 3, S.T." not in text
        assert NIP in text
        assert text.count("Tiba di: Binjai") == text.count("Ke: Kabupaten Contoh") == 3
        assert text.count(f"NIP {SIGNER_NIP}") == 6
        assert "Pada tanggal: Rabu, 9 September 2026" in text
        assert "Pembina Utama Muda (IV/c)" in text

    def test_the_attendance_sheet_lists_everyone(self, papers):
        text = reading.text_of(papers["attendance_sheet"])

        assert "Delegasi Contoh 3, S.T." in text
        assert "1. hadir 09.00" in text
        assert "8." in text

    def test_minutes_handover_and_report_contain_the_record(self, papers):
        assert "Kedua daerah bertukar data uji coba." in reading.text_of(papers["minutes"])
        assert "Berapa biaya tahun pertama?" in reading.text_of(papers["minutes"])
        assert "Kain songket Contoh" in reading.text_of(papers["handover"])
        report = reading.text_of(papers["report"])
        for part in ("005/123/DPRD/2026", "000/0001/SETDA/", "Paparan", "2 orang tamu hadir.", "Kain songket Contoh", "Rp350.000"):
            assert part in report

    def test_only_two_papers_contain_a_nip(self, papers):
        assert {key for key in KINDS if NIP in reading.text_of(papers[key])} == {"visum", "attendance_sheet"}


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        ("accept", "bersedia menerima kunjungan"),
        ("accept_changed", "belum dapat menerima kunjungan pada tanggal yang Saudara mohonkan"),
        ("decline", "permohonan maaf"),
        ("online", "secara daring"),
    ],
)
def test_each_reply_variant_has_its_wording(variant, words):
    visit = prepared_visit()
    reply = replies.valid_reply(visit)
    for name, value in replies.default_texts(visit, variant).items():
        setattr(reply, name, value)
    replies.save_draft(reply)
    facts = dossier(visit)

    paper = KINDS["reply_letter"].paper(facts)
    document = Document(io.BytesIO(reply_docx(facts)))

    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert words in paper.body
    assert words in text
    assert "KONSEP" in paper.body
    assert ("9 September 2026" in paper.body) is (variant != "decline")
    assert "\nSekretaris Daerah," in text
    assert document.core_properties.language == "id"


def test_papers_have_the_configured_size():
    office = OfficeSettings.load()
    office.paper_size = "f4"
    office.save()

    pdf, _digest = make.drawn(dossier(prepared_visit()), "agenda")

    with pikepdf.open(io.BytesIO(pdf)) as document:
        width, height = (float(side) / 72 * 25.4 for side in document.pages[0].MediaBox[2:])
    assert (round(width), round(height)) == (215, 330)


class TestMaking:
    def test_papers_are_made_by_the_worker(self, officer, django_capture_on_commit_callbacks):
        visit = prepared_visit()
        with django_capture_on_commit_callbacks() as callbacks:
            officer.post(url("make_paper", visit, "agenda"))
        assert len(callbacks) == 1
        waiting = OfficePaper.objects.get()
        assert tasks.make_paper.func(waiting.pk)
        assert not tasks.make_paper.func(waiting.pk)

        answer = officer.get(url("paper", visit, "agenda"))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        assert answer["Content-Disposition"].startswith("inline")
        assert not self.row(officer, visit, "agenda").is_outdated

        AgendaItem.objects.filter(visit=visit).first().delete()
        assert self.row(officer, visit, "agenda").is_outdated

    def row(self, browser, visit, key):
        return next(row for row in browser.get(url("papers", visit)).context["papers"] if row.declared.key == key)

    def test_one_failed_paper_does_not_affect_others(self, officer):
        visit = prepared_visit()
        DelegateFactory(visit=visit, name="Budi \U0001f600", protocol_order=9)
        asked = [make.ask(visit, key) for key in ("attendance_sheet", "agenda")]

        assert [make.make(paper.pk) for paper in asked] == [False, True]

        failed = self.row(officer, visit, "attendance_sheet").paper
        assert failed.state == OfficePaper.State.FAILED
        assert "\U0001f600" in failed.problem
        assert "Tidak ada huruf terpasang" in officer.get(url("papers", visit)).content.decode()

    def test_incomplete_papers_are_explained_and_not_made(self, officer):
        visit = VisitFactory(approved=True)

        obstacles = {row.declared.key: row.obstacle for row in officer.get(url("papers", visit)).context["papers"]}
        officer.post(url("make_paper", visit, "all"))

        assert obstacles["agenda"] == "Susunan acara belum berisi."
        assert "pejabat" in obstacles["visum"]
        assert {paper.kind for paper in OfficePaper.objects.all()} == {"guest_book"}

    def test_the_visum_names_an_entitled_official(self):
        visit = prepared_visit()
        HostOfficial.objects.update(signs_visum=False)
        HostOfficial.objects.create(name="Pejabat Visum", position="Kepala Bagian Protokol", signs_visum=True, sort_order=5)

        assert "Pejabat Visum" in KINDS["visum"].paper(dossier(visit)).body

    def test_a_lost_paper_task_is_found_again(self):
        paper = make.ask(prepared_visit(), "agenda")

        assert tasks.sweep()["papers"] == 1
        make.make(paper.pk)
        assert tasks.sweep()["papers"] == 0

    def test_query_count_is_independent_of_delegates(self, officer):
        small, large = prepared_visit(), prepared_visit(delegates=30, reference="KJ-2026-0043")
        for visit in (small, large):
            officer.get(url("papers", visit))
        counts = []
        for visit in (small, large):
            with CaptureQueriesContext(connection) as queries:
                officer.get(url("papers", visit))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestPermissions:
    @pytest.fixture
    def visit(self):
        visit = prepared_visit()
        for key in KINDS:
            paper = make.ask(visit, key)
            paper.file.save(f"{key}.pdf", ContentFile(b"%PDF-"))
        return visit

    def opened(self, browser, visit):
        answers = {key: browser.get(url("paper", visit, key)) for key in KINDS}
        return {key for key, answer in answers.items() if answer.status_code == 200 and b"".join(answer.streaming_content)}

    def test_sensitive_papers_need_their_permissions(self, visit, officer, receptionist, auditor, superior):
        secret = {"visum", "attendance_sheet"}

        assert self.opened(officer, visit) == set(KINDS)
        assert self.opened(receptionist, visit) == set(KINDS) - {"disposition"}
        assert self.opened(auditor, visit) == set(KINDS)
        assert self.opened(superior, visit) == set(KINDS) - secret

    def test_making_papers_needs_permissions(self, visit, auditor, receptionist):
        OfficePaper.objects.all().delete()

        auditor.post(url("make_paper", visit, "agenda"))
        assert receptionist.post(url("make_paper", visit, "disposition")).status_code == 404
        assert not OfficePaper.objects.exists()

    def test_guests_cannot_open_single_papers(self, visit, client):
        for key in KINDS:
            assert client.get(url("paper", visit, key)).status_code == 302


class TestPack:
    @pytest.fixture
    def visit(self):
        visit = prepared_visit()
        reply = replies.issue(replies.valid_reply(visit))
        replies.save_signed_copy(reply, ContentFile(b"%PDF-signed", name="scan.pdf"))
        return visit

    def address(self, visit):
        return reverse("visits:take_home", args=[tokens.token_for(visit, tokens.STATUS)])

    def test_the_pack_is_downloaded_by_secret_link(self, visit, client):
        assert client.get(self.address(visit)).status_code == 404
        assert make.make(make.ask(visit, "pack").pk)

        answer = client.get(self.address(visit))
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
            names = archive.namelist()
            assert archive.read("01 Surat balasan KJ-2026-0042.pdf") == b"%PDF-signed"
            contents = archive.read("BACA SAYA.txt").decode()
        assert "04 Visum SPD KJ-2026-0042.pdf" in names
        assert "Rabu, 9 September 2026" in contents
        status = client.get(reverse("visits:status", args=[tokens.token_for(visit, tokens.STATUS)])).content.decode()
        assert self.address(visit) in status

    def test_the_pack_expires_after_the_configured_days(self, visit, client):
        make.make(make.ask(visit, "pack").pk)
        OfficePaper.objects.update(made_at=timezone.now() - dt.timedelta(days=31))

        assert client.get(self.address(visit)).status_code == 404

    def test_expired_packs_and_nip_papers_are_deleted(self, visit, django_capture_on_commit_callbacks):
        papers = [make.ask(visit, key) for key in ("pack", "visum", "agenda")]
        for paper in papers:
            paper.file.save(f"{paper.kind}.bin", ContentFile(b"x"))
        OfficePaper.objects.update(made_at=timezone.now() - dt.timedelta(days=31))

        with django_capture_on_commit_callbacks(execute=True):
            assert pack.forget_expired(timezone.now()) == 1
        assert not papers[0].file.storage.exists(papers[0].file.name)
        with django_capture_on_commit_callbacks(execute=True):
            privacy.purge(visit.slot.ends_at + privacy.NIP_KEPT_FOR + dt.timedelta(days=1), carrying=carrying)

        assert [paper.kind for paper in OfficePaper.objects.all()] == ["agenda"]
        assert not papers[1].file.storage.exists(papers[1].file.name)

    def test_an_unfinished_visit_has_no_pack(self):
        visit = prepared_visit(completed=False)

        assert not make.make(make.ask(visit, "pack").pk)
        assert OfficePaper.objects.get().state == OfficePaper.State.FAILED

    def test_the_pack_lists_papers_that_failed(self, visit):
        Delegate.objects.filter(visit=visit).update(position="Ketua \U0001f600")

        assert make.make(make.ask(visit, "pack").pk)

        with OfficePaper.objects.get().file.open() as file, zipfile.ZipFile(file) as archive:
            assert not [name for name in archive.namelist() if "Visum" in name]
            assert "Visum SPD: " in archive.read("BACA SAYA.txt").decode()
            assert [name for name in archive.namelist() if "Notula" in name]


def test_a_void_letter_counts_as_missing(officer):
    visit = prepared_visit()
    replies.void(replies.issue(replies.valid_reply(visit)), reason="Salah tanggal")

    page = officer.get(url("papers", visit))

    assert next(row for row in page.context["papers"] if row.declared.key == "reply_letter").obstacle == "Surat balasan belum ditulis."
    assert ReplyLetter.objects.get().number


def test_the_word_letter_needs_the_decide_permission(officer, receptionist):
    visit = prepared_visit()

    assert officer.get(url("reply_docx", visit)).content.startswith(b"PK")
    assert receptionist.get(url("reply_docx", visit)).status_code == 302


def test_the_disposition_sheet_can_be_empty():
    letter = LetterFactory()

    body = KINDS["disposition"].paper(dossier(Visit.objects.get(pk=letter.visit_id))).body

    assert letter.number in body
    assert ">x<" not in body
