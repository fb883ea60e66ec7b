"""Asks clamd whether a file holds a known virus (setting VIRUS_SCANNER; without it, nothing is asked).

The protocol is described in clamd's manual page: INSTREAM, then chunks with their length in four bytes, then a chunk of length zero.
"""

import logging
import socket
import struct
from collections.abc import Callable
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

TIMEOUT = 30
CHUNK = 256 * 1024
LONGEST_ANSWER = 4096


class ScannerUnavailable(Exception):
    """The scanner cannot be reached, or does not say whether the file is clean."""


def is_on() -> bool:
    """Whether files are scanned."""
    return bool(settings.VIRUS_SCANNER)


def scan(file: IO[bytes]) -> None:
    """Refuse a file in which the scanner finds something, or that it cannot scan. Does nothing if the scanner is off.

    Raises:
        ValidationError: with a sentence for the reader.
    """
    if not is_on():
        return
    try:
        found = _ask(file)
    except ScannerUnavailable as error:
        logger.error("The virus scanner does not answer, so an upload was refused: %s", error)
        raise ValidationError(
            _("Files cannot be taken just now, because the virus scanner does not answer. Please try again in a few minutes."),
            code="scanner_unavailable",
        ) from error
    finally:
        file.seek(0)
    if found:
        logger.warning("An upload was refused: the virus scanner found %s.", found)
        raise ValidationError(
            _("The virus scanner found “%(name)s” in this file. It was not stored. Check your computer, and attach a clean file.")
            % {"name": found},
            code="infected",
        )


def check() -> str:
    """Why the scanner does not work; empty if it answers or is off."""
    try:
        if is_on() and _talk(lambda connection: connection.sendall(b"zPING\0")) != "PONG":
            return "it does not answer to PING"
    except ScannerUnavailable as error:
        return str(error)
    return ""


def _ask(file: IO[bytes]) -> str:
    """The name of what the scanner found; empty if the file is clean. Raises ScannerUnavailable."""

    def send(connection: socket.socket) -> None:
        connection.sendall(b"zINSTREAM\0")
        file.seek(0)
        while chunk := file.read(CHUNK):
            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        connection.sendall(struct.pack(">I", 0))

    answer = _talk(send)
    if answer.endswith(" OK"):
        return ""
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerUnavailable(answer or "an empty answer")


def _talk(send: Callable[[socket.socket], object]) -> str:
    """Connect, send, and read the answer. Raises ScannerUnavailable."""
    address = urlsplit(settings.VIRUS_SCANNER)
    try:
        if address.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(TIMEOUT)
        else:
            connection = socket.create_connection((address.hostname or "", address.port or 3310), timeout=TIMEOUT)
        with connection:
            if address.scheme == "unix":
                connection.connect(address.path)
            try:
                send(connection)
            except (BrokenPipeError, ConnectionResetError):
                # clamd closes its end when a file is larger than its limit; its answer says so.
                logger.info("The virus scanner stopped reading.")
            return _answer(connection)
    except (OSError, ValueError) as error:
        raise ScannerUnavailable(str(error) or type(error).__name__) from error


def _answer(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_ANSWER and (part := connection.recv(LONGEST_ANSWER)):
        received += part
    return received.rstrip(b"\0\n").decode(errors="replace")
