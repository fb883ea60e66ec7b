"""Mails: text and HTML have the same content; each is sent once, retried, and finally marked as failed."""

import datetime as dt
import re
import socketserver
import threading
import time
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from tests.factories import RegionFactory, VisitFactory
from tests.mail import SmtpSink, attachment, free_port, text_of
from tests.processes import Worker
from visits import tasks
from visits.domain import contact_person, decisions, mail_decisions, outbox, tokens
from visits.domain.contact_person import ContactPerson
from visits.domain.errors import Refused
from visits.enums import Actor, MailProblem, MessageKind, MessageStatus, VisitSource
from visits.mail import secret_links, sending
from visits.mail.kinds import MAIL_TEMPLATES, as_markdown
from visits.mail.messages import render
from visits.models import OutboundMessage

pytestmark = pytest.mark.django_db


def test_the_documents_list_every_kind_of_mail():
    with override("en"):
        table = as_markdown()

    assert set(MAIL_TEMPLATES) == set(MessageKind)
    assert table in (settings.BASE_DIR / "docs" / "mail.md").read_text()


def html_of(mail) -> str:
    [content] = [part.content for part in mail.alternatives if part.mimetype == "text/html"]
    return content


def receipt_of(visit):
    outbox.queue(visit, MessageKind.RECEIPT)
    return render(visit.messages.get(kind=MessageKind.RECEIPT))


def test_html_and_text_of_a_mail_match():
    visit = VisitFactory(submitted=True, organisation="Dinas <b>Contoh</b> & Rekan", region=RegionFactory(zone="WIT"))
    mail = receipt_of(visit)
    content = html_of(mail)

    link = f"{settings.SITE_URL}/kunjungan/status/{tokens.token_for(visit, tokens.STATUS)}/"
    assert mail.body.count(link) == 1
    assert re.search(rf'<a class="button" href="{re.escape(link)}" style="[^"]*background[^"]*">Buka halaman</a>', content)
    assert "Dinas &lt;b&gt;Contoh&lt;/b&gt; &amp; Rekan" in content
    assert "09.00–11.30 WIB (11.00–13.30 WIT)" in mail.body
    for line in mail.body.splitlines():
        if line and "://" not in line and "<b>" not in line:
            assert line in content


def test_links_to_other_sites_are_no_buttons():
    visit = VisitFactory(submitted=True)
    outbox.queue(visit, MessageKind.HOST_MESSAGE, note="https://rapat.contoh.invalid/j/1")
    content = html_of(render(visit.messages.get()))

    assert ">https://rapat.contoh.invalid/j/1</a>" in content
    assert content.count("Buka halaman") == 1


@pytest.fixture
def server(settings):
    """A local SMTP server that receives Django's mail."""
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "knowledge_hub.core.mail_backend.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        yield sink


@pytest.fixture
def receipt():
    """A queued mail."""
    visit = VisitFactory(submitted=True)
    outbox.queue(visit, MessageKind.RECEIPT)
    return visit.messages.get()


def test_several_workers_send_a_mail_once(server, receipt):
    assert [sending.send(receipt.pk) for _worker in range(3)] == [True, False, False]

    assert len(server.messages) == 1
    receipt.refresh_from_db()
    assert (receipt.status, receipt.last_error) == (MessageStatus.SENT, "")


def test_refused_mails_are_retried_with_growing_delays(server, receipt):
    server.refuse, now, pauses = True, timezone.now(), []
    while not sending.send(receipt.pk, now=now):
        receipt.refresh_from_db()
        if receipt.status == MessageStatus.FAILED:
            break
        assert not sending.send(receipt.pk, now=now), "no retry before the next time"
        pauses.append(receipt.next_try_at - now)
        now = receipt.next_try_at

    assert [pause.total_seconds() / 60 for pause in pauses] == [1, 4, 16, 64, 256]
    assert "451" in receipt.last_error
    server.refuse = False
    mail_decisions.send(receipt, seen="failed", by=None)
    assert sending.send(receipt.pk)
    assert len(server.messages) == 1


def claim_and_hang(pipe, message_pk: int, now: dt.datetime) -> None:
    """A worker that claims a mail and hangs while rendering it."""
    sending.render = lambda message: pipe.send("writes") or time.sleep(60)
    sending.send(message_pk, now=now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="what happens is the same on every database")
def test_a_killed_workers_mail_is_sent_later(server, receipt):
    # The fixture's commit has sent the mail; queue it again.
    OutboundMessage.objects.update(status=MessageStatus.QUEUED, tries=0)
    server.messages.clear()
    now = timezone.now()
    worker = Worker(claim_and_hang, receipt.pk, now)
    try:
        assert worker.pipe.recv() == "writes"
        worker.kill()
    finally:
        worker.close()

    assert not sending.send(receipt.pk, now=now), "the other worker may still be rendering it"
    assert sending.send(receipt.pk, now=now + sending.LEASE + dt.timedelta(seconds=1))
    assert len(server.messages) == 1
    assert OutboundMessage.objects.get().tries == 2


def test_a_mail_crashing_every_worker_fails_eventually(receipt):
    OutboundMessage.objects.update(
        status=MessageStatus.SENDING, tries=sending.MAX_TRIES, claimed_at=timezone.now() - sending.LEASE - dt.timedelta(seconds=1)
    )

    assert not sending.send(receipt.pk)

    receipt.refresh_from_db()
    assert (receipt.status, receipt.problem) == (MessageStatus.FAILED, MailProblem.BROKEN_OFF)
    assert not sending.due(timezone.now() + dt.timedelta(days=9)).exists()


def test_beats_of_the_clock_enqueue_a_mail_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    visit = VisitFactory(submitted=True)
    sent = DBTaskResult.objects.filter(task_path=tasks.send_message.module_path)
    for _number in range(5):
        outbox.queue(visit, MessageKind.RECEIPT)
    assert sent.count() == 5

    for _beat in range(3):
        assert tasks.sweep()["messages"] == 0

    assert sent.count() == 5
    sent.filter(pk=sent.first().pk).update(status="FAILED")
    assert tasks.sweep()["messages"] == 1


@pytest.mark.parametrize(("step", "answer"), [("RCPT", "550 5.1.1 No such person"), ("DATA", "554 5.7.1 Refused")])
def test_a_permanent_answer_stops_the_mail_at_once(server, receipt, step, answer):
    server.answers[step] = answer

    assert not sending.send(receipt.pk)

    receipt.refresh_from_db()
    assert (receipt.status, receipt.problem, receipt.tries) == (MessageStatus.FAILED, MailProblem.REFUSED, 1)
    assert answer[:3] in receipt.last_error
    server.answers.clear()
    mail_decisions.send(receipt, seen="failed", by=None)
    assert sending.send(receipt.pk)


def test_a_break_behind_the_mail_is_tried_once_more(server, receipt):
    server.breaks_off, now = True, timezone.now()
    for hour in range(4):
        assert not sending.send(receipt.pk, now=now + dt.timedelta(hours=hour))

    assert len({message["Message-ID"] for message in server.messages}) == 1
    assert len(server.messages) == 2
    receipt.refresh_from_db()
    assert (receipt.status, receipt.problem) == (MessageStatus.FAILED, MailProblem.NO_ANSWER)


def test_a_break_before_the_mail_is_tried_again(receipt, settings):
    settings.EMAIL_BACKEND = "knowledge_hub.core.mail_backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    assert not sending.send(receipt.pk)

    receipt.refresh_from_db()
    assert (receipt.status, receipt.problem, receipt.handed_over) == (MessageStatus.QUEUED, MailProblem.UNREACHABLE, 0)


class Killed(BaseException):
    """Ends a worker between two steps; nothing catches it."""


def kill_behind(step: sending.Step, monkeypatch) -> None:
    """Let the next sending end behind a step."""

    def reached(now, message):
        if now == step:
            monkeypatch.undo()
            raise Killed

    monkeypatch.setattr(sending, "_reached", reached)


@pytest.mark.parametrize("first", sending.Step, ids=[step.name for step in sending.Step])
def test_killed_workers_lose_no_mail_and_repeat_at_most_one(first, receipt, monkeypatch):
    with SmtpSink() as server:
        for second in (*sending.Step, None):
            backend = {"EMAIL_BACKEND": settings.OUR_SMTP, "EMAIL_HOST": server.host, "EMAIL_PORT": server.port}
            with override_settings(**backend):
                OutboundMessage.objects.update(status=MessageStatus.QUEUED, tries=0, handed_over=0, next_try_at=None, sent_at=None)
                server.messages.clear()
                now = timezone.now()
                for number, step in enumerate((first, second)):
                    if step and OutboundMessage.objects.get().status != MessageStatus.SENT:
                        kill_behind(step, monkeypatch)
                        with suppress(Killed):
                            sending.send(receipt.pk, now=now + number * 2 * sending.LEASE)
                for later in range(3, 9):
                    sending.send(receipt.pk, now=now + later * 2 * sending.LEASE)
            arrived, receipt_now = len(server.messages), OutboundMessage.objects.get()
            behind_data = [step for step in (first, second) if step == sending.Step.ANSWERED]

            left_to_staff = (receipt_now.status, receipt_now.problem) == (MessageStatus.FAILED, MailProblem.NO_ANSWER)
            assert receipt_now.status == MessageStatus.SENT or left_to_staff, (first, second)
            assert arrived >= 1 or left_to_staff, (first, second)
            assert arrived <= 1 + len(behind_data[:1]), (first, second)


def test_a_cancelled_visit_is_not_invited_afterwards(server, officer, programme):
    visit = VisitFactory(submitted=True, slot__programme=programme)
    server.refuse = True
    visit = decisions.approve(visit, by=officer)
    invitation = visit.messages.get(kind=MessageKind.INVITATION)
    now = timezone.now()
    assert not sending.send(invitation.pk, now=now)

    server.refuse = False
    decisions.cancel(visit, by=Actor.STAFF, reason="Contoh")
    for message in visit.messages.all():
        sending.send(message.pk, now=now + dt.timedelta(hours=1))

    [mail] = [mail for mail in server.messages if visit.contact_email in mail["To"]]
    assert "dibatalkan" in mail["Subject"]
    assert b"METHOD:CANCEL" in attachment(mail, "text/calendar")
    invitation.refresh_from_db()
    assert invitation.status == MessageStatus.RETIRED


def test_news_of_a_change_reach_an_unaware_guest_as_invitation(server, officer, programme):
    visit = VisitFactory(submitted=True, slot__programme=programme)
    visit = decisions.approve(visit, by=officer, message="Selamat datang.")
    outbox.queue(visit, MessageKind.PLACE_CHANGED, note="Pintu timur.")
    for message in visit.messages.order_by("pk"):
        sending.send(message.pk)

    [mail] = [mail for mail in server.messages if visit.contact_email in mail["To"]]
    assert mail["Subject"] == f"{visit.reference}: kunjungan Anda terjadwal"
    assert "Selamat datang." in text_of(mail)
    assert "Pintu timur." in text_of(mail)


def test_mails_about_a_visit_leave_in_order(server, receipt):
    outbox.queue(receipt.visit, MessageKind.HOST_MESSAGE, note="Kedua")
    second, now = receipt.visit.messages.get(kind=MessageKind.HOST_MESSAGE), timezone.now()
    server.refuse = True
    assert not sending.send(receipt.pk, now=now)
    server.refuse = False

    assert not sending.send(second.pk, now=now), "the first one is tried again later"
    assert sending.send(receipt.pk, now=now + dt.timedelta(minutes=2))
    assert sending.send(second.pk, now=now + dt.timedelta(minutes=2))
    first_mail, second_mail = server.messages
    assert second_mail["Subject"].endswith("pesan untuk Anda")
    assert second_mail["References"] == second_mail["In-Reply-To"] == first_mail["Message-ID"]


def test_answers_go_where_the_settings_say(receipt, settings, mailoutbox):
    settings.REPLY_TO_EMAIL = "jawaban@contoh.invalid"

    sending.send(receipt.pk)

    assert mailoutbox[0].reply_to == ["jawaban@contoh.invalid"]


def test_a_mail_given_up_holds_no_other_back(server, receipt):
    outbox.queue(receipt.visit, MessageKind.HOST_MESSAGE, note="Kedua")
    server.answers["RCPT"] = "550 5.1.1 No such person"
    assert not sending.send(receipt.pk)
    server.answers.clear()

    assert sending.send(receipt.visit.messages.get(kind=MessageKind.HOST_MESSAGE).pk)


def invited(server, visit) -> list[bool]:
    """For each calendar file that the guest got, whether it invites."""
    mails = [mail for mail in server.messages if visit.contact_email in mail["To"]]
    return [b"METHOD:REQUEST" in attachment(mail, "text/calendar") for mail in mails]


def send_all(visit, now: dt.datetime) -> None:
    """Send the mail of a visit in some hours, when every pause and lease has ended."""
    for hours in (1, 2):
        for message in visit.messages.order_by("pk"):
            sending.send(message.pk, now=now + dt.timedelta(hours=hours))


@pytest.fixture
def approved(server, officer, programme):
    """A visit whose invitation waits."""
    return decisions.approve(VisitFactory(submitted=True, slot__programme=programme), by=officer)


def change_while(step: sending.Step, change, monkeypatch) -> None:
    """Let something happen behind a step of the next sending."""

    def reached(now, message):
        if now == step:
            monkeypatch.undo()
            change()

    monkeypatch.setattr(sending, "_reached", reached)


def test_a_visit_cancelled_while_the_server_waits_is_not_invited(server, approved, monkeypatch):
    server.refuse, now = True, timezone.now()
    change_while(sending.Step.HANDED_OVER, lambda: decisions.cancel(approved, by=Actor.STAFF, reason="Contoh"), monkeypatch)
    sending.send(approved.messages.get(kind=MessageKind.INVITATION).pk, now=now)
    server.refuse = False

    send_all(approved, now)

    assert invited(server, approved) == [False]


def test_a_change_while_the_invitation_fails_leaves_in_it(server, approved, monkeypatch):
    now, invitation = timezone.now(), approved.messages.get(kind=MessageKind.INVITATION)
    server.answers["RCPT"] = "450 4.2.1 Later"
    change_while(sending.Step.WRITTEN, lambda: outbox.queue(approved, MessageKind.PLACE_CHANGED, note="Pintu timur."), monkeypatch)
    sending.send(invitation.pk, now=now)
    server.answers.clear()

    send_all(approved, now)

    [mail] = [mail for mail in server.messages if approved.contact_email in mail["To"]]
    assert mail["Subject"] == f"{approved.reference}: kunjungan Anda terjadwal"
    assert "Pintu timur." in text_of(mail)


def test_a_killed_workers_invitation_of_a_cancelled_visit_stays(server, approved):
    now = timezone.now()
    approved.messages.filter(kind=MessageKind.INVITATION).update(status=MessageStatus.SENDING, claimed_at=now, tries=1)
    decisions.cancel(approved, by=Actor.STAFF, reason="Contoh")

    send_all(approved, now)

    assert invited(server, approved) == [False]


def test_a_refused_invitation_is_not_sent_again_after_the_cancellation(server, approved, officer):
    now, invitation = timezone.now(), approved.messages.get(kind=MessageKind.INVITATION)
    server.answers["RCPT"] = "550 5.1.1 No such person"
    sending.send(invitation.pk, now=now)
    server.answers.clear()
    decisions.cancel(approved, by=Actor.STAFF, reason="Contoh")

    with pytest.raises(Refused, match="Surel yang lebih baru"):
        mail_decisions.send(invitation, seen="failed", by=officer)
    send_all(approved, now)

    assert invited(server, approved) == [False]


def test_a_mail_sent_again_is_in_the_history(server, receipt, officer):
    server.answers["RCPT"] = "550 5.1.1 No such person"
    sending.send(receipt.pk)

    mail_decisions.send(receipt, seen="failed", by=officer)

    [entry] = ModelLogEntry.objects.for_instance(receipt.visit).filter(action="visits.mail")
    assert (entry.user, entry.message) == (officer, "Surel dikirim lagi: Permohonan diterima")


class Unreliable(socketserver.StreamRequestHandler):
    """A mail server that hangs up or falls silent when it gets the DATA command, or behind the mail."""

    def handle(self):
        self.wfile.write(b"220 contoh\r\n")
        while line := self.rfile.readline():
            command = line.upper().strip()
            if command == b"DATA" and self.server.behind_the_mail:
                self.wfile.write(b"354 Go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
            if command == b"DATA":
                if self.server.hangs:
                    self.rfile.readline()  # Until the other side gives up.
                return
            self.wfile.write(b"250 OK\r\n")


@pytest.mark.parametrize("hangs", [False, True], ids=["hangs_up", "hangs"])
@pytest.mark.parametrize(("behind_the_mail", "problem"), [(False, MailProblem.UNREACHABLE), (True, MailProblem.NO_ANSWER)])
def test_a_break_is_a_doubt_only_behind_the_mail(receipt, settings, behind_the_mail, problem, hangs):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Unreliable) as server:
        server.behind_the_mail, server.hangs = behind_the_mail, hangs
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "knowledge_hub.core.mail_backend.EmailBackend", 0.3
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        sending.send(receipt.pk)
        server.shutdown()

    receipt.refresh_from_db()
    assert (receipt.status, receipt.problem, receipt.handed_over) == (MessageStatus.QUEUED, problem, int(behind_the_mail))


def test_mail_of_a_fictitious_visit_is_never_sent(receipt):
    type(receipt.visit).objects.update(source=VisitSource.DEMO)
    OutboundMessage.objects.update(status=MessageStatus.HELD)

    with pytest.raises(Refused, match="fiktif"):
        mail_decisions.send(receipt, seen="held", by=None)


def test_a_mail_says_what_was_true_when_it_was_queued(server, receipt):
    visit = receipt.visit
    type(visit).objects.filter(pk=visit.pk).update(organisation="Sesudahnya", language="en", contact_name="Sesudahnya")

    sending.send(receipt.pk)

    [mail] = server.messages
    assert mail["Subject"].endswith("permohonan Anda telah kami terima")
    assert "Sesudahnya" not in text_of(mail)


def test_the_outbox_holds_no_secret_link(receipt):
    secret = secret_links.status_link(receipt.visit)

    assert secret in render(receipt).body
    assert tokens.token_for(receipt.visit, tokens.STATUS) not in receipt.text


def test_a_new_contact_gets_what_did_not_reach_the_former(server, approved):
    former, now = approved.contact_email, timezone.now()
    server.answers["RCPT"] = "550 5.1.1 No such person"
    sending.send(approved.messages.get(kind=MessageKind.INVITATION).pk, now=now)
    server.answers.clear()
    contact_person.change(approved, ContactPerson("Budi Contoh", "Sekretaris", "budi@contoh.invalid", "000"))

    send_all(approved, now)

    invitation = next(mail for mail in server.messages if "terjadwal" in mail["Subject"])
    assert invitation["To"] == "budi@contoh.invalid"
    assert "Budi Contoh" in text_of(invitation)
    assert b"mailto:budi@contoh.invalid" in attachment(invitation, "text/calendar")
    assert all("/kunjungan/status/" not in text_of(mail) for mail in server.messages if mail["To"] == former)


def test_nobody_gets_a_link_of_somebody_else(server, receipt):
    type(receipt.visit).objects.update(contact_email="lain@contoh.invalid")

    assert not sending.send(receipt.pk)

    receipt.refresh_from_db()
    assert (server.messages, receipt.status) == ([], MessageStatus.RETIRED)
