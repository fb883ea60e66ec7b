"""A mail as its reader sees it: the same words in text and HTML, on a phone too, and no advertisement of somebody else."""

import datetime as dt
import re
import time

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.factories import RegionFactory, VisitFactory
from tests.mail import SmtpSink
from tests.processes import Worker
from visits.domain import outbox, tokens
from visits.enums import MessageKind, MessageStatus
from visits.mail import messages
from visits.mail import outbox as leaving
from visits.models import OutboundMessage

pytestmark = pytest.mark.django_db


def html_of(mail) -> str:
    [content] = [part.content for part in mail.alternatives if part.mimetype == "text/html"]
    return content


def receipt_of(visit):
    outbox.queue(visit, MessageKind.RECEIPT)
    return messages.render(visit.messages.get(kind=MessageKind.RECEIPT))


def test_the_html_twin_says_what_the_text_says_and_its_link_is_a_button():
    visit = VisitFactory(submitted=True, organisation="Dinas <b>Contoh</b> & Rekan", region=RegionFactory(zone="WIT"))
    mail = receipt_of(visit)
    content = html_of(mail)

    link = f"{settings.SITE_URL}/kunjungan/status/{tokens.token_for(visit, tokens.STATUS)}/"
    assert mail.body.count(link) == 1
    assert re.search(rf'<a href="{re.escape(link)}" style="[^"]*background[^"]*">Buka halaman</a>', content)
    assert "Dinas &lt;b&gt;Contoh&lt;/b&gt; &amp; Rekan" in content
    assert "09.00–11.30 WIB (11.00–13.30 WIT)" in mail.body
    for line in mail.body.splitlines():
        if line and link not in line and "<b>" not in line:
            assert line in content


def test_a_link_to_another_site_is_no_button():
    visit = VisitFactory(submitted=True)
    outbox.queue(visit, MessageKind.HOST_MESSAGE, note="https://rapat.contoh.invalid/j/1")
    content = html_of(messages.render(visit.messages.get()))

    assert ">https://rapat.contoh.invalid/j/1</a>" in content
    assert content.count("Buka halaman") == 1


@pytest.fixture
def server(settings):
    """A mail server that mail really goes to."""
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        yield sink


@pytest.fixture
def receipt():
    """A mail that waits."""
    visit = VisitFactory(submitted=True)
    outbox.queue(visit, MessageKind.RECEIPT)
    return visit.messages.get()


def test_a_mail_leaves_once_however_many_workers_take_it_up(server, receipt):
    assert [leaving.send(receipt.pk) for _worker in range(3)] == [True, False, False]

    assert len(server.messages) == 1
    receipt.refresh_from_db()
    assert (receipt.status, receipt.last_error) == (MessageStatus.SENT, "")


def test_a_server_that_refuses_is_asked_again_after_growing_pauses_and_then_staff_see_it(server, receipt):
    server.refuse, now, pauses = True, timezone.now(), []
    while not leaving.send(receipt.pk, now=now):
        receipt.refresh_from_db()
        if receipt.status == MessageStatus.FAILED:
            break
        assert not leaving.send(receipt.pk, now=now), "before its time nobody is asked again"
        pauses.append(receipt.next_try_at - now)
        now = receipt.next_try_at

    assert [pause.total_seconds() / 60 for pause in pauses] == [1, 4, 16, 64, 256]
    assert "451" in receipt.last_error
    server.refuse = False
    outbox.retry(receipt)
    assert leaving.send(receipt.pk)
    assert len(server.messages) == 1


def take_up_and_stop(pipe, message_pk: int, now: dt.datetime) -> None:
    """A worker that has claimed a mail and hangs while it writes it."""
    leaving.render = lambda message: pipe.send("writes") or time.sleep(60)
    leaving.send(message_pk, now=now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="what happens is the same on every database")
def test_a_mail_whose_worker_was_killed_is_taken_up_by_another_after_a_while(server, receipt):
    # Committed, so it has left already; here it waits once more.
    OutboundMessage.objects.update(status=MessageStatus.QUEUED, tries=0)
    server.messages.clear()
    now = timezone.now()
    worker = Worker(take_up_and_stop, receipt.pk, now)
    try:
        assert worker.pipe.recv() == "writes"
        worker.kill()
    finally:
        worker.close()

    assert not leaving.send(receipt.pk, now=now), "the other one may still be writing it"
    assert leaving.send(receipt.pk, now=now + leaving.LEASE + dt.timedelta(seconds=1))
    assert len(server.messages) == 1
    assert OutboundMessage.objects.get().tries == 2


def test_a_mail_that_breaks_every_worker_is_given_up_for_staff_to_see(receipt):
    OutboundMessage.objects.update(
        status=MessageStatus.SENDING, tries=leaving.MAX_TRIES, claimed_at=timezone.now() - leaving.LEASE - dt.timedelta(seconds=1)
    )

    assert not leaving.send(receipt.pk)

    receipt.refresh_from_db()
    assert (receipt.status, receipt.last_error) == (MessageStatus.FAILED, leaving.BROKEN_OFF)
    assert not leaving.due(timezone.now() + dt.timedelta(days=9)).exists()
