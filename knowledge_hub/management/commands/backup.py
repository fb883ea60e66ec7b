from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from knowledge_hub.core import backups


class Command(BaseCommand):
    """Back up everything that cannot be regenerated: database, uploads, letters, certificates."""

    help = "Saves database and files while the site runs."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, help="target directory (default: VAR_DIR/backups; another disk is better)")

    def handle(self, *args, folder, **options):
        """Make one backup and check it."""
        try:
            made = backups.create(folder or backups.default_folder(), timezone.now())
            backups.check(made)
        except backups.BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        size = sum(path.stat().st_size for path in made.rglob("*"))
        self.stdout.write(f"• Saved in {made} ({size / 2**20:.1f} MiB)")
