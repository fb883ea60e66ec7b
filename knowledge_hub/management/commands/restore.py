import getpass
import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.test import Client
from django.utils import timezone

from knowledge_hub.core import backups, clock, keys, sealed_keys


class Command(BaseCommand):
    """Restore a backup, on this machine or on an empty one. Stop the site first."""

    # The database may not exist yet.
    requires_system_checks = []
    help = "Replaces database and files by a backup, takes over its keys and makes the site ready to serve. Stop the site first."

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path, nargs="?", help="directory of a backup (default: the newest)")
        parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")
        parser.add_argument("--without-keys", action="store_true", help="the keys of this site are those of the backup, or are lost")

    def handle(self, *args, backup, yes, without_keys, **options):
        """Check the backup, ask for confirmation, restore it, prepare the site and ask it for its home page."""
        try:
            backup = backup or backups.latest(backups.default_folder())
            made_at = backups.check(backup)["made_at"]
            if not yes and input(f"Replace everything by the state of {made_at}? Is the site stopped? [y/N] ").strip().lower() != "y":
                raise CommandError("Nothing was changed.")
            # First, because a wrong passphrase must change nothing.
            written = [] if without_keys else self.take_keys(backup)
            kept = backups.restore(backup, timezone.now())
        except (backups.BackupRefused, sealed_keys.KeysRefused) as refused:
            raise CommandError(str(refused)) from refused
        if written:
            self.stdout.write(f"• Keys of the backup are in {sealed_keys.installed_file()}: {', '.join(written)}")
        call_command("migrate", interactive=False, verbosity=0)
        backups.restored.send(sender=Command, backup=backup)
        call_command("rebuild_modelsearch_index", verbosity=0, stdout=self.stdout)
        call_command("prepare", stdout=self.stdout)
        self.ask_home_page()
        if reason := clock.implausible(timezone.now()):
            self.stdout.write(f"• {reason}")
        self.stdout.write(f"• Restored the state of {made_at}; what was there before is in {kept}. Start the site: manage.py serve")

    def take_keys(self, backup: Path) -> list[str]:
        """Take over the keys of the backup; returns which were missing here. Raises BackupRefused."""
        if not (backup / backups.KEYS).exists() and (settings.DEBUG or all(os.environ.get(name) for name in keys.NAMES)):
            self.stdout.write("• The backup holds no keys; those of this site are used.")
            return []
        return backups.restore_keys(backup, sealed_keys.passphrase() or getpass.getpass("Passphrase of the keys in the backup: "))

    def ask_home_page(self):
        """Raise CommandError unless the restored site answers."""
        response = Client(raise_request_exception=False).get("/", secure=True, headers={"host": settings.SITE_HOST})
        if response.status_code != 200:
            raise CommandError(f"Everything was restored, but the home page answers {response.status_code}. Run manage.py doctor.")
