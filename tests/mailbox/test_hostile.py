"""Reading messages that anybody may have sent: nothing raises, and everything in them has a bound."""

import time
from contextlib import suppress
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge_hub.core.mailbox import message
from knowledge_hub.core.mailbox.text import text_of, without_quotes
from knowledge_hub.ical.events import CalendarUnreadable
from knowledge_hub.ical.replies import read_reply

HEAD = b"From: a@contoh.invalid\r\nMessage-ID: <x@contoh.invalid>\r\n"


def nested(depth: int) -> bytes:
    body = b""
    for level in range(depth):
        body += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    return HEAD + body + b"\r\nhalo"


HOSTILE = {
    "deep": nested(5000),
    "messages in messages": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 60_000,
    "many headers": HEAD + b"X-A: b\r\n" * 100_000 + b"\r\nhalo",
    "long header": HEAD + b"Subject: =?utf-8?q?" + b"=41" * 300_000 + b"?=\r\nReferences: " + b"<a@b> " * 100_000 + b"\r\n\r\nhalo",
    "many words in a header": HEAD + b"Subject: " + b"=?utf-8?q?a?= " * 60_000 + b"\r\n\r\nhalo",
    "many addresses": b"From: " + b"a@b.c, " * 100_000 + b"\r\n\r\nhalo",
    "open comments": b"From: " + b"(" * 500_000 + b"\r\n\r\nhalo",
    "wrong charset": HEAD + b'Content-Type: text/plain; charset="punycode"\r\n\r\n' + b"a" * 500_000,
    "no encoding": HEAD + b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset=\xff\xfe\r\n\r\n!!!\xff",
    "html": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<blockquote><div>" * 30_000 + b"<![CDATA[" * 1000 + b"<" * 30_000,
    "quotes": HEAD + b"\r\n" + b"On a wrote:\r\n> b\r\n" * 50_000,
    "zeros": HEAD + b"Subject: \x00\r\n\r\n\x00\x00",
    "calendars": HEAD + b"Content-Type: text/calendar\r\n\r\n" + b"BEGIN:VEVENT\r\n" * 50_000,
    "empty": b"",
    "large": HEAD + b"\r\n" + b"kata " * 2_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_is_read_within_bounds(name):
    started = time.process_time()
    mail = message.read(HOSTILE[name])
    assert time.process_time() - started < 2
    assert len(mail.text) <= message.LONGEST_TEXT
    assert len(mail.subject) <= 200
    assert len(mail.answered) <= 2 * message.MOST_IDS
    assert len(mail.files) <= message.MOST_FILES
    assert "\x00" not in mail.text + mail.subject + mail.sender
    for content in mail.calendars:
        with pytest.raises(CalendarUnreadable):
            read_reply(content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000))
@example(b"From: =?utf-8?b?/?= <a@b.c>\n\n")
@example(b"From: a@contoh.invalid\nSubject: =?x?q?\xff?=\nContent-Type: text/plain; charset*=x'y'z\n\nhalo")
@example(b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n\n--b--")
@example(b"Content-Type: application/pdf; name*0*=x'%FF\nContent-Disposition: attachment; filename*=utf-99''%FF\n\nx")
def test_no_content_raises(content):
    message.read(content)
    message.read(HEAD + content)


LINES = [
    "BEGIN:VCALENDAR",
    "METHOD:REPLY",
    "BEGIN:VEVENT",
    "UID:x",
    "SEQUENCE:y",
    "SEQUENCE:1",
    "ATTENDEE:a",
    "DTSTART:1",
    "DTSTART;VALUE=DATE:20270101",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.c",
    "END:VEVENT",
    "END:VCALENDAR",
]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(LINES)))
def test_no_calendar_raises_another_error(lines):
    with suppress(CalendarUnreadable):
        read_reply("\r\n".join(lines).encode())


def test_a_message_is_known_by_its_id_or_content():
    first, again = (message.read(HEAD + b"\r\n" + text).key for text in (b"satu", b"dua"))
    assert first == again
    assert message.read(b"\r\nsatu").key != message.read(b"\r\ndua").key


def test_two_senders_are_none():
    assert message.read(b"From: a@contoh.invalid\r\nFrom: b@contoh.invalid\r\n\r\n").sender == ""
    assert message.read(b'From: "b@contoh.invalid" <A@contoh.invalid>\r\n\r\n').sender == "a@contoh.invalid"


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("Baik.\n\n> Yth. Bapak\n> kami", "Baik."),
        ("> Berapa orang?\nDua belas.\n> Pukul berapa?\nSembilan.", "Dua belas.\nSembilan."),
        ("Baik.\nOn Mon, 30 Nov 2026 at 10:00, Kunjungan <k@b.invalid> wrote:\n\n> Yth.", "Baik."),
        ("Baik.\n\n-----Pesan Asli-----\nDari: Kunjungan\nisi", "Baik."),
        ("Baik.\n\nDari: Kunjungan\nDikirim: Senin\nKepada: Tamu\nPerihal: Re\n\nIsi lama", "Baik."),
        ("Dari: kami berangkat pukul 7.\nTerima kasih.", "Dari: kami berangkat pukul 7.\nTerima kasih."),
    ],
)
def test_the_quoted_mail_is_cut_and_nothing_else(written, own):
    assert without_quotes(written) == own


def test_html_becomes_text():
    assert text_of('<a href="javascript:x">klik</a><br>dua&nbsp;&lt;b&gt;<img src=x onerror=y><iframe>z</iframe>') == "klik\ndua <b>z"


def test_the_shown_words_are_those_of_the_plain_part():
    both = MIMEMultipart("alternative")
    both.attach(MIMEText("biasa", "plain"))
    both.attach(MIMEText("<p>HTML</p>", "html"))
    assert message.read(both.as_bytes()).text == "biasa"
