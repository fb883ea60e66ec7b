from django.core.management.base import BaseCommand, CommandError

from knowledge_hub.core import clock


class Command(BaseCommand):
    """One beat of the clock: for cron, and for whoever wants it now. `serve` runs one with --forever."""

    help = "Does what is due by the clock: publishes, reminds, expires, retries, tidies."

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="go on, a beat every minute")

    def handle(self, *args, forever, **options):
        """Beat once, or until told to stop."""
        if forever:
            clock.run()
        failed = clock.send_due()
        if failed:
            raise CommandError(f"Failed, see the log: {', '.join(failed)}")
