"""What every test may use: see each fixture's docstring. Time is moved with the ``time_machine`` fixture of its own plugin."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from tests import database
from tests.mail import SmtpSink

TRANSACTIONAL = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}
BLOCKER: pytest.StashKey = pytest.StashKey()


def pytest_configure(config):
    """Compile translations once, before any process reads them; name our own markers."""
    config.addinivalue_line("markers", "long: takes many seconds, so begins before the others")
    config.addinivalue_line("markers", "postgresql: also run on PostgreSQL, by tests/postgresql/test_on_postgresql.py")
    if not hasattr(config, "workerinput"):
        subprocess.run([settings.BASE_DIR / "locale" / "compile.sh"], check=True)


def pytest_unconfigure(config):
    """Leave nothing behind in the temporary directory."""
    shutil.rmtree(settings.TEST_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_copy(django_db_use_migrations) -> Path | None:
    """Where a migrated, empty database waits for the next run, so that only the first after a change of migrations takes half a minute.

    None without migrations or SQLite.
    """
    if not django_db_use_migrations or "sqlite" not in settings.DATABASES["default"]["ENGINE"]:
        return None
    digest = hashlib.sha256((settings.BASE_DIR / "requirements" / "dev.txt").read_bytes())
    for path in sorted(settings.BASE_DIR.glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return settings.BASE_DIR / "var" / "test-databases" / f"{digest.hexdigest()[:20]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, django_db_modify_db_settings, migrated_copy) -> bool:
    """Begin with the copy if there is one; pytest-django then applies what it lacks, which is nothing."""
    if migrated_copy is None or not migrated_copy.exists():
        return django_db_keepdb
    shutil.copyfile(migrated_copy, settings.DATABASES["default"]["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated_copy):
    """Keep a copy of what migrations made."""
    if migrated_copy is not None and not migrated_copy.exists():
        migrated_copy.parent.mkdir(parents=True, exist_ok=True)
        for outdated in migrated_copy.parent.glob("*.sqlite3"):
            outdated.unlink(missing_ok=True)
        with django_db_blocker.unblock():
            database.save_copy(settings.TEST_DIR / "migrated.sqlite3")
        beside = migrated_copy.with_suffix(f".{os.getpid()}")
        shutil.move(settings.TEST_DIR / "migrated.sqlite3", beside)
        beside.rename(migrated_copy)


@pytest.fixture(scope="session")
def fresh_database(request, django_db_setup, django_db_blocker):
    """A copy of the database as migrations left it: its file, None where the database is not SQLite."""
    with django_db_blocker.unblock():
        kept = database.keep_fresh()
    request.config.stash[BLOCKER] = django_db_blocker
    yield kept
    with django_db_blocker.unblock():
        database.forget_fresh()


def empties_tables(item) -> bool:
    """Whether a test commits, so that all tables are emptied after it."""
    marker = item.get_closest_marker("django_db")
    return bool(TRANSACTIONAL & set(item.fixturenames)) or bool(marker and marker.kwargs.get("transaction"))


def pytest_collection_modifyitems(items):
    """Have the copy at hand before the first test that needs it; leave a class whose tests share their data to one process.

    Long tests come first, so that at the end no process waits for another.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        shares_data = getattr(item.cls, "setUpTestData", None) is not None
        if shares_data and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(f"{item.module.__name__}.{item.cls.__qualname__}"))
        if empties_tables(item) and "fresh_database" not in item.fixturenames:
            item.fixturenames.insert(0, "fresh_database")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Leave to the next test, in random order, the default language and what migrations put into the tables."""
    result = yield
    # A request to /en/ leaves its language in the thread.
    translation.deactivate()
    timezone.deactivate()
    if empties_tables(item) and (blocker := item.config.stash.get(BLOCKER, None)):
        with blocker.unblock():
            database.restore_fresh()
    return result


@pytest.fixture
def smtp_sink(settings):
    """A real SMTP server on this machine that keeps what it gets; Django's mail goes there.

    Use ``smtp_sink.messages`` (parsed, in order of arrival), ``smtp_sink.last_to(address)`` and ``smtp_sink.refuse = True``.
    """
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield sink
