"""Backups: the database as one consistent copy, then the files, with a list of what must be inside.

Database first: files are only ever added under new names, so every file that the copy of the database names is there when the
files are read. The search index is left out, because it can be rebuilt from the database.
"""

import datetime as dt
import hashlib
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

MANIFEST = "manifest.json"


class BackupRefused(Exception):
    """The backup can't be made or used; ``str()`` says why and what to do."""


def default_folder() -> Path:
    """Default folder of backups."""
    return settings.VAR_DIR / "backups"


def create(folder: Path, now: dt.datetime) -> Path:
    """Save database and files while the site runs.

    Args:
        folder: where backups are kept; created if missing, accessible to this user only.
        now: time of the backup (aware), used in its name.

    Returns:
        The directory of the new backup. It is renamed to its final name when it is complete.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{now:%Y%m%d-%H%M%S}"
    beside = folder / f".{name}.unfinished"
    beside.mkdir(mode=0o700)
    _save_database(beside)
    for part, root in _file_roots().items():
        root.mkdir(parents=True, exist_ok=True, mode=0o750)
        shutil.copytree(root, beside / part)
    manifest = {
        "made_at": now.isoformat(),
        "database": connection.vendor,
        "migrations": sorted(f"{app}.{migration}" for app, migration in MigrationRecorder(connection).applied_migrations()),
        "sha256": {str(path.relative_to(beside)): _sha256(path) for path in sorted(beside.rglob("*")) if path.is_file()},
    }
    (beside / MANIFEST).write_text(json.dumps(manifest, indent=1))
    return beside.rename(folder / name)


def latest(folder: Path) -> Path:
    """The newest complete backup.

    Raises:
        BackupRefused: there is none.
    """
    found = sorted(path for path in folder.glob("[0-9]*") if (path / MANIFEST).exists())
    if not found:
        raise BackupRefused(f"There is no backup in {folder}.")
    return found[-1]


def check(backup: Path) -> dict:
    """Read the manifest and compare every file with it.

    Raises:
        BackupRefused: not a backup, a file is missing or differs, or it is of another kind of database.
    """
    if not (backup / MANIFEST).exists():
        raise BackupRefused(f"{backup} is not a complete backup: it has no {MANIFEST}.")
    manifest = json.loads((backup / MANIFEST).read_text())
    for name, expected in manifest["sha256"].items():
        if not (backup / name).exists() or _sha256(backup / name) != expected:
            raise BackupRefused(f"{name} in {backup} is missing or damaged. Use another backup.")
    if manifest["database"] != connection.vendor:
        raise BackupRefused(f"This backup is of {manifest['database']}, the site uses {connection.vendor}. Set DATABASE_URL accordingly.")
    return manifest


def restore(backup: Path, now: dt.datetime) -> Path:
    """Replace database and files by a backup; the previous ones are kept beside it.

    The site must be stopped, or it would go on writing into the old files.

    Returns:
        The directory that holds the previous database and files.

    Raises:
        BackupRefused: see ``check``.
    """
    check(backup)
    kept = settings.VAR_DIR / "before-restore" / f"{now:%Y%m%d-%H%M%S}"
    kept.mkdir(parents=True, mode=0o700)
    _restore_database(backup, kept)
    for part, root in _file_roots().items():
        if root.exists():
            shutil.move(root, kept / part)
        shutil.copytree(backup / part, root)
    return kept


def _file_roots() -> dict[str, Path]:
    return {"media": Path(settings.MEDIA_ROOT), "private": Path(settings.PRIVATE_ROOT)}


def _save_database(folder: Path) -> None:
    if connection.vendor == "sqlite":
        # One statement, one snapshot, whatever is written meanwhile; sqlite3's own .backup starts again at every write.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / "database.sqlite3")])
        return
    _postgresql("pg_dump", "--format=custom", f"--file={folder / 'database.dump'}")


def _restore_database(backup: Path, kept: Path) -> None:
    if connection.vendor != "sqlite":
        _postgresql("pg_dump", "--format=custom", f"--file={kept / 'database.dump'}")
        _postgresql("pg_restore", "--clean", "--if-exists", "--no-owner", "--dbname={name}", str(backup / "database.dump"))
        return
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    if target.exists():
        with closing(sqlite3.connect(target)) as old, closing(sqlite3.connect(kept / "database.sqlite3")) as copy:
            old.backup(copy)
    with closing(sqlite3.connect(backup / "database.sqlite3")) as copy, closing(sqlite3.connect(target)) as new:
        copy.backup(new)


def _postgresql(program: str, *options: str) -> None:
    values = connection.settings_dict
    environment = {
        "PGHOST": values["HOST"],
        "PGPORT": str(values["PORT"] or 5432),
        "PGUSER": values["USER"],
        "PGPASSWORD": values["PASSWORD"],
    }
    path = shutil.which(program)
    if not path:
        raise BackupRefused(f"{program} is missing. Install PostgreSQL's client programs (apt-get install postgresql-client).")
    command = [path, *(option.format(name=values["NAME"]) for option in options), *([values["NAME"]] if program == "pg_dump" else [])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- our own command
    if done.returncode:
        raise BackupRefused(f"{program} failed: {done.stderr.strip()[:500]}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
