"""Full or read-only disks, a lost database or cache: pages are read on, what was typed stays, and everything heals by itself."""

import errno
import os
from contextlib import contextmanager

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import InternalError, OperationalError, connection
from django.test import Client

from knowledge_hub.content import loader
from knowledge_hub.core.faults import fault_behind
from knowledge_hub.core.steady_cache import SteadyRedisCache
from tests.visits.public.pages import parsed, pdf, step_url

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@contextmanager
def failing(text: str, *, reading: bool = False):
    """A database whose statements fail with this text: those that write, or all."""

    def refuse(execute, sql, *args):
        if reading or sql.lstrip().startswith(WRITES):
            raise OperationalError(text)
        return execute(sql, *args)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def client(client):
    """A client that gets the error page instead of the exception."""
    client.raise_request_exception = False
    return client


def sent_again(response) -> dict[str, str]:
    """What the form of an error page sends."""
    fields = parsed(response).iterfind(".//form[@method='post']/input[@type='hidden']")
    return {field.get("name"): field.get("value") for field in fields if field.get("name") != "csrfmiddlewaretoken"}


@pytest.mark.django_db(transaction=True)
def test_without_a_database_pages_are_read_and_forms_are_kept(settings, client, guest):
    loader.load()
    pages = ("/", "/cari/?q=kolaborasi", "/kontak/", "/pengetahuan/", "/verifikasi/AAAA/")
    before = [client.get(page, follow=True).status_code for page in pages]
    answers = {"programme": guest.slot.programme_id, "group_size": 12, "organisation": "Komisi <b> Contoh", "region": guest.region.name}
    answers |= {"organisation_kind": "local_council"}
    for text in ("database or disk is full", "attempt to write a readonly database"):
        with failing(text):
            assert [client.get(page, follow=True).status_code for page in pages] == before
            kept = client.post(step_url("group"), answers)
        assert (kept.status_code, kept["Retry-After"]) == (503, "60")
        assert "Belum ada yang dapat disimpan" in kept.content.decode()
        assert sent_again(kept) == {name: str(value) for name, value in answers.items()}
    assert client.post(step_url("group"), sent_again(kept)).status_code == 302, "it heals by itself"

    settings.PAGE_CACHE_SECONDS = 600
    reader = Client(raise_request_exception=False)
    before = reader.get("/")
    with failing("could not connect to server", reading=True):
        during = reader.get("/")
        other = reader.get("/kontak/")
    assert (before.status_code, during.status_code, other.status_code) == (200, 200, 503)
    assert during.content == before.content
    assert "belum dapat ditampilkan" in other.content.decode()
    assert reader.get("/kontak/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS])
def test_a_letter_that_cannot_be_stored_keeps_the_other_answers(guest, monkeypatch, error):
    def full(self, *args, **kwargs):
        raise OSError(error, os.strerror(error))

    guest.client.raise_request_exception = False
    guest.group()
    guest.date()
    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_save", full)
        stored = guest.purpose(letter_file=pdf())
    with monkeypatch.context() as patched:
        # A file of this size goes to the disk while it is received.
        patched.setattr(TemporaryFileUploadHandler, "new_file", full)
        received = guest.purpose(letter_file=SimpleUploadedFile("surat.pdf", b"%PDF-" + bytes(3 * 2**20)))

    for response in (stored, received):
        assert response.status_code == 503
        assert sent_again(response)["purpose"] == "Belajar layanan perizinan"
        assert "Berkas tidak dapat" in response.content.decode()
    assert guest.purpose().status_code == 302


@pytest.mark.django_db
def test_without_its_cache_the_site_is_slower_but_whole(settings, client, monkeypatch):
    monkeypatch.setattr(SteadyRedisCache, "_away_until", 0.0)
    options = {"socket_connect_timeout": 1}
    backend = f"{SteadyRedisCache.__module__}.{SteadyRedisCache.__qualname__}"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:9/1", "OPTIONS": options}}
    settings.PAGE_CACHE_SECONDS = 600

    assert client.get("/kontak/").status_code == 200
    assert client.get("/kontak/").status_code == 200
    assert b"cache" in client.get("/readyz").content


def test_errors_of_the_program_are_no_faults():
    caused = ValueError("tidak tersimpan")
    caused.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert fault_behind(caused)
    assert fault_behind(InternalError("cannot execute INSERT in a read-only transaction"))
    for error in (None, ValueError(), OperationalError("no such table: visits_visit"), FileNotFoundError(errno.ENOENT, "")):
        assert not fault_behind(error)
