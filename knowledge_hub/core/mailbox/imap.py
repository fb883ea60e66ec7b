"""Reads a mailbox over IMAP: each message is filed by the caller, then moved to a folder of what was read.

What staff read with a mail program does not matter, because not the mark "read" but the folder tells what is new. A reader that is
killed between filing and moving gets the message again, so the caller must know a message that it has filed.
"""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from knowledge_hub.core.mailbox.message import MOST_BYTES

TIMEOUT = 30
MOST_AT_ONCE = 200
"""Messages that one run reads."""

READ_FOLDER = "Dibaca"
LOCAL = ("localhost", "127.0.0.1")


class Unreachable(Exception):
    """The mailbox cannot be read now; ``str()`` says why."""


@dataclass(frozen=True)
class Account:
    """A mailbox: where it is, who signs in, the folder of new mail, and the folder to which read mail goes."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    read_folder: str
    encryption: str


def account_of(url: str) -> Account:
    """The mailbox that a setting names.

    Args:
        url: ``imaps://user:password@host:993/INBOX?read=Dibaca``; ``imap+tls:`` for STARTTLS. Port, folder and ``read`` may be left out.

    Raises:
        ImproperlyConfigured: it names no mailbox, or one without encryption on another machine.
    """
    parts = urlsplit(url)
    ports = {"imaps": 993, "imap+tls": 143, "imap": 143}
    try:
        port = parts.port or ports[parts.scheme]
    except (KeyError, ValueError) as error:
        raise ImproperlyConfigured("INBOX_URL must look like imaps://user:password@mail.example:993/INBOX") from error
    if not (parts.hostname and parts.username and parts.password):
        raise ImproperlyConfigured("INBOX_URL needs a host, a user and a password: imaps://user:password@mail.example")
    if parts.scheme == "imap" and parts.hostname not in LOCAL:
        raise ImproperlyConfigured("INBOX_URL must begin with imaps:// or imap+tls://, so that password and mail are encrypted.")
    folders = unquote(parts.path.strip("/")) or "INBOX", parse_qs(parts.query).get("read", [READ_FOLDER])[0]
    if not all(name.isascii() and name.isprintable() and name for name in folders) or folders[0] == folders[1]:
        raise ImproperlyConfigured("INBOX_URL must name two different folders, in ASCII characters.")
    return Account(parts.hostname, port, unquote(parts.username), unquote(parts.password), *folders, parts.scheme)


def read(account: Account, file: Callable[[bytes], object], *, most: int = MOST_AT_ONCE) -> int:
    """File the messages of a mailbox; returns how many were filed and moved.

    Args:
        account: of account_of().
        file: gets the beginning of each message, at most MOST_BYTES; what it did must be saved when it returns.
        most: how many messages are read.

    Raises:
        Unreachable: the server does not answer, or refuses.
        ExceptionGroup: some messages could not be filed. They stay where they are, the others were filed.
    """
    filed, errors = 0, []
    with _signed_in(account) as server:
        able = _expect(server.capability(), "The server does not say what it is able to do.")[0].decode().upper().split()
        for uid in _new(server)[:most]:
            content = _content(server, uid)
            if content is None:
                continue  # Another reader moved it.
            try:
                file(content)
            except Exception as error:  # noqa: BLE001 -- raised below, when the other messages are filed
                errors.append(error)
                continue
            _move(server, uid, account.read_folder, able)
            filed += 1
    if errors:
        raise ExceptionGroup(f"{len(errors)} messages could not be filed", errors)
    return filed


@contextmanager
def _signed_in(account: Account) -> Iterator[imaplib.IMAP4]:
    """A connection with the folder open, and the other folder there."""
    try:
        server = _connect(account)
        try:
            server.login(account.user, account.password)
            _expect(server.select(_quoted(account.folder)), f"There is no folder {account.folder}.")
            if server.status(_quoted(account.read_folder), "(MESSAGES)")[0] != "OK":
                _expect(server.create(_quoted(account.read_folder)), f"The folder {account.read_folder} cannot be made.")
            yield server
        finally:
            server.shutdown()
    except (imaplib.IMAP4.error, OSError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}"[:300]) from error


def _connect(account: Account) -> imaplib.IMAP4:
    if account.encryption == "imaps":
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    server = imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT)
    if account.encryption == "imap+tls":
        server.starttls(ssl.create_default_context())
    return server


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _expect(answer: tuple, sentence: str) -> list:
    status, data = answer
    if status != "OK":
        raise Unreachable(sentence)
    return data


def _new(server: imaplib.IMAP4) -> list[str]:
    data = _expect(server.uid("SEARCH", "ALL"), "The folder cannot be listed.")
    return (data[0] or b"").decode().split()


def _content(server: imaplib.IMAP4, uid: str) -> bytes | None:
    """The beginning of a message, without marking it; None if it is gone."""
    data = _expect(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"), "A message cannot be read.")
    return next((part[1] for part in data if isinstance(part, tuple)), None)


def _move(server: imaplib.IMAP4, uid: str, folder: str, able: list[str]) -> None:
    if "MOVE" in able:
        _expect(server.uid("MOVE", uid, _quoted(folder)), "A message cannot be moved.")
        return
    _expect(server.uid("COPY", uid, _quoted(folder)), "A message cannot be moved.")
    _expect(server.uid("STORE", uid, "+FLAGS", r"(\Deleted)"), "A message cannot be moved.")
    if "UIDPLUS" in able:
        server.uid("EXPUNGE", uid)
    else:
        server.expunge()
