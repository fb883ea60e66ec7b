"""A real SMTP server for tests, and readers of the messages it got."""

import email
import email.policy
import re
import socket
from email.message import EmailMessage

from aiosmtpd.controller import Controller

LINK = re.compile(r"https?://[^\s<>\"]+")


class SmtpSink:
    """An SMTP server that keeps every message it accepts; a context manager.

    Attributes:
        messages: parsed messages in order of arrival.
        refuse: whether to answer every message with a temporary failure (451).
        answers: by step (``RCPT``, ``DATA``), the answer to every message instead of success.
        breaks_off: whether to keep every message and close the connection without an answer.
    """

    host = "127.0.0.1"

    def __init__(self):
        self.messages: list[EmailMessage] = []
        self.refuse = self.breaks_off = False
        self.answers: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- aiosmtpd's name
        """Called by aiosmtpd for each recipient."""
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        """Called by aiosmtpd for each message."""
        if self.refuse:
            return "451 Try again later"
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if self.breaks_off:
            server.transport.abort()
        return "250 OK"

    def __enter__(self):
        self._controller = Controller(self, hostname=self.host, port=0)
        # aiosmtpd probes its own port when it starts, which needs the number that the kernel chose.
        self._controller.port = free_port()
        self._controller.start()
        self.port = self._controller.port
        return self

    def __exit__(self, *exc):
        self._controller.stop()

    def last_to(self, address: str) -> EmailMessage:
        """The newest message to an address; if there is none, fails with a list of all messages."""
        for message in reversed(self.messages):
            if address in message["To"]:
                return message
        arrived = [f"{message['To']}: {message['Subject']}" for message in self.messages]
        raise AssertionError(f"No mail to {address}; arrived: {arrived}")


def free_port() -> int:
    """A local port that is not in use."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    return message.get_body(("plain",)).get_content()


def links_in(message: EmailMessage) -> list[str]:
    """The URLs in a message's plain text."""
    return LINK.findall(text_of(message))


def attachment(message: EmailMessage, content_type: str) -> bytes:
    """The content of the first attached or alternative part of a type; fails if there is none."""
    for part in message.walk():
        if part.get_content_type() == content_type:
            return part.get_payload(decode=True)
    raise AssertionError(f"No {content_type} in «{message['Subject']}»")
