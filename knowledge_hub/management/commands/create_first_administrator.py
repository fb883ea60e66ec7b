import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction


class Command(BaseCommand):
    """Create the first administrator with a random password, which is shown once and stored as a hash."""

    help = "Creates an administrator with a random password if there is none, and prints the password once."

    def add_arguments(self, parser):
        parser.add_argument("--username", default="admin")

    def handle(self, *args, username, **options):
        """Create the account unless an active administrator exists."""
        users = get_user_model().objects
        with transaction.atomic():
            if users.filter(is_superuser=True, is_active=True).exists():
                return
            password = secrets.token_urlsafe(15)
            users.create_superuser(username=username, email="", password=password)
        self.stdout.write(
            f"\n  Administrator: {username}\n  Password:      {password}\n  Keep it: it is shown only this once. Sign in at /admin/\n\n",
            ending="",
        )
