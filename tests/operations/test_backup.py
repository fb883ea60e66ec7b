"""A backup of a running site can be restored completely; a damaged backup is refused before anything changes."""

import datetime as dt
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection

from knowledge_hub.core import backups
from tests.factories import VisitFactory
from visits.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
DATABASE = "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"
NOW = dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC)


@pytest.fixture
def backup(tmp_path):
    VisitFactory(submitted=True, organisation="Dinas Sebelum")
    storages["private"].save("surat/satu.txt", ContentFile(b"surat permohonan"))
    return backups.create(tmp_path / "backups", NOW)


def test_restoring_brings_back_database_and_files(backup, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    Visit.objects.update(organisation="Dinas Sesudah")
    storages["private"].delete("surat/satu.txt")
    storages["private"].save("surat/dua.txt", ContentFile(b"sesudah"))

    kept = backups.restore(backup, NOW)

    assert Visit.objects.get().organisation == "Dinas Sebelum"
    with storages["private"].open("surat/satu.txt") as letter:
        assert letter.read() == b"surat permohonan"
    assert not storages["private"].exists("surat/dua.txt")
    assert (kept / "private" / "surat" / "dua.txt").read_bytes() == b"sesudah"
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(kept / DATABASE)) as before:
            assert before.execute("SELECT organisation FROM visits_visit").fetchall() == [("Dinas Sesudah",)]
    else:
        assert (kept / DATABASE).stat().st_size


def test_a_damaged_backup_is_refused(backup):
    with (backup / DATABASE).open("r+b") as file:
        file.seek(5000)
        file.write(b"rusak")
    Visit.objects.update(organisation="Dinas Sesudah")

    with pytest.raises(backups.BackupRefused, match=rf"{re.escape(DATABASE)} .* damaged"):
        backups.restore(backup, NOW)

    assert Visit.objects.get().organisation == "Dinas Sesudah"


def test_an_unfinished_backup_is_ignored(backup, tmp_path):
    (tmp_path / "backups" / "20990101-000000").mkdir()

    assert backups.latest(tmp_path / "backups") == backup
    with pytest.raises(backups.BackupRefused, match="no backup"):
        backups.latest(tmp_path / "elsewhere")


def test_only_its_owner_can_read_a_backup(backup):
    assert backup.stat().st_mode & 0o077 == 0


def test_the_command_prints_the_backup_path(tmp_path, capsys):
    call_command("backup", folder=tmp_path / "b")

    assert str(tmp_path / "b") in capsys.readouterr().out
    assert next(Path(tmp_path / "b").glob(f"*/{DATABASE}")).exists()
