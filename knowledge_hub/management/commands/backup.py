from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from modelsearch.backends import get_search_backend

from knowledge_hub.core import backup_copies, backups, sealed_keys


class Command(BaseCommand):
    """Back up everything that cannot be regenerated: database, uploads, letters, certificates, keys."""

    help = "Saves database, files and keys while the site runs, copies the backup away and deletes old ones, as the settings say."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, help="target directory (default: VAR_DIR/backups; another disk is better)")

    def handle(self, *args, folder, **options):
        """Make one backup, check it, copy it away. Raises CommandError if something of it failed."""
        folder, now = folder or backups.default_folder(), timezone.now()
        try:
            made = backups.create(folder, now, about={"search_index": versions_of_index()})
            backups.check(made)
            size = sum(path.stat().st_size for path in made.rglob("*"))
            self.stdout.write(f"• Saved in {made} ({size / 2**20:.1f} MiB)")
            if not (made / backups.KEYS).exists():
                self.stderr.write(
                    "✗ Without the keys: set BACKUP_PASSPHRASE_FILE, or links and personal numbers of a restored site are dead."
                )
            for where in backup_copies.copy_away(made, now):
                self.stdout.write(f"• Copied to {where}")
            if deleted := backup_copies.prune(folder, now):
                self.stdout.write(f"• Deleted {deleted} old backups")
        except (backups.BackupRefused, sealed_keys.KeysRefused) as refused:
            raise CommandError(str(refused)) from refused


def versions_of_index() -> dict[str, str]:
    """The layout of each search index, by name; empty with another search."""
    return {index.name: index.newest_layout.numbering.version for index in get_search_backend().all_indexes() if hasattr(index, "store")}
