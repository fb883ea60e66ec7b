"""SMTP with one fact more than Django's backend tells: whether a mail that failed may have arrived all the same."""

import smtplib
from collections.abc import Callable
from typing import Any

from django.core.mail.backends import smtp


class NoAnswer(smtplib.SMTPServerDisconnected):
    """The connection broke after the mail was handed over and before the server answered, so it may have arrived (RFC 5321, 4.5.4.1)."""


class Connection(smtplib.SMTP):
    """A connection without encryption, or with STARTTLS.

    Attributes:
        before_data: called when the server asks for a mail, before it gets it.
    """

    before_data: Callable[[], object] | None = None
    _asked_for_mail = False

    def getreply(self) -> tuple[int, bytes]:
        """Read an answer, see smtplib.SMTP.getreply(). A server that wants the mail says 354 (RFC 5321, 4.1.1.4)."""
        code, text = super().getreply()
        if code == 354:
            if self.before_data:
                try:
                    self.before_data()
                except BaseException:
                    # The server would take all further commands for the mail.
                    self.close()
                    raise
            self._asked_for_mail = True
        return code, text

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over one mail, see smtplib.SMTP.data(). Raises NoAnswer if the server wanted it and no answer comes to it."""
        self._asked_for_mail = False
        try:
            return super().data(msg)
        except (smtplib.SMTPServerDisconnected, OSError) as broken:
            if self._asked_for_mail:
                raise NoAnswer(str(broken)) from broken
            raise


class EncryptedConnection(Connection, smtplib.SMTP_SSL):
    """A connection that is encrypted from the beginning."""


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend over these connections.

    Attributes:
        before_data: called before each mail is handed over; what it raises stops the mail.
    """

    before_data: Callable[[], object] | None = None

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The connection for the settings."""
        return EncryptedConnection if self.use_ssl else Connection

    def open(self) -> bool | None:
        """Connect; see Django's backend."""
        opened = super().open()
        if isinstance(self.connection, Connection):
            self.connection.before_data = self.before_data
        return opened


def is_refused_for_good(error: Exception) -> bool:
    """Whether a server refused this mail so that trying again is useless: its recipient or content, with a 5xx answer (RFC 5321, 4.2.1).

    A sender or sign-in that is refused concerns all mail and is mended in the settings, so the mail is worth another try.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPNotSupportedError) or (isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500)
