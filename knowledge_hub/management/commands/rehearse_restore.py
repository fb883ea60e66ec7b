import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from knowledge_hub.core import backup_copies, backups, sealed_keys


class Command(BaseCommand):
    """Try the newest backup: restore it beside the site, where it must answer. Run it by a timer, once a week."""

    help = "Restores the newest backup into a directory and a database of its own, which are deleted afterwards. The site is not touched."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, help="where the backups are (default: VAR_DIR/backups)")

    def handle(self, *args, folder, **options):
        """Restore in another process. Raises CommandError if that fails."""
        folder = folder or backups.default_folder()
        try:
            backup = backups.latest(folder)
            size = sum(path.stat().st_size for path in backup.rglob("*"))
            if shutil.disk_usage(folder).free < 2 * size:
                raise backups.BackupRefused(f"A rehearsal needs {2 * size // 2**20} MiB in {folder}; free some space.")
            if (backup / backups.KEYS).exists():
                sealed_keys.unseal((backup / backups.KEYS).read_bytes(), sealed_keys.passphrase())
        except (backups.BackupRefused, sealed_keys.KeysRefused) as refused:
            raise CommandError(str(refused)) from refused
        scratch = Path(tempfile.mkdtemp(prefix=".rehearsal-", dir=folder))
        try:
            self.restore(backup, scratch)
        finally:
            shutil.rmtree(scratch)
        backup_copies.note(backup, backup_copies.TRIED)
        self.stdout.write(f"• The backup of {backups.made_at(backup):%d.%m.%Y %H:%M} UTC was restored beside the site and answers.")

    def restore(self, backup: Path, scratch: Path):
        """Restore into the scratch directory and, with PostgreSQL, a scratch database."""
        database = f"{connection.settings_dict['NAME']}_rehearsal"
        if connection.vendor != "sqlite":
            self.execute_sql(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(database)}")
            self.execute_sql(f"CREATE DATABASE {connection.ops.quote_name(database)}")
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(backup.resolve()), "--yes", "--without-keys"]
        try:
            environment = os.environ | beside_the_site(scratch, database)
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- our own command
        finally:
            if connection.vendor != "sqlite":
                self.execute_sql(f"DROP DATABASE {connection.ops.quote_name(database)}")
        if done.returncode:
            raise CommandError(f"The backup {backup.name} can't be restored: {(done.stderr or done.stdout).strip()[-2000:]}")

    def execute_sql(self, statement: str):
        """Run a statement outside transactions."""
        with connection.cursor() as cursor:
            cursor.execute(statement)


def beside_the_site(scratch: Path, database: str) -> dict[str, str]:
    """Settings with which another process writes nothing that belongs to the running site."""
    if connection.vendor == "sqlite":
        url = f"sqlite:///{scratch / 'db.sqlite3'}"
    else:
        # The address that the site was given, with the name of another database.
        address, mark, options = os.environ["DATABASE_URL"].partition("?")
        url = f"{address.rpartition('/')[0]}/{quote(database)}{mark}{options}"
    search = "" if connection.vendor == "sqlite" else "postgresql:"
    return {"VAR_DIR": str(scratch), "DATABASE_URL": url, "SEARCH_URL": search, "CACHE_URL": "locmemcache://", "STORAGE_URL": ""}
