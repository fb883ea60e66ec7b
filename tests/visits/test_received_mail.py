"""Mail that arrives: what it is, with which visit it is filed, and what it may change."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from tests.factories import InvitationFactory, UserFactory, VisitFactory
from tests.visits.mails import bounce, calendar_reply, mail
from visits.domain import answers, mail_decisions, outbox, speakers
from visits.domain.errors import Refused
from visits.enums import AnswerKind, MailProblem, MessageKind, MessageStatus
from visits.mail import inbox
from visits.models import InboundMessage, OutboundMessage, SpeakerInvitation, VisitMessage

OPEN, DONE = InboundMessage.State.OPEN, InboundMessage.State.DONE


def file(message):
    row = inbox.file(message.as_bytes())
    row.refresh_from_db()
    return row


class ReceivedMailTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.officer = UserFactory()
        cls.officer.user_permissions.add(*Permission.objects.filter(codename__in=["decide_visit", "view_visit"]), admin_access())
        cls.visit = VisitFactory(approved=True)
        cls.guest = cls.visit.contact_email
        cls.sent = cls.mail_to(cls.visit, MessageKind.INVITATION)
        cls.invitation = InvitationFactory(item__visit=cls.visit)
        cls.speaker = cls.invitation.email
        speakers._queue(cls.visit, cls.invitation, MessageKind.SPEAKER_INVITATION)
        cls.asked = OutboundMessage.objects.get(kind=MessageKind.SPEAKER_INVITATION)
        OutboundMessage.objects.update(status=MessageStatus.SENT)

    @staticmethod
    def mail_to(visit, kind, recipient=""):
        return outbox.queue(visit, kind, recipient=recipient)

    def news(self):
        return OutboundMessage.objects.filter(
            kind__in=[MessageKind.GUEST_ACTED, MessageKind.SPEAKER_ANSWERED], recipient=self.officer.email
        )

    def state(self):
        return SpeakerInvitation.objects.get(pk=self.invitation.pk).state

    # Words of people

    def test_a_guests_answer_joins_the_conversation(self):
        quoted = (
            "Kami datang 12 orang.\n\nPada Sen, 30 Nov 2026 pukul 10.00 Kunjungan\n<kunjungan@binjai.invalid> menulis:\n\n> Yth. Tamu\n> …"
        )
        row = file(mail(quoted, sender=f"Tamu <{self.guest.upper()}>", answers=self.sent))

        turn = VisitMessage.objects.get()
        assert (turn.text, turn.from_guest, turn.visit) == ("Kami datang 12 orang.", True, self.visit)
        assert (row.kind, row.state, row.visit, row.answers, row.text) == (AnswerKind.MESSAGE, DONE, self.visit, self.sent, "")
        assert self.news().count() == 1

    def test_html_becomes_text_and_files_are_named(self):
        html = "<style>p{}</style><p>Baik,</p><script>x()</script><p>kami <b>datang</b>.</p><blockquote>Yth.</blockquote>"
        message = mail("", html=html, sender=self.guest, answers=self.sent)
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Surat tugas.pdf")
        row = file(message)

        text = VisitMessage.objects.get().text
        assert text.startswith("Baik,\n\nkami datang.\n\n"), text
        assert "Surat tugas.pdf" in text
        assert (row.files, row.state) == (["Surat tugas.pdf"], OPEN)

    def test_nobody_else_writes_as_the_guest(self):
        forged = file(mail("Batalkan!", sender=self.guest))
        other = file(mail("Saya ajudan.", sender="ajudan@contoh.invalid", answers=self.sent))
        two = mail("Batalkan!", sender=f"{self.guest}, lain@contoh.invalid", answers=self.sent)

        assert (forged.visit, forged.state, answers.possible_visit(forged)) == (None, OPEN, self.visit)
        assert (other.visit, other.state) == (self.visit, OPEN)
        assert other.remark
        assert file(two).sender == ""
        assert not VisitMessage.objects.exists()

    def test_a_speakers_words_stay_with_staff(self):
        row = file(mail("Saya perlu mikrofon.", sender=self.speaker, answers=self.asked))

        assert (row.visit, row.state, row.text) == (self.visit, OPEN, "Saya perlu mikrofon.")
        assert not VisitMessage.objects.exists()

    def test_a_message_is_filed_once_or_not_at_all(self):
        content = mail("Terima kasih.", sender=self.guest, answers=self.sent).as_bytes()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(InboundMessage, "save", lambda *args, **kwargs: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                inbox.file(content)
        assert not any(rows.exists() for rows in (VisitMessage.objects, InboundMessage.objects, self.news()))

        assert inbox.file(content)
        assert inbox.file(content) is None
        assert VisitMessage.objects.count() == InboundMessage.objects.count() == self.news().count() == 1

    # Answers from calendars

    def test_a_speaker_answers_from_the_calendar(self):
        speakers.accept(self.invitation, biography="Guru.")
        row = file(calendar_reply(self.invitation.calendar_uid, self.speaker.title(), "ACCEPTED"))
        assert (row.kind, row.state, row.visit, self.state()) == (AnswerKind.ACCEPTED, DONE, self.visit, "accepted")
        assert SpeakerInvitation.objects.get().biography == "Guru."

        row = file(calendar_reply("tidak-dikenal", self.speaker, "DECLINED", more="COMMENT:Sakit", answers=self.asked))
        assert (row.kind, row.state, self.state()) == (AnswerKind.DECLINED, DONE, "declined")
        assert SpeakerInvitation.objects.get().note == "Sakit"

    def test_a_forged_or_old_answer_changes_nothing(self):
        uid = self.invitation.calendar_uid
        SpeakerInvitation.objects.update(calendar_sequence=2)
        for message in (
            calendar_reply(f"speaker-{self.invitation.pk}@binjai.invalid", self.speaker, "ACCEPTED", sequence=2),
            calendar_reply(uid, self.speaker, "ACCEPTED", sequence=2, sender="penipu@contoh.invalid"),
            calendar_reply(uid, "penipu@contoh.invalid", "ACCEPTED", sequence=2),
            calendar_reply(uid, "penipu@contoh.invalid", "ACCEPTED", sequence=2, sender=self.speaker),
            calendar_reply(self.visit.calendar_uid, self.speaker, "ACCEPTED", sequence=2),
            calendar_reply(uid, self.speaker, "ACCEPTED", sequence=1),
        ):
            assert file(message).state == OPEN
            assert self.state() == "open"

    def test_undecided_answers_are_for_staff(self):
        uid = self.invitation.calendar_uid
        delegated = calendar_reply(uid, self.speaker, "DELEGATED", params=';DELEGATED-TO="mailto:wakil@contoh.invalid"')
        cases = {
            AnswerKind.TENTATIVE: (calendar_reply(uid, self.speaker, "TENTATIVE"), ""),
            AnswerKind.DELEGATED: (delegated, "wakil@contoh.invalid"),
            AnswerKind.COUNTER: (calendar_reply(uid, self.speaker, "TENTATIVE", method="COUNTER"), "09.00"),
        }
        for kind, (message, told) in cases.items():
            row = file(message)
            assert (row.kind, row.state, row.visit) == (kind, OPEN, self.visit)
            assert told in row.remark, row.remark
        assert self.state() == "open"

    def test_a_guests_answer_never_changes_the_visit(self):
        uid = self.visit.calendar_uid
        assert file(calendar_reply(uid, self.guest, "ACCEPTED")).state == DONE
        row = file(calendar_reply(uid, self.guest, "DECLINED", more="COMMENT:Tidak jadi"))
        assert (row.kind, row.state, row.remark) == (AnswerKind.DECLINED, OPEN, "Tidak jadi")
        self.visit.refresh_from_db()
        assert self.visit.status == "approved"

    # Servers and programs

    def test_mail_that_came_back_is_marked(self):
        for number, headers_only in enumerate((False, True)):
            OutboundMessage.objects.filter(pk=self.sent.pk).update(status=MessageStatus.SENT, problem="")
            row = file(bounce(self.sent, headers_only=headers_only))
            self.sent.refresh_from_db()
            assert (row.kind, row.state, row.visit) == (AnswerKind.BOUNCE, OPEN, self.visit), number
            assert (self.sent.status, self.sent.problem) == (MessageStatus.FAILED, MailProblem.CAME_BACK)
            assert "5.1.1" in self.sent.last_error
        assert self.news().exists()

        mail_decisions.send(self.sent, seen="failed", by=None)
        self.sent.refresh_from_db()
        assert self.sent.status == MessageStatus.QUEUED

    def test_a_plain_bounce_is_known_by_our_message_id(self):
        text = f"This message was undeliverable: 5.2.2 mailbox full\nMessage-ID: <{self.sent.message_key}@127.0.0.1>"
        row = file(mail(text, sender="Mail Delivery System <mailer-daemon@mx.contoh.invalid>"))
        self.sent.refresh_from_db()
        assert (row.kind, row.visit, self.sent.problem) == (AnswerKind.BOUNCE, self.visit, MailProblem.CAME_BACK)

    def test_a_report_of_a_delay_changes_nothing(self):
        row = file(bounce(self.sent, action="delayed", status="4.4.1"))
        self.sent.refresh_from_db()
        assert (row.kind, row.state, self.sent.status) == (AnswerKind.DELAYED, DONE, MessageStatus.SENT)

    def test_programs_are_told_from_people(self):
        for headers in ({"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}):
            row = file(mail("Saya sedang cuti.", sender=self.guest, answers=self.sent, **headers))
            assert (row.kind, row.state, row.visit) == (AnswerKind.AUTOMATIC, DONE, self.visit), headers
        assert file(mail("Halo", sender=self.guest, answers=self.sent, Auto_Submitted="no")).kind == AnswerKind.MESSAGE

    def test_a_bounce_of_mail_to_staff_makes_no_mail(self):
        told = self.mail_to(self.visit, MessageKind.GUEST_ACTED, self.officer.email)
        OutboundMessage.objects.filter(pk=told.pk).update(status=MessageStatus.SENT)
        file(bounce(told))
        file(mail("Baik.", sender=self.officer.email, answers=told))
        assert self.news().count() == 1

    # Staff

    def test_staff_file_a_mail_and_settle_it(self):
        self.client.force_login(self.officer)
        row = file(mail("Boleh datang?", sender="baru@contoh.invalid", subject=f"Tanya {self.visit.reference}"))
        page = self.client.get(reverse("visits_received_mail:index"))
        self.assertContains(page, "Boleh datang?")
        self.assertContains(page, f'value="{self.visit.reference}"')

        assign = reverse("visits_received_mail:assign", args=[row.pk])
        wrong = self.client.post(assign, {"reference": "KJ-0000-0000"}, follow=True)
        self.assertContains(wrong, "KJ-0000-0000")
        self.client.post(assign, {"reference": self.visit.reference.lower()})
        desk = reverse("visits_staff:inspect", args=[self.visit.pk])
        self.assertContains(self.client.get(desk), "Boleh datang?")
        self.client.post(reverse("visits_received_mail:settle", args=[row.pk]))
        row.refresh_from_db()
        assert (row.visit, row.state) == (self.visit, DONE)
        with pytest.raises(Refused):
            answers.assign(row, self.visit.reference, by=self.officer)

    def test_mail_of_no_visit_is_deleted_after_a_time(self):
        file(mail("Iklan"))
        kept = file(mail("Baik", sender=self.guest, answers=self.sent))
        assert answers.delete_old(timezone.now() + answers.KEPT_FOR + dt.timedelta(days=1)) == 1
        assert InboundMessage.objects.get() == kept


def admin_access():
    return Permission.objects.get(codename="access_admin")
