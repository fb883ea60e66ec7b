import hashlib
import io
import shutil

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from modelsearch.backends import get_search_backend

from knowledge_hub.core import backups

NEEDED_BYTES = 200 * 1024 * 1024
CONTENT = ("*/content/*", "*/permissions.py", "knowledge_hub/staff/groups.py", "knowledge_hub/data/*")


class Command(BaseCommand):
    """Bring database, content, search index and first account to what this version of the code expects.

    Each step first checks whether there is anything to do, so a second run changes nothing.
    """

    help = "Makes a new installation, or one whose code was updated, ready to serve. Running it again changes nothing."

    def handle(self, *args, **options):
        """Run the steps in order of their dependencies."""
        self.check_disk()
        migrated = self.migrate()
        loaded = self.load_content(migrated)
        self.build_index(loaded)
        if not settings.DEBUG:
            self.stdout.write("• Collecting static files")
            call_command("collectstatic", interactive=False, verbosity=0)
        call_command("create_first_administrator", stdout=self.stdout)

    def check_disk(self):
        """Raise CommandError if the disk is too full to finish."""
        free = shutil.disk_usage(settings.VAR_DIR).free
        if free < NEEDED_BYTES:
            raise CommandError(
                f"Only {free // 2**20} MiB are free where {settings.VAR_DIR} lies. Free at least {NEEDED_BYTES // 2**20} MiB."
            )

    def migrate(self) -> bool:
        """Apply missing migrations; returns whether there were any."""
        try:
            executor = MigrationExecutor(connection)
        except OperationalError as error:
            raise CommandError(f"The database does not answer ({error}). Check DATABASE_URL, and that it runs.") from error
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"• Database: {len(plan)} migrations")
            call_command("migrate", interactive=False, verbosity=0)
        return bool(plan)

    def load_content(self, migrated: bool) -> bool:
        """Load the initial content if its source has changed since it was loaded; existing pages are not changed."""
        stamp = backups.content_stamp()
        fingerprint = f"{self.fingerprint_of_content()} {connection.settings_dict['NAME']}"
        if not migrated and stamp.exists() and stamp.read_text() == fingerprint:
            return False
        self.stdout.write("• Initial content")
        call_command("load_initial_content", verbosity=0, stdout=io.StringIO())
        stamp.write_text(fingerprint)
        return True

    def fingerprint_of_content(self) -> str:
        """A hash of the source files of the initial content."""
        digest = hashlib.sha256()
        for pattern in CONTENT:
            for path in sorted(settings.BASE_DIR.glob(pattern)):
                if path.is_file():
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def build_index(self, loaded: bool):
        """Build the search index if there is none or the initial content was loaded."""
        indexes = get_search_backend().all_indexes()
        missing = any(hasattr(index, "store") and index.store.live_generation() is None for index in indexes)
        if loaded or missing:
            self.stdout.write("• Search index")
            call_command("rebuild_modelsearch_index", verbosity=0, stdout=io.StringIO())
