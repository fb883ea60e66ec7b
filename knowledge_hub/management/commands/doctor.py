import datetime as dt
import shutil

from django.conf import settings
from django.core import checks
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult
from modelsearch.backends import get_search_backend

from knowledge_hub.core import clock
from knowledge_hub.core.uploads import virus_scanner
from knowledge_hub.models import ContactSettings
from knowledge_hub.search import integrity

LOW_DISK = 500 * 1024 * 1024
LATE = dt.timedelta(minutes=10)


class Command(BaseCommand):
    """Check the installation and say what to do about each problem. Changes nothing."""

    help = "Checks this installation and says what to do about each problem. Ends with an error if there is one."

    def handle(self, *args, **options):
        """Print one line for each check. Raises CommandError if one failed."""
        self.wrong = 0
        for look in (
            self.settings_and_libraries,
            self.disk,
            self.database,
            self.contact,
            self.search,
            self.worker,
            self.clock,
            self.uploads,
        ):
            look()
        if self.wrong:
            raise CommandError(f"{self.wrong} things need attention.")
        self.stdout.write("All is well.")

    def tell(self, well: bool, name: str, otherwise: str = ""):
        """Print the result of one check."""
        self.stdout.write(f"{'✓' if well else '✗'} {name}" + ("" if well else f": {otherwise}"))
        self.wrong += not well

    def settings_and_libraries(self):
        """Run Django's system checks."""
        found = [message for message in checks.run_checks() if message.level >= checks.WARNING and not message.is_silenced()]
        self.tell(not found, "settings and libraries", "; ".join(f"{message.msg} {message.hint or ''}".strip() for message in found))

    def disk(self):
        """Check the free disk space."""
        free = shutil.disk_usage(settings.VAR_DIR).free
        self.tell(free > LOW_DISK, f"disk ({free // 2**20} MiB free)", "free some space, or bookings and uploads will be refused.")

    def database(self):
        """Check that the database answers, is not damaged and is migrated."""
        try:
            executor = MigrationExecutor(connection)
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    cursor.execute("PRAGMA quick_check")
                    damage = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
                    self.tell(not damage, "database file", f"damaged ({damage[:1]}); restore the latest backup: manage.py restore")
        except DatabaseError as error:
            self.tell(False, "database", f"{error}; check DATABASE_URL, and that it runs.")
            return
        self.tell(not missing, "migrations", "run manage.py prepare")

    def contact(self):
        """Check that the office has entered how guests reach it."""
        try:
            with translation.override("en"):
                missing = ", ".join(ContactSettings.load().missing)
        except DatabaseError as error:
            self.tell(False, "contact", f"{error}; check the database first.")
            return
        self.tell(not missing, "contact", f"the contact page lacks {missing}; enter it in the admin: Settings › Contact of the office.")

    def search(self):
        """Check that every search index can be read completely."""
        found = integrity.problems()
        for index in get_search_backend().all_indexes():
            if hasattr(index, "store"):
                reason = found.get(index.name)
                self.tell(reason is None, f"search index {index}", f"{reason}; run manage.py rebuild_modelsearch_index")

    def worker(self):
        """Check that no task waits long and none failed within a day."""
        if settings.TASKS["default"]["BACKEND"] != "django_tasks_db.DatabaseBackend":
            return
        now = timezone.now()
        late = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - LATE).count()
        self.tell(not late, "background worker", f"{late} tasks wait for more than ten minutes; is manage.py serve (or db_worker) running?")
        failed = DBTaskResult.objects.failed().filter(finished_at__gt=now - dt.timedelta(days=1)).count()
        self.tell(not failed, "tasks", f"{failed} failed within a day; their reasons are in the log.")

    def clock(self):
        """Check that the clock runs."""
        well = not clock.is_due("minute", timezone.now() - LATE)
        self.tell(well, "clock", "it has not beaten for ten minutes; is manage.py serve running, or manage.py tick in cron?")

    def uploads(self):
        """Check that the virus scanner answers, if there is one."""
        reason = virus_scanner.check()
        self.tell(not reason, f"virus scanner ({settings.VIRUS_SCANNER or 'off'})", f"{reason}; uploads are refused. Is clamd running?")
