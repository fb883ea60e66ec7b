"""Registers of letters with explained numbers, the queue of dispositions, the usual signatory, the preview of a letter."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from tests.factories import DispositionFactory, LetterFactory, OfficialFactory, UserFactory, VisitFactory
from visits.domain import letters, replies
from visits.domain.errors import Refused
from visits.models import Disposition, IncomingLetter, NumberSequence, ReplyLetter
from visits.models.letters import ordinal_of
from visits.queries import letter_register

pytestmark = pytest.mark.django_db

INCOMING, OUTGOING, QUEUE = reverse("visits_incoming:index"), reverse("visits_outgoing:index"), reverse("visits_dispositions:index")


def url(name, visit, *args):
    return reverse(f"visits_staff:{name}", args=[visit.pk, *args])


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


def issued(**more):
    visit = VisitFactory(approved=True)
    texts = {**replies.default_texts(visit, ReplyLetter.Variant.ACCEPT), **more}
    reply = ReplyLetter(visit=visit, signatory=OfficialFactory(), **texts)
    return replies.issue(replies.save_draft(reply))


class TestRegisters:
    def test_incoming_letters_are_found_by_text_year_and_sender(self, officer):
        sender = VisitFactory(submitted=True)
        letter = LetterFactory(
            visit=sender, number="005/77/DPRD", received_on=dt.date(2025, 3, 1), agenda_number="0001/2025", subject="Studi tiru"
        )
        other = LetterFactory(visit=VisitFactory(submitted=True, organisation_kind="company"), date=dt.date(2026, 9, 1))

        for query in ("q=studi", "q=0001", "year=2025", "sender=local_government", "registered=yes", f"q={letter.visit.organisation}"):
            found = list(officer.get(f"{INCOMING}?{query}").context["object_list"])
            assert found == [letter], query
        assert set(officer.get(INCOMING).context["object_list"]) == {letter, other}

    def test_incoming_letters_are_found_by_unit(self, officer):
        letter = DispositionFactory(to_positions="Bagian Protokol, Dinas Kominfo").letter
        LetterFactory(visit=VisitFactory(submitted=True))

        page = officer.get(INCOMING, {"unit": "Dinas Kominfo"})

        assert list(page.context["object_list"]) == [letter]
        assert "Bagian Protokol, Dinas Kominfo" in page.content.decode()
        assert "Dinas Kominfo" in b"".join(officer.get(INCOMING, {"export": "csv"})).decode()

    def test_letters_of_unconfirmed_requests_are_not_received_yet(self, officer):
        letter = LetterFactory(visit=VisitFactory())
        assert list(officer.get(INCOMING).context["object_list"]) == []

        type(letter.visit).objects.filter(pk=letter.visit_id).update(status="submitted", reference="KJ-2026-0001")
        assert list(officer.get(INCOMING).context["object_list"]) == [letter]

    def test_outgoing_letters_have_a_number(self, officer):
        letter, other = issued(subject="Penerimaan kunjungan"), issued(subject="Lainnya")
        replies.void(other, reason="Salah alamat.")
        draft = VisitFactory(approved=True)
        replies.save_draft(
            ReplyLetter(visit=draft, signatory=OfficialFactory(), **replies.default_texts(draft, ReplyLetter.Variant.ACCEPT))
        )

        for query in ("q=penerimaan", "state=issued", f"unit={letter.signatory_id}", f"q={letter.number}"):
            assert list(officer.get(f"{OUTGOING}?{query}").context["object_list"]) == [letter], query
        assert set(officer.get(f"{OUTGOING}?year={timezone.localdate().year}").context["object_list"]) == {letter, other}

    @pytest.mark.parametrize("query", ["year=x", "unit=abc", f"unit={'9' * 400}", "q=%00", "state=draft", "registered=maybe", "p=-1"])
    def test_invalid_filters_cause_no_error(self, officer, query):
        LetterFactory()
        for address in (INCOMING, OUTGOING):
            assert officer.get(f"{address}?{query}").status_code == 200

    def test_exports_hold_no_formula(self, officer):
        LetterFactory(subject="=HYPERLINK(1)")
        issued(subject="=HYPERLINK(1)")
        for address in (INCOMING, OUTGOING):
            rows = list(csv.reader(io.StringIO(b"".join(officer.get(f"{address}?export=csv").streaming_content).decode())))
            assert len(rows) == 2
            assert "'=HYPERLINK(1)" in rows[1]
            sheet = openpyxl.load_workbook(io.BytesIO(b"".join(officer.get(f"{address}?export=xlsx").streaming_content))).active
            assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]

    @pytest.mark.parametrize(("address", "make"), [(INCOMING, LetterFactory), (OUTGOING, issued)])
    def test_query_count_is_independent_of_letters(self, officer, address, make):
        make()
        officer.get(address)
        with CaptureQueriesContext(connection) as few:
            officer.get(address)
        for _ in range(12):
            make()
        with CaptureQueriesContext(connection) as more:
            officer.get(address)

        assert len(few) == len(more)


class TestNumbers:
    def test_every_unused_number_is_explained(self, officer):
        replies.void(issued(), reason="Salah alamat.")
        number = replies.take_number_by_hand(use="Undangan rapat", by=officer.user)
        valid = issued()
        NumberSequence.objects.filter(key="letter").update(last_number=5)

        found = letter_register.numbers_without_letter(timezone.localdate().year)

        assert [each.is_explained for each in found] == [True, True, False, False]
        assert "Salah alamat." in found[0].explanation
        assert found[1].number == number
        assert "Undangan rapat" in found[1].explanation
        page = words(officer.get(OUTGOING))
        assert "Undangan rapat" in page
        assert valid.number in page

    def test_a_double_click_takes_one_number(self, officer, auditor):
        take = reverse("visits_outgoing:take_number")
        for _click in range(2):
            officer.post(take, {"use": "Undangan rapat"})
        auditor.post(take, {"use": "Undangan rapat"})
        assert NumberSequence.objects.get(key="letter").last_number == 1
        officer.post(take, {"use": "Surat tugas"})
        assert NumberSequence.objects.get(key="letter").last_number == 2

        refused = officer.post(take, {"use": "x" * 201})
        assert refused.context["form"].errors
        assert refused.context["form"]["use"].value() == "x" * 201

    @pytest.mark.parametrize(
        ("pattern", "number", "ordinal"),
        [
            ("{classification}/{number:04d}/{unit}/{year}", "000.1/0012/SETDA/2026", 12),
            ("KJ-{year}-{number:04d}", "KJ-2026-0007", 7),
            ("{number}/{month}/{year}", "31/XII/2026", 31),
            ("{number}/{month}/{year}", "entah", None),
        ],
    )
    def test_the_place_of_a_number_is_found(self, pattern, number, ordinal):
        assert ordinal_of(pattern, number) == ordinal


class TestDispositions:
    @pytest.fixture
    def letter(self):
        return LetterFactory(visit=VisitFactory(submitted=True))

    def test_a_disposition_needs_no_typed_word(self, superior, officer, letter):
        superior.user.position = "Sekretaris Daerah"
        superior.user.save()
        officer.user.position = "Kepala Bagian Prokopim"
        officer.user.save()
        form = officer.get(url("dispose", letter.visit)).context["form"]
        assert form["from_position"].value() == "Kepala Bagian Prokopim"
        form = superior.get(url("dispose", letter.visit)).context["form"]
        chosen = {name: form[name].value() for name in ("from_position",)} | {"addressee": officer.user.pk, "instructions": ["receive"]}

        superior.post(url("dispose", letter.visit), chosen)

        disposition = Disposition.objects.get()
        assert (disposition.from_position, disposition.to_positions) == ("Sekretaris Daerah", "Kepala Bagian Prokopim")
        assert [each.pk for each in officer.get(QUEUE).context["queue"]] == [disposition.pk]
        assert superior.get(QUEUE).context["queue"] == []

    def test_passing_on_empties_the_own_queue(self, superior, officer, letter):
        first = letters.add_disposition(
            letter, from_position="Sekda", to_positions="Asisten", addressee=superior.user, instructions=["receive"]
        )
        assert letter not in letter_register.without_disposition()

        superior.post(
            url("dispose", letter.visit),
            {"from_position": "Asisten", "addressee": officer.user.pk, "instructions": ["prepare"]},
        )

        first.refresh_from_db()
        assert first.done_at
        assert superior.get(QUEUE).context["queue"] == []

    def test_only_its_person_finishes_a_disposition(self, superior, officer, letter):
        disposition = DispositionFactory(letter=letter, addressee=superior.user)
        done = reverse("visits_dispositions:done", args=[disposition.pk])

        refused = officer.post(done, follow=True)
        assert [message.level_tag for message in refused.context["messages"]] == ["error"]
        assert not Disposition.objects.get().done_at
        for _press in range(2):
            assert superior.post(done).status_code == 302
        assert Disposition.objects.get().done_at

    def test_a_double_click_writes_one(self, superior, officer, letter):
        typed = {"from_position": "Sekda", "addressee": officer.user.pk, "instructions": ["receive"]}
        for _click in range(2):
            superior.post(url("dispose", letter.visit), typed)

        assert Disposition.objects.count() == 1

    def test_an_incomplete_disposition_keeps_what_was_typed(self, superior, letter):
        for typed in ({"to_positions": "Asisten"}, {"instructions": ["receive"], "note": "Segera"}):
            page = superior.post(url("dispose", letter.visit), {"from_position": "Sekda", **typed})

            assert page.context["form"].non_field_errors()
            assert page.context["form"]["from_position"].value() == "Sekda"
        assert not Disposition.objects.exists()

    def test_those_who_may_not_read_get_no_letter(self, letter):
        with pytest.raises(Refused):
            letters.add_disposition(letter, from_position="Sekda", to_positions="x", addressee=UserFactory(), instructions=["receive"])

    def test_letters_without_disposition_are_listed_once(self, superior):
        waiting = LetterFactory(visit=VisitFactory(submitted=True))
        LetterFactory(visit=VisitFactory(completed=True))
        newer = LetterFactory(visit=waiting.visit, number="005/2")
        IncomingLetter.objects.filter(pk=waiting.pk).update(received_at=timezone.now() - dt.timedelta(days=1))

        assert superior.get(QUEUE).context["letters"] == [newer]

    def test_the_queue_is_private_and_bounded(self, superior, receptionist, auditor):
        for _ in range(15):
            DispositionFactory(letter=LetterFactory(), addressee=superior.user)
        superior.get(QUEUE)
        with CaptureQueriesContext(connection) as queries:
            assert len(superior.get(QUEUE).context["queue"]) == 15
        assert len(queries) <= 12
        for other in (receptionist, auditor):
            assert other.get(QUEUE).status_code == 302

    def test_the_home_page_tells_of_the_queue(self, superior):
        DispositionFactory(letter=LetterFactory(), addressee=superior.user)

        assert QUEUE in superior.get(reverse("wagtailadmin_home")).content.decode()


class TestReply:
    def test_the_signatory_is_remembered_by_kind(self, officer):
        first, second = OfficialFactory(position="Sekretaris Daerah"), OfficialFactory(position="Asisten", sort_order=2)
        visit = VisitFactory(approved=True)
        assert officer.get(f"{url('reply', visit)}?variant=accept").context["form"]["signatory"].value() == first.pk
        for variant, official in (("accept", first), ("online", second)):
            other = VisitFactory(approved=True)
            replies.save_draft(ReplyLetter(visit=other, signatory=official, **replies.default_texts(other, ReplyLetter.Variant(variant))))

        assert officer.get(f"{url('reply', visit)}?variant=accept").context["form"]["signatory"].value() == first.pk
        assert officer.get(f"{url('reply', visit)}?variant=online").context["form"]["signatory"].value() == second.pk
        second.active = False
        second.save()
        assert officer.get(f"{url('reply', visit)}?variant=online").context["form"]["signatory"].value() == first.pk

    def test_a_letter_is_previewed_before_it_is_issued(self, officer):
        visit = VisitFactory(approved=True)
        official = OfficialFactory()
        form = officer.get(url("reply", visit)).context["form"]
        typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}

        answer = officer.post(url("reply", visit), {**typed, "signatory": official.pk, "preview": 1})

        assert answer["Location"] == url("preview_paper", visit, "reply_letter")
        assert ReplyLetter.objects.get().state == ReplyLetter.State.DRAFT
        assert url("preview_paper", visit, "reply_letter") in officer.get(url("correspondence", visit)).content.decode()
