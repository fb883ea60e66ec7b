from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from knowledge_hub.core import backups


class Command(BaseCommand):
    """Restore a backup. Stop the site first."""

    help = "Replaces database and files by a backup and keeps the previous ones in VAR_DIR/before-restore. Stop the site first."

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path, nargs="?", help="directory of a backup (default: the newest)")
        parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")

    def handle(self, *args, backup, yes, **options):
        """Check the backup, ask for confirmation, restore it, migrate, and build the index."""
        try:
            backup = backup or backups.latest(backups.default_folder())
            made_at = backups.check(backup)["made_at"]
            if not yes and input(f"Replace everything by the state of {made_at}? Is the site stopped? [y/N] ").strip().lower() != "y":
                raise CommandError("Nothing was changed.")
            kept = backups.restore(backup, timezone.now())
        except backups.BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        call_command("migrate", interactive=False, verbosity=0)
        call_command("rebuild_modelsearch_index", verbosity=0, stdout=self.stdout)
        self.stdout.write(f"• Restored the state of {made_at}; what was there before is in {kept}")
