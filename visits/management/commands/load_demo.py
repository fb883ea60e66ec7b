from django.core.management.base import BaseCommand

from visits.content import demo


class Command(BaseCommand):
    """For trying things out and for screenshots; never part of an installation."""

    help = "Adds clearly labelled fictitious visits in every state. Running it again adds nothing. Needs the initial content."

    def handle(self, *args, **options):
        """Load them."""
        made = demo.load()
        self.stdout.write(f"{made} fictitious visits were added; each says “Contoh/fiktif” in its name.")
