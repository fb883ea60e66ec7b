import os

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from knowledge_hub.core import backups
from knowledge_hub.core.supervisor import is_port_free


class Command(BaseCommand):
    """Bring the data of an earlier release to this one. Stop the site and install the new code and packages first."""

    # The database is still that of the earlier release.
    requires_system_checks = []
    help = "Makes a backup and prepares the site for the new code; if that fails, everything is put back."

    def handle(self, *args, **options):
        """Back up, prepare. Raises CommandError if prepare failed; database and files are then as before."""
        if not is_port_free(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT") or 8000)):
            raise CommandError("The site is running. Stop it first: what it writes during an upgrade would be lost if that fails.")
        try:
            backup = backups.create(backups.default_folder(), timezone.now())
            backups.check(backup)
        except backups.BackupRefused as refused:
            raise CommandError(f"Nothing was changed. {refused}") from refused
        self.stdout.write(f"• Saved in {backup}")
        try:
            call_command("prepare", stdout=self.stdout)
        # Whatever a migration raises, the data go back.
        except Exception as error:
            kept = backups.restore(backup, timezone.now())
            raise CommandError(
                f"{type(error).__name__}: {error}\nDatabase and files are as before (what failed is in {kept}). "
                "Go back to the earlier code, run manage.py rebuild_modelsearch_index and start the site."
            ) from error
        self.stdout.write("• Ready. Start the site: manage.py serve")
