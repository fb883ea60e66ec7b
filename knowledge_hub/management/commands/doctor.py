from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from knowledge_hub.core import health


class Command(BaseCommand):
    """Check the installation and say what to do about each problem. Changes nothing."""

    help = "Checks this installation and says what to do about each problem. Ends with an error if there is one."
    # One of the checks runs them, and the others go on if they fail.
    requires_system_checks = []

    def handle(self, *args, **options):
        """Print one line for each check. Raises CommandError if one failed."""
        wrong = 0
        with translation.override("en"):
            for found in health.findings(health.Depth.DOCTOR):
                wrong += not found.is_well
                self.stdout.write(str(found))
        if wrong:
            raise CommandError(f"{wrong} things need attention.")
        self.stdout.write("All is well.")
