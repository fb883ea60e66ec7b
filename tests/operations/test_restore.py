"""Restore ends with a site that serves, upgrade puts back what failed, backups are kept, copied and tried."""

import datetime as dt
import errno
import shutil
import subprocess
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from django.core.management import CommandError, call_command
from django.db import connection

from knowledge_hub.core import backup_copies, backups, sealed_keys
from knowledge_hub.management.commands import prepare, rehearse_restore, upgrade
from tests.factories import VisitFactory
from visits.domain import tokens
from visits.models import Visit

NOW = dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC)
KEYS = ("SECRET_KEY", "SIGNING_KEY", "ENCRYPTION_KEY")
transactional = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(settings, tmp_path):
    """A site with a directory and settings of its own, whose initial content counts as loaded."""
    settings.VAR_DIR = tmp_path
    settings.BACKUP_PASSPHRASE = "kata sandi cadangan"
    for name in KEYS:
        # So that the fixture puts back what a command sets.
        setattr(settings, name, f"{name} of the old machine, long enough for production")
        setattr(settings, f"{name}_FALLBACKS", [])
    backups.content_stamp().write_text(f"{prepare.Command().fingerprint_of_content()} {connection.settings_dict['NAME']}")
    return settings


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


@transactional
def test_restoring_on_another_machine_ends_with_a_serving_site(site, folder, capsys):
    visit = VisitFactory(submitted=True, organisation="Dinas Sebelum")
    link = tokens.token_for(visit, tokens.STATUS)
    call_command("backup")
    Visit.objects.all().delete()
    for name in KEYS:
        setattr(site, name, f"{name} of the new machine, long enough for production")

    site.BACKUP_PASSPHRASE = "salah"
    with pytest.raises(CommandError, match="passphrase does not open"):
        call_command("restore", yes=True)
    assert not Visit.objects.exists()
    site.BACKUP_PASSPHRASE = "kata sandi cadangan"
    call_command("restore", yes=True)

    restored = tokens.visit_by_token(link, tokens.STATUS)
    assert restored.organisation == "Dinas Sebelum"
    assert tokens.token_for(restored, tokens.STATUS) == link, "mails of the restored site carry the same link"
    written = sealed_keys.installed_file()
    assert "SIGNING_KEY='SIGNING_KEY of the old machine" in written.read_text()
    assert written.stat().st_mode & 0o077 == 0
    told = capsys.readouterr().out
    assert "Start the site: manage.py serve" in told
    assert "Initial content" not in told, "pages that staff deleted do not come back"


def test_keys_that_differ_become_older_keys(site, monkeypatch):
    values = sealed_keys.unseal(sealed_keys.seal("sandi"), "sandi")
    monkeypatch.setenv("SIGNING_KEY", "new key in .env")

    assert "SIGNING_KEY_FALLBACKS" in sealed_keys.install(values)
    assert ("new key in .env", [values["SIGNING_KEY"]]) == (site.SIGNING_KEY, site.SIGNING_KEY_FALLBACKS)
    monkeypatch.setenv("SIGNING_KEY_FALLBACKS", "another one")
    site.SIGNING_KEY_FALLBACKS = ["another one"]
    sealed_keys.installed_file().unlink()
    with pytest.raises(sealed_keys.KeysRefused, match="Take SIGNING_KEY_FALLBACKS out of .env"):
        sealed_keys.install(values)


@transactional
def test_a_failed_upgrade_is_rolled_back(site, folder, monkeypatch):
    VisitFactory(submitted=True, organisation="Dinas Sebelum")
    monkeypatch.setattr(upgrade, "is_port_free", lambda host, port: True)

    def broken(self):
        Visit.objects.update(organisation="Dinas Rusak")
        raise ZeroDivisionError("a migration failed")

    monkeypatch.setattr(prepare.Command, "migrate", broken)
    with pytest.raises(CommandError, match=r"(?s)a migration failed.*are as before"):
        call_command("upgrade")

    assert Visit.objects.get().organisation == "Dinas Sebelum"


def test_a_running_site_is_not_upgraded(monkeypatch):
    monkeypatch.setattr(upgrade, "is_port_free", lambda host, port: False)

    with pytest.raises(CommandError, match="Stop it first"):
        call_command("upgrade")


def test_daily_and_weekly_backups_are_kept():
    made = [NOW - dt.timedelta(hours=12 * half_day) for half_day in range(60)]

    keep = sorted(backup_copies.kept(made, daily=3, weekly=3), reverse=True)

    assert [time.strftime("%d.%m. %H") for time in keep] == ["24.11. 05", "23.11. 17", "22.11. 17", "15.11. 17"]
    assert backup_copies.kept(made, daily=0, weekly=0) == {NOW}


@pytest.fixture
def made(folder):
    """An empty backup."""
    backup = folder / "20261124-050000"
    backup.mkdir(parents=True)
    (backup / backups.MANIFEST).write_text(f'{{"sha256": {{}}, "database": "{connection.vendor}"}}')
    return backup


def test_backups_are_copied_to_another_place(site, made, tmp_path):
    site.BACKUP_COPY_TO = str(tmp_path / "disk")
    with pytest.raises(backups.BackupRefused, match="is the other disk mounted"):
        backup_copies.copy_away(made, NOW)
    (tmp_path / "disk").mkdir()
    site.BACKUP_COPY_COMMAND = f"cp -r {{backup}} {tmp_path / 'elsewhere'}"

    backup_copies.copy_away(made, NOW)

    assert backups.latest(tmp_path / "disk").name == made.name
    assert (tmp_path / "elsewhere" / backups.MANIFEST).exists()
    assert backup_copies.last(made.parent, backup_copies.COPIED) == NOW
    site.BACKUP_COPY_COMMAND = "false"
    with pytest.raises(backups.BackupRefused, match="BACKUP_COPY_COMMAND failed"):
        backup_copies.copy_away(made, NOW)


def test_old_backups_and_broken_ones_are_deleted(site, made, folder):
    site.BACKUP_KEEP_DAILY = site.BACKUP_KEEP_WEEKLY = 1
    shutil.copytree(made, folder / "20261123-050000")
    (folder / ".20261122-050000.unfinished").mkdir()

    assert backup_copies.prune(folder, NOW + dt.timedelta(days=365)) == 1

    assert [path.name for path in folder.iterdir()] == [made.name]


@pytest.mark.django_db
def test_a_full_disk_leaves_no_half_backup(site, folder, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backups, "_save_files", full)
    monkeypatch.setattr(backups, "_save_database", lambda beside: None)

    with pytest.raises(backups.BackupRefused, match="No space left"):
        backups.create(folder, NOW)

    assert list(folder.iterdir()) == []


def test_unchanged_files_take_no_room_twice(site, made, tmp_path):
    storage = storages["private"]
    name = storage.save("surat/satu.txt", ContentFile(b"surat"))
    backups._save_files(storage, made / "private", [])
    second = made.with_name("20261125-050000")
    second.mkdir()

    backups._save_files(storage, second / "private", [made / "private"])

    assert (second / "private" / name).samefile(made / "private" / name)
    storage.delete(name)


def test_files_of_other_storages_are_saved_and_restored(tmp_path):
    storage = InMemoryStorage()
    storage.save("surat/2026/satu.txt", ContentFile(b"surat"))
    backups._save_files(storage, tmp_path / "saved", [])
    storage.delete("surat/2026/satu.txt")
    storage.save("dua.txt", ContentFile(b"sesudah"))

    backups._restore_files(storage, tmp_path / "saved", tmp_path / "kept")

    assert list(backups.file_names(storage)) == ["surat/2026/satu.txt"]
    assert (tmp_path / "kept" / "dua.txt").read_bytes() == b"sesudah"


def test_a_rehearsal_touches_nothing_of_the_site(site, made, monkeypatch, capsys):
    (made / backups.KEYS).write_bytes(sealed_keys.seal(site.BACKUP_PASSPHRASE))
    runs = []

    def run(command, *, env, **options):
        runs.append((command, env))
        return subprocess.CompletedProcess(command, len(runs) - 1, "", "tidak bisa")

    monkeypatch.setattr(rehearse_restore.subprocess, "run", run)
    call_command("rehearse_restore", folder=made.parent)

    assert backup_copies.last(made.parent, backup_copies.TRIED) == NOW
    [(command, environment)] = runs
    assert command[2:] == ["restore", str(made), "--yes", "--without-keys"]
    for name in ("VAR_DIR", "DATABASE_URL"):
        assert str(made.parent / ".rehearsal-") in environment[name]
    assert (environment["CACHE_URL"], environment["STORAGE_URL"]) == ("locmemcache://", "")
    with pytest.raises(CommandError, match="tidak bisa"):
        call_command("rehearse_restore", folder=made.parent)
    assert not list(made.parent.glob(".rehearsal-*"))
    site.BACKUP_PASSPHRASE = "salah"
    with pytest.raises(CommandError, match="passphrase"):
        call_command("rehearse_restore", folder=made.parent)


@pytest.mark.parametrize("server", ["postgres://user:sandi@db.example:5432", "postgres://user@//run/postgresql"])
def test_a_rehearsal_on_postgresql_has_a_database_of_its_own(monkeypatch, tmp_path, server):
    monkeypatch.setattr(rehearse_restore, "connection", SimpleNamespace(vendor="postgresql"))
    monkeypatch.setenv("DATABASE_URL", f"{server}/hub?sslrootcert=/etc/ca.pem")

    beside = rehearse_restore.beside_the_site(tmp_path, "hub_rehearsal")

    assert beside["DATABASE_URL"] == f"{server}/hub_rehearsal?sslrootcert=/etc/ca.pem"
    assert beside["SEARCH_URL"] == "postgresql:"
