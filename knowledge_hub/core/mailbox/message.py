"""Reads one message that anybody may have sent, with a bound for everything in it. A bad message never raises: less of it is read.

Addresses and texts are what the message says; that does not make them true.
"""

import email
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from knowledge_hub.core.mailbox.text import text_of, tidy, without_quotes

MOST_BYTES = 1024 * 1024
"""Of a longer message only the beginning is read, which has the words; files come behind them."""

MOST_HEADER_BYTES = 64 * 1024
MOST_NESTED = 30
"""Containers in a message. A message with more is read without its parts."""

MOST_LINES_WITH_DASHES = 1000
"""Lines that may separate parts. A message with more is read without its parts."""

MOST_PARTS, MOST_FILES, MOST_IDS = 50, 10, 50
LONGEST_HEADER, LONGEST_TEXT, LONGEST_NAME = 2000, 8000, 100
LONGEST_CALENDAR = 256 * 1024

_NESTS = re.compile(rb"multipart/|message/(?:rfc822|global|news|partial|external)", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
_HARMLESS_CHARSET = re.compile(r"utf-?8|us-ascii|iso-8859-\d+|iso-2022-jp|windows-125\d|cp125\d|koi8-[ru]|gb\w+|big5|shift_jis|euc-\w+")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True)
class DeliveryReport:
    """What a mail server reports of a mail of ours (RFC 3464): ``action`` is failed, delayed, delivered, relayed or expanded."""

    action: str
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True)
class ReceivedMail:
    """A message as far as it is read.

    Attributes:
        key: the same for the same message, however often it is read.
        sender: the only address in From, in lower case; empty if there is none or more than one.
        answered: Message-IDs that it answers, the nearest last.
        returned: Message-IDs of mail that it brings back or names.
        text: the sender's words, without quotes.
        files: names of files in it, which are not read.
        calendars: its parts of the type text/calendar.
        report: what it says of the delivery of another mail.
        is_automatic: whether a program sent it, so that nobody waits for an answer.
    """

    key: str
    sender: str
    subject: str
    answered: tuple[str, ...]
    returned: tuple[str, ...]
    text: str
    files: tuple[str, ...]
    calendars: tuple[bytes, ...]
    report: DeliveryReport | None
    is_automatic: bool


def read(content: bytes) -> ReceivedMail:
    """Read a message in RFC 5322 format."""
    message = _parse(content[:MOST_BYTES])
    parts = list(_parts(message))
    text, raw_text = _words(parts)
    message_id = next(iter(_ids(message, "Message-ID")), "")
    return ReceivedMail(
        key=hashlib.sha256((message_id or "").encode() or content[:MOST_BYTES]).hexdigest(),
        sender=_sender(message),
        subject=_header(message, "Subject")[:200],
        answered=(*_ids(message, "References"), *_ids(message, "In-Reply-To")),
        returned=_returned(parts, raw_text),
        text=text[:LONGEST_TEXT],
        files=tuple(_files(parts)),
        calendars=tuple(_payload(part) for part in parts if part.get_content_type() == "text/calendar")[:MOST_FILES],
        report=_report(message, parts, raw_text),
        is_automatic=_is_automatic(message),
    )


def _parse(content: bytes) -> Message:
    """The parsed message; only its headers if it has too many of them or nests too deep, because the parser recurses."""
    head, _blank, _body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    if len(_NESTS.findall(content)) > MOST_NESTED or content.count(b"\n--") > MOST_LINES_WITH_DASHES or len(head) > MOST_HEADER_BYTES:
        message = email.message_from_bytes(head[:MOST_HEADER_BYTES] + b"\n\n")
        message.set_type("text/plain")
        return message
    return email.message_from_bytes(content)


def _parts(message: Message) -> Iterator[Message]:
    """The message and its parts, but not what is in a message that it brings along."""
    waiting, count = [message], 0
    while waiting and count < MOST_PARTS:
        part, count = waiting.pop(), count + 1
        yield part
        if part.get_content_maintype() == "multipart":
            waiting.extend(reversed(_children(part)))


def _children(part: Message) -> list[Message]:
    """The messages directly in a part."""
    content = part.get_payload()
    return [child for child in content if isinstance(child, Message)] if isinstance(content, list) else []


def _raw_header(message: Message, name: str) -> str:
    return str(message.get(name, ""))[:LONGEST_HEADER].replace("\r", " ").replace("\n", " ")


def _header(message: Message, name: str) -> str:
    """A header in words (RFC 2047), as it stands if it is not well-formed."""
    return _in_words(_raw_header(message, name))


def _in_words(value: str) -> str:
    with suppress(HeaderParseError, LookupError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(tidy(value).split())


def _ids(message: Message, name: str) -> tuple[str, ...]:
    return tuple(_MESSAGE_ID.findall(_raw_header(message, name))[-MOST_IDS:])


def _sender(message: Message) -> str:
    """Two From headers, or two addresses in one, are how a forger hides: then there is no sender."""
    raw, found = _raw_header(message, "From"), message.get_all("From", [])
    # The parser of addresses recurses for each parenthesis.
    addresses = getaddresses([raw]) if len(found) == 1 and raw.count("(") <= MOST_NESTED else []
    if len(addresses) != 1:
        return ""
    address = addresses[0][1].strip()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address.lower() if len(address) <= 254 else ""


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_content_maintype() not in ("text", "multipart", "message")


def _files(parts: list[Message]) -> Iterator[str]:
    named = [part for part in parts if _is_file(part) and part.get_content_type() != "application/ics"]
    for part in named[:MOST_FILES]:
        yield (_in_words(part.get_filename("")[:LONGEST_HEADER]) or part.get_content_type())[:LONGEST_NAME]


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content[:LONGEST_CALENDAR] if isinstance(content, bytes) else b""


def _decoded(part: Message) -> str:
    charset = part.get_content_charset("utf-8")
    return _payload(part).decode(charset if _HARMLESS_CHARSET.fullmatch(charset) else "utf-8", "replace")


def _words(parts: list[Message]) -> tuple[str, str]:
    """The sender's words, and all of the text."""
    shown = [part for part in parts if part.get_content_maintype() == "text" and not _is_file(part)]
    plain = [_decoded(part) for part in shown if part.get_content_type() == "text/plain"]
    raw = tidy("\n\n".join(plain)) or next((text_of(_decoded(part)) for part in shown if part.get_content_type() == "text/html"), "")
    return without_quotes(raw), raw


def _returned(parts: list[Message], text: str) -> tuple[str, ...]:
    """Message-IDs of what comes back: as a message, as its headers, or somewhere in the text."""
    found: list[str] = []
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            found += [name for child in _children(part) for name in _ids(child, "Message-ID")]
        elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            found += _ids(email.message_from_bytes(_payload(part)[:MOST_HEADER_BYTES]), "Message-ID")
    return (*found, *_MESSAGE_ID.findall(text[:MOST_HEADER_BYTES]))[:MOST_IDS]


def _report(message: Message, parts: list[Message], text: str) -> DeliveryReport | None:
    """A delivery report (RFC 3464), or what servers write that know no such reports."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            blocks = [block for block in _children(part)[:MOST_PARTS] if block.get("Action")]
            failed = next((block for block in blocks if _header(block, "Action").lower() == "failed"), None)
            if block := failed or next(iter(blocks), None):
                action, status, diagnostic = (_header(block, name)[:200] for name in ("Action", "Status", "Diagnostic-Code"))
                return DeliveryReport(action.lower(), status, diagnostic)
    local = _sender(message).partition("@")[0]
    if not (message.get("X-Failed-Recipients") or local in ("mailer-daemon", "postmaster", "mail-daemon")):
        return None
    code = _STATUS.search(text)
    is_warning = re.search(r"delay|warning|tertunda", _header(message, "Subject"), re.IGNORECASE)
    return DeliveryReport("delayed" if is_warning else "failed", code.group() if code else "")


def _is_automatic(message: Message) -> bool:
    """Whether a program sent the message (RFC 3834), also one that does not say so as the standard wants."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    precedence = _header(message, "Precedence").lower()
    return (
        submitted not in ("", "no")
        or precedence in ("auto_reply", "auto-reply", "bulk", "junk", "list")
        or any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id"))
    )
