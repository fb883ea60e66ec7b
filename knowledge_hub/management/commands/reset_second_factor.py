from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from knowledge_hub.accounts import second_factor


class Command(BaseCommand):
    """Take an account's second factor away, for the only administrator who lost phone and recovery codes."""

    help = "Removes the second factor of an account and ends its sessions. Administrators do this for others in the list of users."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, username, **options):
        """Remove the factor. Raises CommandError if there is no such account."""
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account “{username}”.")
        removed = second_factor.remove(user, by=None)
        self.stdout.write("Removed; a new one is set up at the next sign-in." if removed else "This account has no second factor.")
