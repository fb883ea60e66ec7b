"""What the knowledge base asks of every installation, see knowledge_hub/core/health.py."""

import datetime as dt
import shutil
import tempfile
from dataclasses import dataclass

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from knowledge_hub.core import backup_copies, backups, clock, encrypted, health
from knowledge_hub.core.health import Check, Depth, Unwell
from knowledge_hub.core.uploads import virus_scanner

MIB = 2**20
LOW_DISK = 500 * MIB
LATE = dt.timedelta(minutes=10)
REHEARSED_WITHIN = dt.timedelta(days=31)
WRITTEN = b"0" * 65536
SAMPLE = 50
"""So many of the newest values of each kind are read to see whether the keys fit."""


def database() -> str:
    """Ask the database a question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.display_name


def database_file() -> str:
    """Read the whole SQLite file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            damage = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        if damage:
            raise Unwell(_("The file is damaged (%(damage)s). Restore the newest backup: manage.py restore") % {"damage": damage[0]})
    return ""


def migrations() -> str:
    """Look for migrations that are not applied."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unwell(_("The database is that of an earlier release. Run manage.py upgrade."))
    return ""


def cache_holds() -> str:
    """Write a value to the cache and read it."""
    cache.set("readyz", "1", 10)
    if cache.get("readyz") != "1":
        raise Unwell(_("The cache keeps nothing. Check CACHE_URL, and that its server runs."))
    return ""


def disk_takes() -> str:
    """Write a file of 64 KiB where the site keeps its data."""
    try:
        with tempfile.TemporaryFile(dir=settings.VAR_DIR) as file:
            file.write(WRITTEN)
            file.flush()
    except OSError as error:
        raise Unwell(_("Nothing can be written to %(folder)s (%(reason)s).") % _place(error)) from error
    return ""


def _place(error: OSError) -> dict[str, str | None]:
    return {"folder": str(settings.VAR_DIR), "reason": error.strerror}


def free_disk() -> int:
    """Free bytes where the site keeps its data."""
    return shutil.disk_usage(settings.VAR_DIR).free


def disk_space() -> str:
    """Compare the free space with what the site needs."""
    free = {"free": free_disk() // MIB}
    if free_disk() < LOW_DISK:
        raise Unwell(_("Only %(free)d MiB are free. Free some space, or bookings and uploads will be refused.") % free)
    return _("%(free)d MiB free") % free


def static_files() -> str:
    """Look for the list of collected static files."""
    # Storages without a list of hashed names have no such attribute.
    if getattr(staticfiles_storage, "hashed_files", None) == {}:
        raise Unwell(_("No static files were collected. Run manage.py prepare."))
    return ""


@dataclass(frozen=True)
class Queue:
    """Tasks that wait, and for how long the oldest of them should have begun."""

    waiting: int
    oldest_seconds: float


def queue() -> Queue | None:
    """The queue in the database; None with another queue."""
    if settings.TASKS["default"]["BACKEND"] != "django_tasks_db.DatabaseBackend":
        return None
    now = timezone.now()
    due = DBTaskResult.objects.filter(status=TaskResultStatus.READY).exclude(run_after__gt=now)
    found = due.aggregate(waiting=Count("pk"), oldest=Min("enqueued_at"))
    return Queue(found["waiting"], (now - found["oldest"]).total_seconds() if found["oldest"] else 0)


def worker() -> str:
    """Check that no task waits long."""
    found = queue()
    if found is None:
        return ""
    minutes = {"count": found.waiting, "minutes": found.oldest_seconds // 60}
    if found.oldest_seconds > LATE.total_seconds():
        raise Unwell(_("%(count)d tasks wait, the oldest for %(minutes)d minutes. Is manage.py serve (or db_worker) running?") % minutes)
    return _("%(count)d tasks wait") % minutes


def failed_tasks() -> str:
    """Check that no task failed within a day."""
    if settings.TASKS["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend":
        failed = DBTaskResult.objects.failed().filter(finished_at__gt=timezone.now() - dt.timedelta(days=1)).count()
        if failed:
            raise Unwell(_("%(count)d tasks failed within a day; their reasons are in the log.") % {"count": failed})
    return ""


def clock_beats() -> str:
    """Check that the clock runs, and that its time is plausible."""
    if reason := clock.implausible(timezone.now()):
        raise Unwell(reason)
    beat = clock.last_beat("minute")
    if beat is None or timezone.now() - beat > LATE:
        raise Unwell(_("The clock has not beaten for ten minutes. Is manage.py serve running, or manage.py tick in cron?"))
    return ""


def backup() -> str:
    """Check that there is a new backup, with the keys, copied away and tried, as the settings say."""
    hours, folder, now = settings.BACKUP_MAX_HOURS, backups.default_folder(), timezone.now()
    if not hours:
        return _("not made by this machine")
    made = backups.complete(folder)
    if not made:
        raise Unwell(_("There is no backup. Run manage.py backup every day."))
    newest = backups.made_at(made[-1])
    when = {"when": f"{timezone.localtime(newest):%d.%m.%Y %H:%M}"}
    if now - newest > dt.timedelta(hours=hours):
        raise Unwell(_("The newest backup is of %(when)s. Run manage.py backup every day.") % when)
    if not (made[-1] / backups.KEYS).exists():
        raise Unwell(_("The newest backup holds no keys. Set BACKUP_PASSPHRASE_FILE, and write the passphrase down somewhere else."))
    copied = backup_copies.last(folder, backup_copies.COPIED)
    if (settings.BACKUP_COPY_TO or settings.BACKUP_COPY_COMMAND) and (copied is None or now - copied > dt.timedelta(hours=hours)):
        raise Unwell(_("The newest backup was not copied to the other place. Run manage.py backup and read its error."))
    tried = backup_copies.last(folder, backup_copies.TRIED)
    if tried is None or now - tried > REHEARSED_WITHIN:
        raise Unwell(_("No backup was tried for a month. Run manage.py rehearse_restore every week."))
    return when["when"]


def encryption_key() -> str:
    """Check that the newest encrypted values can be read."""
    if unreadable := list(encrypted.unreadable(SAMPLE)):
        raise Unwell(
            _("Some of these were encrypted with a key that the site does not have: %(what)s. Put it into ENCRYPTION_KEY_FALLBACKS.")
            % {"what": ", ".join(unreadable)}
        )
    return ""


def scanner() -> str:
    """Ask the virus scanner, if there is one."""
    if reason := virus_scanner.check():
        raise Unwell(
            _("Uploads are refused, because the virus scanner does not answer (%(reason)s). Is clamd running?") % {"reason": reason}
        )
    return "" if settings.VIRUS_SCANNER else _("off")


def system_checks() -> str:
    """Run Django's system checks; in production also those for deployment."""
    found = checks.run_checks(include_deployment_checks=not settings.DEBUG)
    serious = [message for message in found if message.level >= checks.WARNING and not message.is_silenced()]
    if serious:
        raise Unwell("; ".join(f"{message.msg} {message.hint or ''}".strip() for message in serious))
    return ""


def register() -> None:
    """Add the checks to the list; called once when the app is ready."""
    health.register(
        Check("settings and libraries", gettext_lazy("Settings and libraries"), system_checks, Depth.DOCTOR),
        Check("database", gettext_lazy("Database"), database, Depth.PROBE, is_vital=True),
        Check("database file", gettext_lazy("Database file"), database_file, Depth.DOCTOR),
        Check("migrations", gettext_lazy("Release of the database"), migrations),
        Check("cache", gettext_lazy("Cache"), cache_holds, Depth.PROBE, is_vital=True),
        Check("disk", gettext_lazy("Writing to disk"), disk_takes, Depth.PROBE, is_vital=True),
        Check("disk space", gettext_lazy("Free disk space"), disk_space, Depth.PROBE),
        Check("static files", gettext_lazy("Static files"), static_files, Depth.PROBE, is_vital=True),
        Check("background worker", gettext_lazy("Background worker"), worker, Depth.PROBE),
        Check("tasks", gettext_lazy("Tasks of the last day"), failed_tasks, Depth.PROBE),
        Check("clock", gettext_lazy("Clock of periodic jobs"), clock_beats, Depth.PROBE),
        Check("backup", gettext_lazy("Backup"), backup, Depth.PROBE),
        Check("virus scanner", gettext_lazy("Virus scanner"), scanner),
        Check("encryption key", gettext_lazy("Key of personal numbers"), encryption_key),
    )
