"""Which backups are kept, their copy on another disk or machine, and when they were last copied and tried."""

import datetime as dt
import shlex
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

from knowledge_hub.core import backups

COPIED, TRIED = ".copied", ".rehearsed"
"""Files in the folder of backups that say when this was done last."""

UNFINISHED_KEPT = dt.timedelta(days=1)


def kept(made: list[dt.datetime], *, daily: int, weekly: int) -> set[dt.datetime]:
    """Which backups to keep: the last of each of so many days and weeks that have one, and always the newest.

    Args:
        made: when they were made.
    """
    newest_first = sorted(made, reverse=True)
    of_days: dict[object, dt.datetime] = {}
    of_weeks: dict[object, dt.datetime] = {}
    for time in newest_first:
        of_days.setdefault(time.date(), time)
        of_weeks.setdefault(time.isocalendar()[:2], time)
    return {*newest_first[:1], *list(of_days.values())[:daily], *list(of_weeks.values())[:weekly]}


def prune(folder: Path, now: dt.datetime) -> int:
    """Delete backups that need not be kept, and what broken-off ones left; returns how many backups were deleted."""
    found = {path: backups.made_at(path) for path in backups.complete(folder)}
    keep = kept(list(found.values()), daily=settings.BACKUP_KEEP_DAILY, weekly=settings.BACKUP_KEEP_WEEKLY)
    old = [path for path, time in found.items() if time not in keep]
    before = (now - UNFINISHED_KEPT).timestamp()
    for path in [*old, *(path for path in folder.glob(".*.unfinished") if path.stat().st_mtime < before)]:
        shutil.rmtree(path)
    return len(old)


def copy_away(backup: Path, now: dt.datetime) -> list[str]:
    """Copy a backup to where the settings say; returns where to, empty if they say nothing.

    Raises:
        BackupRefused: a copy failed; the text says why.
    """
    where = []
    if settings.BACKUP_COPY_TO:
        folder = Path(settings.BACKUP_COPY_TO)
        if not folder.is_dir():
            raise backups.BackupRefused(f"{folder} (BACKUP_COPY_TO) does not exist; is the other disk mounted?")
        if not (folder / backup.name).exists():
            _copy(backup, folder)
        prune(folder, now)
        where.append(str(folder))
    if settings.BACKUP_COPY_COMMAND:
        command = [part.replace("{backup}", str(backup)) for part in shlex.split(settings.BACKUP_COPY_COMMAND)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- the operator's own command
        except OSError as error:
            raise backups.BackupRefused(f"BACKUP_COPY_COMMAND could not be run: {error.strerror}.") from error
        if done.returncode:
            raise backups.BackupRefused(f"BACKUP_COPY_COMMAND failed: {done.stderr.strip()[:500]}")
        where.append(command[0])
    if where:
        note(backup, COPIED)
    return where


def _copy(backup: Path, folder: Path) -> None:
    beside = folder / f".{backup.name}.unfinished"
    try:
        shutil.copytree(backup, beside, dirs_exist_ok=True)
        backups.check(beside)
        beside.rename(folder / backup.name)
    except OSError as error:
        raise backups.BackupRefused(f"The copy in {folder} could not be written: {error.strerror}.") from error


def note(backup: Path, what: str) -> None:
    """Remember that a backup was copied or tried (COPIED, TRIED)."""
    (backup.parent / what).write_text(backup.name)


def last(folder: Path, what: str) -> dt.datetime | None:
    """When the newest backup was made that was copied or tried; None if none was."""
    path = folder / what
    return backups.made_at(Path(path.read_text())) if path.exists() else None
