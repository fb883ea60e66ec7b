from django.core.management.base import BaseCommand, CommandError

from knowledge_hub.core import clock


class Command(BaseCommand):
    """Send the periodic signals that are due: once, for cron, or with --forever, as `serve` does."""

    help = "Runs the periodic jobs that are due: publishing, reminders, expiry, retries, deletion of old data."

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="do not end, and run due jobs every minute")

    def handle(self, *args, forever, **options):
        """Send due signals once, or until stopped."""
        if forever:
            clock.run()
        failed = clock.send_due()
        if failed:
            raise CommandError(f"Failed, see the log: {', '.join(failed)}")
