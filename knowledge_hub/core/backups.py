"""Backups: the database as one consistent copy, then the files and the sealed keys, with a list of what must be inside.

Database first: files are only ever added under new names, so every file that the copy of the database names is there when the
files are read. The search index is left out, because it is rebuilt from the database.
"""

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.dispatch import Signal

from knowledge_hub.core import sealed_keys

MANIFEST = "manifest.json"
KEYS = "keys.sealed"
STORAGES = {"media": "default", "private": "private"}
"""Folders of a backup and the storages whose files they hold."""


restored = Signal()
"""Sent with ``backup`` when a restored database has the tables of this release; receivers treat what the backup brought back."""

ERASURES = "erasures.jsonl"
"""Name of the list of people who were erased (visits.domain.erasure), in VAR_DIR and in each backup: the newest knows most."""


class BackupRefused(Exception):
    """The backup can't be made or used; ``str()`` says why and what to do."""


def default_folder() -> Path:
    """Default folder of backups."""
    return settings.VAR_DIR / "backups"


def content_stamp() -> Path:
    """The file that says which initial content was loaded into which database (manage.py prepare)."""
    return settings.VAR_DIR / "content-loaded"


def create(folder: Path, now: dt.datetime, *, about: Mapping[str, Any] | None = None) -> Path:
    """Save database, files and keys while the site runs.

    Args:
        folder: where backups are kept; created if missing, accessible to this user only.
        now: time of the backup (aware), used in its name.
        about: more values for the manifest.

    Returns:
        The directory of the new backup. It is renamed to its final name when it is complete.

    Raises:
        BackupRefused: the disk or pg_dump refuses; nothing is left behind.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = folder / f".{now:%Y%m%d-%H%M%S}.unfinished"
    before = complete(folder)[-1:]
    try:
        beside.mkdir(mode=0o700)
    except FileExistsError as error:
        raise BackupRefused(f"Another backup is being made in {folder}.") from error
    try:
        _save_database(beside)
        for part, name in STORAGES.items():
            _save_files(storages[name], beside / part, [earlier / part for earlier in before])
        if passphrase := sealed_keys.passphrase():
            (beside / KEYS).write_bytes(sealed_keys.seal(passphrase))
        if (settings.VAR_DIR / ERASURES).exists():
            shutil.copyfile(settings.VAR_DIR / ERASURES, beside / ERASURES)
        manifest = {
            "made_at": now.isoformat(),
            "database": connection.vendor,
            "migrations": sorted(f"{app}.{migration}" for app, migration in MigrationRecorder(connection).applied_migrations()),
            "content": content_stamp().read_text().split(" ")[0] if content_stamp().exists() else "",
            **(about or {}),
            "sha256": {str(path.relative_to(beside)): _sha256(path) for path in sorted(beside.rglob("*")) if path.is_file()},
        }
        (beside / MANIFEST).write_text(json.dumps(manifest, indent=1))
        return beside.rename(folder / f"{now:%Y%m%d-%H%M%S}")
    except OSError as error:
        raise BackupRefused(f"The backup could not be written to {folder}: {error.strerror}.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def complete(folder: Path) -> list[Path]:
    """All complete backups of a folder, the newest last."""
    return sorted(path for path in folder.glob("[0-9]*-[0-9]*") if (path / MANIFEST).exists())


def made_at(backup: Path) -> dt.datetime:
    """When a backup was made, from its name."""
    return dt.datetime.strptime(backup.name, "%Y%m%d-%H%M%S").replace(tzinfo=dt.UTC)


def latest(folder: Path) -> Path:
    """The newest complete backup.

    Raises:
        BackupRefused: there is none.
    """
    found = complete(folder)
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
    manifest = check(backup)
    kept = settings.VAR_DIR / "before-restore" / f"{now:%Y%m%d-%H%M%S}"
    kept.mkdir(parents=True, mode=0o700)
    _restore_database(backup, kept)
    for part, name in STORAGES.items():
        _restore_files(storages[name], backup / part, kept / part)
    # Or the initial content would be loaded again, with pages that staff have deleted.
    content_stamp().write_text(f"{manifest['content']} {connection.settings_dict['NAME']}")
    return kept


def restore_keys(backup: Path, passphrase: str) -> list[str]:
    """Write the keys of a backup where the settings read them, unless the site has them; also used from now on in this process.

    Returns:
        The names of the settings that were written.

    Raises:
        BackupRefused: the backup holds no keys, they do not open, or .env is in their way.
    """
    if not (backup / KEYS).exists():
        raise BackupRefused(f"{backup} holds no keys: BACKUP_PASSPHRASE was not set when it was made. Set the site's old keys in .env.")
    try:
        return sealed_keys.install(sealed_keys.unseal((backup / KEYS).read_bytes(), passphrase))
    except sealed_keys.KeysRefused as error:
        raise BackupRefused(str(error)) from error


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
        # Tables of a newer release are not in the backup and would stay.
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
        connection.close()
        _postgresql("pg_restore", "--clean", "--if-exists", "--no-owner", "--dbname={name}", str(backup / "database.dump"))
        return
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    if target.exists():
        with closing(sqlite3.connect(target)) as old, closing(sqlite3.connect(kept / "database.sqlite3")) as copy:
            old.backup(copy)
    with closing(sqlite3.connect(backup / "database.sqlite3")) as copy, closing(sqlite3.connect(target)) as new:
        copy.backup(new)


def _save_files(storage: Storage, folder: Path, before: list[Path]) -> None:
    """Copy all files of a storage; those that the backup before holds unchanged are linked, so that they take no room twice."""
    folder.mkdir(mode=0o700)
    if not isinstance(storage, FileSystemStorage):
        for name in file_names(storage):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with storage.open(name) as file, (folder / name).open("wb") as copy:
                shutil.copyfileobj(file, copy)
        return

    def copy_or_link(source: str, target: str) -> None:
        for earlier in before:
            known = earlier / Path(target).relative_to(folder)
            if known.is_file() and _looks_same(known, Path(source)) and _sha256(known) == _sha256(Path(source)):
                os.link(known, target)
                return
        shutil.copy2(source, target)

    Path(storage.location).mkdir(parents=True, exist_ok=True, mode=0o750)
    shutil.copytree(storage.location, folder, copy_function=copy_or_link, dirs_exist_ok=True)


def _looks_same(one: Path, other: Path) -> bool:
    a, b = one.stat(), other.stat()
    return (a.st_size, a.st_mtime_ns) == (b.st_size, b.st_mtime_ns)


def _restore_files(storage: Storage, source: Path, kept: Path) -> None:
    if isinstance(storage, FileSystemStorage):
        root = Path(storage.location)
        if root.exists():
            shutil.move(root, kept)
        shutil.copytree(source, root)
        return
    for name in list(file_names(storage)):
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        with storage.open(name) as file, (kept / name).open("wb") as copy:
            shutil.copyfileobj(file, copy)
        storage.delete(name)
    for path in sorted(source.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                storage.save(str(path.relative_to(source)), file)


def file_names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Names of all files of a storage."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        # Nothing was stored yet.
        return
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for name in folders:
        yield from file_names(storage, f"{folder}/{name}".lstrip("/"))


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
