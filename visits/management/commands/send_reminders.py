from django.core.management.base import BaseCommand
from django.utils import timezone

from visits.domain import reminders


class Command(BaseCommand):
    """Write every reminder that is due; the clock does the same each minute."""

    help = "Write every reminder to guests that is due. Running it again writes none twice."

    def handle(self, *args, **options):
        """Count what was written."""
        self.stdout.write(f"Reminders written: {reminders.queue_due(timezone.now())}")
