from django.core.management.base import BaseCommand, CommandError

from knowledge_hub.core import clock


class Command(BaseCommand):
    """Send the periodic signals that are due: once, for cron, or with --forever, as `serve` does."""

    help = "Runs the periodic jobs that are due: publishing, reminders, expiry, retries, deletion of old data."

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="do not end, and run due jobs every minute")
        parser.add_argument("--confirm-time", action="store_true", help="accept the time although it is far from that of the last run")

    def handle(self, *args, forever, confirm_time, **options):
        """Send due signals once, or until stopped.

        Raises:
            CommandError: a job failed, or the time is implausible.
        """
        if confirm_time:
            clock.confirm()
        if forever:
            clock.run()
        try:
            failed = clock.send_due()
        except clock.ImplausibleTime as reason:
            raise CommandError(str(reason)) from reason
        if failed:
            raise CommandError(f"Failed, see the log: {', '.join(failed)}")
