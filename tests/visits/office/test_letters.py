"""Letters: registration, disposition, replies with gapless numbers, void letters."""

import json
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfWriter

from tests.factories import DispositionFactory, LetterFactory, OfficialFactory, VisitFactory
from visits.domain import replies, tokens
from visits.domain.errors import Refused
from visits.models import Disposition, HostOfficial, NumberSequence, OutboundMessage, ReplyLetter, Visit
from visits.models.letters import check_pattern

pytestmark = pytest.mark.django_db


def url(name, visit):
    return reverse(f"visits_staff:{name}", args=[visit.pk])


def draft(visit, **values):
    words = {**replies.default_texts(visit, ReplyLetter.Variant.ACCEPT), "signatory": OfficialFactory(), **values}
    return replies.save_draft(ReplyLetter(visit=visit, **words))


def last_number():
    return NumberSequence.objects.get(key="letter").last_number


class TestNumbers:
    def test_issuing_a_letter_twice_uses_one_number(self):
        first, second = draft(VisitFactory(approved=True)), draft(VisitFactory(approved=True))
        assert first.number is None

        issued = [replies.issue(reply).number for reply in (first, second)]
        with pytest.raises(Refused):
            replies.issue(first)

        assert [number.split("/")[1] for number in issued] == ["0001", "0002"]
        assert last_number() == 2

    def test_a_refused_letter_uses_no_number(self):
        waiting = VisitFactory(submitted=True)
        Visit.objects.filter(pk=waiting.pk).update(slot=None, seats_held=0)
        waiting.refresh_from_db()

        with pytest.raises(Refused):
            replies.issue(draft(waiting, with_appointment=True))
        issued = replies.issue(draft(VisitFactory(approved=True)))

        assert issued.number.split("/")[1] == "0001"

    def test_a_void_letter_keeps_its_number(self):
        visit = VisitFactory(approved=True)
        first = replies.issue(draft(visit))
        with pytest.raises(Refused):
            draft(visit)

        replies.void(first, reason="Salah tanggal")
        second = replies.issue(draft(visit))

        first.refresh_from_db()
        assert (first.state, first.number is not None) == (ReplyLetter.State.VOID, True)
        assert second.number != first.number
        assert last_number() == 2

    def test_an_issued_letter_keeps_its_signatory_data(self):
        reply = replies.issue(draft(VisitFactory(approved=True)))
        HostOfficial.objects.update(rank="Pembina Utama (IV/e)")

        reply = ReplyLetter.objects.get(pk=reply.pk)

        assert replies.content_of(reply)["signatory"]["rank"] == "Pembina Utama Muda (IV/c)"
        assert json.loads(reply.snapshot)["number"] == reply.number

    @pytest.mark.parametrize(
        "pattern", ["{year}", "{number}", "{number.__class__}{year}", "{jumlah}/{number}/{year}", "{number", "{number:zz}{year}"]
    )
    def test_an_invalid_number_pattern_is_refused(self, pattern):
        with pytest.raises(ValidationError):
            check_pattern(pattern)

    def test_staff_can_change_the_pattern_only(self, officer):
        sequence = NumberSequence.objects.create(key="letter", year=2026, pattern="{number}/{year}", last_number=7)

        officer.post(
            reverse("visits_numbers:edit", args=[sequence.pk]), {"pattern": "{classification}/{number:03d}/{year}", "last_number": 1}
        )

        sequence.refresh_from_db()
        assert (sequence.pattern, sequence.last_number) == ("{classification}/{number:03d}/{year}", 7)


class TestScreens:
    def test_a_letter_from_registration_to_signed_copy(self, officer, client):
        visit, official = VisitFactory(approved=True), OfficialFactory()
        letter = LetterFactory(visit=visit)
        officer.post(
            url("register", visit),
            {
                "agenda": "",
                "received_on": "2026-09-02",
                "nature": "urgent",
                "number": letter.number,
                "date": "2026-09-01",
                "subject": "Kunker",
            },
        )
        letter.refresh_from_db()
        assert letter.agenda_number == "0001/2026"

        page = officer.get(url("reply", visit), {"variant": "accept_changed"})
        typed = {name: value for name, value in page.context["form"].initial.items() if value not in (None, False)}
        assert "Nomor 005/123/DPRD/2026" in typed["opening"]
        officer.post(url("reply", visit), {**typed, "nature": "ordinary", "enclosures": "-", "signatory": official.pk})
        officer.post(url("issue_reply", visit))
        reply = ReplyLetter.objects.get()
        assert reply.state == ReplyLetter.State.ISSUED

        scan, pdf = BytesIO(), PdfWriter()
        pdf.add_blank_page(595, 842)
        pdf.write(scan)
        scan.seek(0)
        scan.name = "surat.pdf"
        words = officer.get(url("signed_reply", visit)).context["form"].initial["message"]
        assert reply.number in words
        officer.post(url("signed_reply", visit), {"file": scan, "message": words})
        assert OutboundMessage.objects.get(visit=visit, kind="reply_letter").note == words
        answer = client.get(reverse("visits:signed_reply", args=[tokens.token_for(visit, tokens.STATUS)]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        assert client.get(reverse("visits:signed_reply", args=["0" * 64])).status_code == 404

    def test_voiding_a_letter_shows_one_message(self, officer):
        visit = VisitFactory(approved=True)
        replies.issue(draft(visit))

        page = officer.post(url("void_reply", visit), {"reason": "Salah tanggal"}, follow=True)

        assert [str(message).strip() for message in page.context["messages"]] == ["Surat sudah dibatalkan."]

    @pytest.mark.parametrize("name", ["void_reply", "signed_reply", "register", "dispose"])
    def test_premature_actions_redirect_with_a_message(self, officer, name):
        visit = VisitFactory(approved=True)

        for answer in (officer.get(url(name, visit), follow=True), officer.post(url(name, visit), {"reason": "x"}, follow=True)):
            assert answer.redirect_chain == [(url("correspondence", visit), 302)]
            assert len(list(answer.context["messages"])) == 1
        assert not ReplyLetter.objects.exists()

    def test_an_incomplete_letter_keeps_typed_values(self, officer):
        page = officer.post(url("reply", VisitFactory(approved=True)), {"variant": "accept", "subject": "Jawaban"})

        assert page.status_code == 200
        assert page.context["form"]["subject"].value() == "Jawaban"
        assert page.context["form"].errors["signatory"]
        assert not ReplyLetter.objects.exists()

    def test_dispositions_need_the_permission(self, superior, auditor, receptionist):
        visit = VisitFactory(submitted=True)
        DispositionFactory(letter=LetterFactory(visit=visit))
        typed = {"from_position": "Wali Kota", "to_positions": "Sekretaris Daerah", "instructions": ["receive"], "note": "Segera"}

        assert superior.post(url("dispose", visit), typed).status_code == 302
        assert Disposition.objects.count() == 2
        assert "Wali Kota" in superior.get(url("correspondence", visit)).content.decode()
        assert "Wali Kota" not in receptionist.get(url("correspondence", visit)).content.decode()
        for other in (auditor, receptionist):
            other.post(url("dispose", visit), typed)
        assert Disposition.objects.count() == 2

    @pytest.mark.parametrize("name", ["register", "reply", "issue_reply", "void_reply", "signed_reply"])
    def test_receptionists_and_auditors_cannot_write_letters(self, name, receptionist, auditor):
        visit = VisitFactory(approved=True)
        LetterFactory(visit=visit)
        draft(visit)

        for other in (receptionist, auditor):
            assert other.post(url(name, visit)).status_code == 302
        assert ReplyLetter.objects.get().state == ReplyLetter.State.DRAFT


def test_date_forms_load_the_date_chooser(officer):
    visit = VisitFactory(approved=True)
    LetterFactory(visit=visit)

    for name in ("register", "dispose", "visum"):
        assert "date-time-chooser.js" in officer.get(url(name, visit)).content.decode()


def test_officials_nip_is_masked_and_encrypted(officer):
    official = OfficialFactory()
    address = reverse("visits_officials:edit", args=[official.pk])

    page = officer.get(address).content.decode()
    listed = officer.get(reverse("visits_officials:index")).content.decode()
    officer.post(address, {"name": "Nama Baru", "position": official.position, "nip": official.masked_nip, "sort_order": 1})

    assert official.nip not in page + listed
    official.refresh_from_db()
    assert (official.name, official.nip) == ("Nama Baru", "197001012000011001")
    assert official.nip not in str(HostOfficial.objects.extra(select={"raw": "nip"}).values_list("raw").get())
