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
from visits.documents.all_papers import carrying
from visits.domain import erasure, people
from visits.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scale_out]
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


def test_who_was_erased_after_a_backup_is_erased_from_it(tmp_path, settings):
    """On another machine: of the first one only the backups are left, of which the newer one knows."""
    settings.VAR_DIR = tmp_path / "first"
    settings.VAR_DIR.mkdir()
    visit = VisitFactory(submitted=True, contact_name="Titik Sariwangi", contact_email="titik@sariwangi.invalid")
    older = backups.create(tmp_path / "backups", NOW)
    erasure.erase(people.find([], [visit.pk]), by=None, carrying=carrying)
    backups.create(tmp_path / "backups", NOW + dt.timedelta(days=1))
    settings.VAR_DIR = tmp_path / "second"
    settings.VAR_DIR.mkdir()

    backups.restore(older, NOW)
    assert Visit.objects.get().contact_name == "Titik Sariwangi"
    backups.restored.send(sender=None, backup=older)

    visit.refresh_from_db()
    assert (visit.contact_name, visit.contact_email) == ("[dihapus]", "")


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
