import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from knowledge_hub.core.mailbox.imap import Unreachable
from knowledge_hub.core.mailbox.message import MOST_BYTES
from visits.mail import inbox


class Command(BaseCommand):
    """Files the mail that arrived, or one message that a mail server pipes in. Running it again files nothing twice."""

    help = "Reads the mailbox INBOX_URL and files answers with their visits; with --stdin one message in RFC 5322 format."

    def add_arguments(self, parser):
        parser.add_argument("--stdin", action="store_true", help="read one message from standard input instead of the mailbox")

    def handle(self, *args, stdin, **options):
        """One line with what was done, without names and addresses."""
        if stdin:
            row = inbox.file(sys.stdin.buffer.read(MOST_BYTES))
            self.stdout.write("Filed." if row else "Filed before.")
            return
        if not settings.INBOX_URL:
            raise CommandError("INBOX_URL is not set. It names the mailbox: imaps://user:password@mail.example:993/INBOX")
        try:
            count = inbox.read_mailbox()
        except Unreachable as error:
            raise CommandError(f"The mailbox cannot be read: {error}") from error
        self.stdout.write(f"{count} messages filed.")
