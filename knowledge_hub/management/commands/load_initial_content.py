from django.core.management.base import BaseCommand

from knowledge_hub.content import loader


class Command(BaseCommand):
    """Load the content of a fresh install. Existing pages are not changed."""

    help = "Loads the initial content: facts with their sources, in Indonesian and English. Running it again changes nothing."

    def handle(self, *args, **options):
        """Load everything in one transaction."""
        loader.load()
        self.stdout.write("The initial content is in place.")
