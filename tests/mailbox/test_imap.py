"""Reading a mailbox of a real IMAP server (Dovecot)."""

import os
from pathlib import Path
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import TestCase, override_settings

from knowledge_hub.core.health import Unwell
from knowledge_hub.core.mailbox import imap
from tests.factories import VisitFactory
from tests.imap import DOVECOT, ImapServer
from tests.visits.mails import mail
from visits.domain import outbox
from visits.enums import MessageKind
from visits.mail import health, inbox
from visits.models import InboundMessage, MailboxReading, VisitMessage


@pytest.mark.skipif(not Path(DOVECOT).exists(), reason="Dovecot is not installed (requirements/system-test.txt)")
class MailboxTest(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(ImapServer())
        cls.enterClassContext(mock.patch.dict(os.environ, SSL_CERT_FILE=str(cls.server.certificate)))
        cls.enterClassContext(override_settings(INBOX_URL=cls.server.url))

    @classmethod
    def setUpTestData(cls):
        cls.visit = VisitFactory(approved=True)
        cls.sent = outbox.queue(cls.visit, MessageKind.INVITATION)

    def tearDown(self):
        self.server.empty()

    def put(self, text, **kwargs):
        self.server.put(mail(text, sender=self.visit.contact_email, answers=self.sent).as_bytes(), **kwargs)

    def folders(self):
        return self.server.count("INBOX"), self.server.count("Dibaca")

    def test_mail_is_filed_and_moved_also_if_seen(self):
        self.put("Satu.")
        self.put("Dua.", flags=r"(\Seen)")
        assert inbox.read_mailbox() == 2
        assert self.folders() == (0, 2)
        assert sorted(VisitMessage.objects.values_list("text", flat=True)) == ["Dua.", "Satu."]
        assert inbox.read_mailbox() == 0
        assert MailboxReading.objects.get().read_at

    def test_a_killed_reader_files_a_message_once(self):
        self.put("Satu.")
        with mock.patch.object(imap, "_move", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            inbox.read_mailbox()
        assert self.folders() == (1, 0)
        assert inbox.read_mailbox() == 1
        assert self.folders() == (0, 1)
        assert VisitMessage.objects.count() == InboundMessage.objects.count() == 1

    def test_what_cannot_be_filed_stays_in_the_mailbox(self):
        self.put("Satu.")
        self.put("Dua.")
        read = mock.Mock(side_effect=[ZeroDivisionError, inbox.message.read(b"")])
        with mock.patch.object(inbox.message, "read", read), pytest.raises(ExceptionGroup):
            inbox.read_mailbox()
        assert self.folders() == (1, 1)

    def test_a_server_without_move_and_a_large_message(self):
        self.put("Besar. " + "x" * 3_000_000)
        account = imap.account_of(self.server.url)
        got = []
        with mock.patch("imaplib.IMAP4_SSL.capability", return_value=("OK", [b"IMAP4rev1 UIDPLUS"])):
            assert imap.read(account, got.append) == 1
        assert self.folders() == (0, 1)
        assert len(got[0]) == imap.MOST_BYTES

    def test_a_mailbox_that_fails_for_a_day_is_reported(self):
        assert health.mailbox() == ""
        with override_settings(INBOX_URL=self.server.url.replace(f":{self.server.port}/", ":1/")), pytest.raises(imap.Unreachable):
            inbox.read_mailbox()
        assert MailboxReading.objects.get().error
        assert health.mailbox() == ""
        with mock.patch.object(health, "MAILBOX_FAILS", health.MAILBOX_FAILS * 0), pytest.raises(Unwell, match="INBOX_URL"):
            health.mailbox()

    def test_an_unknown_certificate_is_refused(self):
        with mock.patch.dict(os.environ):
            del os.environ["SSL_CERT_FILE"]
            with pytest.raises(imap.Unreachable, match="CERTIFICATE"):
                imap.read(imap.account_of(self.server.url), print)


@pytest.mark.parametrize(
    "url",
    [
        "https://a:b@mail.example",
        "imaps://mail.example",
        "imaps://a:b@mail.example:x/",
        "imap://a:b@mail.example",
        "imaps://a:b@mail.example/INBOX?read=INBOX",
        "imaps://a:b@mail.example/M%C3%BCll",
    ],
)
def test_a_setting_of_no_safe_mailbox_is_refused(url):
    with pytest.raises(ImproperlyConfigured):
        imap.account_of(url)


def test_a_setting_may_hold_signs_and_folders():
    account = imap.account_of("imap+tls://k%40b.id:p%3A%2F@mail.example/Kunjungan/Masuk?read=Arsip")
    assert (account.port, account.user, account.password) == (143, "k@b.id", "p:/")
    assert (account.folder, account.read_folder) == ("Kunjungan/Masuk", "Arsip")
