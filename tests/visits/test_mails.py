"""Mails: text and HTML have the same content; each is sent once, retried, and finally marked as failed."""

import datetime as dt
import re
import time

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.factories import RegionFactory, VisitFactory
from tests.mail import SmtpSink
from tests.processes import Worker
from visits import tasks
from visits.domain import outbox, tokens
from visits.enums import MessageKind, MessageStatus
from visits.mail import messages, sending
from visits.models import OutboundMessage

pytestmark = pytest.mark.django_db


def html_of(mail) -> str:
    [content] = [part.content for part in mail.alternatives if part.mimetype == "text/html"]
    return content


def receipt_of(visit):
    outbox.queue(visit, MessageKind.RECEIPT)
    return messages.render(visit.messages.get(kind=MessageKind.RECEIPT))


def test_html_and_text_of_a_mail_match():
    visit = VisitFactory(submitted=True, organisation="Dinas <b>Contoh</b> & Rekan", region=RegionFactory(zone="WIT"))
    mail = receipt_of(visit)
    content = html_of(mail)

    link = f"{settings.SITE_URL}/kunjungan/status/{tokens.token_for(visit, tokens.STATUS)}/"
    assert mail.body.count(link) == 1
    assert re.search(rf'<a href="{re.escape(link)}" style="[^"]*background[^"]*">Buka halaman</a>', content)
    assert "Dinas &lt;b&gt;Contoh&lt;/b&gt; &amp; Rekan" in content
    assert "09.00–11.30 WIB (11.00–13.30 WIT)" in mail.body
    for line in mail.body.splitlines():
        if line and "://" not in line and "<b>" not in line:
            assert line in content


def test_links_to_other_sites_are_no_buttons():
    visit = VisitFactory(submitted=True)
    outbox.queue(visit, MessageKind.HOST_MESSAGE, note="https://rapat.contoh.invalid/j/1")
    content = html_of(messages.render(visit.messages.get()))

    assert ">https://rapat.contoh.invalid/j/1</a>" in content
    assert content.count("Buka halaman") == 1


@pytest.fixture
def server(settings):
    """A local SMTP server that receives Django's mail."""
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
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
    outbox.retry(receipt)
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
    assert (receipt.status, receipt.last_error) == (MessageStatus.FAILED, sending.BROKEN_OFF)
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
