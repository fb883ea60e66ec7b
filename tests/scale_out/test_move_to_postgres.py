"""A site moves from SQLite and folders to PostgreSQL and an S3 storage, and both sides are the same."""

import os
import shutil

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import CommandError, call_command
from django.db import connections
from wagtail.models import Page

from knowledge_hub.core import database_move
from knowledge_hub.core.database_move import MoveRefused
from knowledge_hub.models import User
from tests.conftest import kept_database, our_sources
from visits.models import HostOfficial

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.scale_out,
    pytest.mark.skipif(not os.environ.get("STORAGE_URL"), reason="PostgreSQL and an S3 storage"),
]
NUMBER = "19700101 199001 1 001"


@pytest.fixture
def source(tmp_path):
    """Alias of a database on SQLite with a user and an official, as migrations and a first day left it."""
    file = shutil.copyfile(kept_database("migrated", our_sources()), tmp_path / "source.sqlite3")
    named = {"source": {"ENGINE": "knowledge_hub.core.sqlite", "NAME": str(file), "OPTIONS": {"transaction_mode": "IMMEDIATE"}}}
    connections.databases["source"] = connections.configure_settings({"default": {}, **named})["source"]
    # A connection that is open already is not refused by Django's guard against databases that a test has not named.
    connections["source"].connect()
    User.objects.using("source").create(pk=41, username="petugas", email="petugas@contoh.invalid")
    HostOfficial(name="Pejabat Contoh", position="Sekretaris Daerah", nip=NUMBER).save(using="source")
    yield "source"
    connections["source"].close()
    del connections.databases["source"], connections["source"]


def test_all_rows_are_the_same_on_both_sides(source):
    counts = database_move.copy_rows(source, "default")

    assert counts["wagtailcore_page"] == Page.objects.count() > 0
    assert HostOfficial.objects.get().nip == NUMBER
    stored = [HostOfficial.objects.using(alias).values_list("nip", flat=True).get() for alias in (source, "default")]
    assert stored[0] == stored[1] != NUMBER, "the number moves as it is stored, without its key"
    assert User.objects.create(username="baru").pk == 42, "the next key follows those that came along"


def test_a_database_in_use_is_refused(source):
    User.objects.create(username="sudah-ada")

    with pytest.raises(MoveRefused, match="used already"):
        database_move.copy_rows(source, "default")

    assert User.objects.get().username == "sudah-ada"


def test_a_difference_undoes_the_move(source, monkeypatch):
    copied = database_move._copy_table

    def lose_a_name(model, *aliases):
        number = copied(model, *aliases)
        if model is User:
            User.objects.update(username="lain")
        return number

    monkeypatch.setattr(database_move, "_copy_table", lose_a_name)

    with pytest.raises(MoveRefused, match="knowledge_hub_user differs"):
        database_move.copy_rows(source, "default")

    assert not User.objects.exists()


def test_files_move_once_and_are_compared(tmp_path):
    folder = FileSystemStorage(tmp_path)
    for name in ("surat/satu.pdf", "dua.txt"):
        folder.save(name, ContentFile(name.encode()))

    assert database_move.copy_files(folder, storages["private"]) == 2
    assert database_move.copy_files(folder, storages["private"]) == 2, "again, after an interruption"
    with storages["private"].open("surat/satu.pdf") as file:
        assert file.read() == b"surat/satu.pdf"

    (tmp_path / "dua.txt").write_text("lain")
    with pytest.raises(MoveRefused, match="another file dua.txt"):
        database_move.copy_files(folder, storages["private"])


def test_only_a_site_on_sqlite_can_move():
    with pytest.raises(CommandError, match="does not use SQLite"):
        call_command("move_to_postgres", "postgres://tester@/knowledge_hub")
