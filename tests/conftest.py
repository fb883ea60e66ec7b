"""Fixtures and hooks for all tests. To change the time, use the ``time_machine`` fixture of the plugin of that name."""

import fcntl
import gc
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
from django.conf import settings
from django.utils import timezone, translation

from tests import database
from tests.mail import SmtpSink

TRANSACTIONAL = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}
BLOCKER: pytest.StashKey = pytest.StashKey()


def pytest_configure(config):
    """Register our markers; compile the translations once, before any process reads them."""
    config.addinivalue_line("markers", "long: takes many seconds, so it runs before the others")
    config.addinivalue_line("markers", "scale_out: also run with PostgreSQL, Redis and an S3 storage, by tests/scale_out/test_scale_out.py")
    if not hasattr(config, "workerinput"):
        subprocess.run([settings.BASE_DIR / "locale" / "compile.sh"], check=True)
    else:
        # Coverage is measured in the processes of the tests, not in those that tests start: they take time and run no other branches.
        for name in ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"):
            os.environ.pop(name, None)


def pytest_unconfigure(config):
    """Remove the temporary directory of this run."""
    shutil.rmtree(settings.TEST_DIR, ignore_errors=True)


KEPT = settings.BASE_DIR / "var" / "test-databases"
"""Databases that later runs start with. Beside each stands the list of the files that it was made from."""


def sources_of(*migrations: Path) -> dict[str, str]:
    """Digests of the files that decide what a migrated database looks like: these migrations and the versions of the libraries."""
    files = [settings.BASE_DIR / "requirements" / "dev.txt", *migrations]
    return {str(path.relative_to(settings.BASE_DIR)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def kept_database(name: str, sources: dict[str, str]) -> Path:
    """Where a database that was made from these files is kept for later runs."""
    digest = hashlib.sha256(json.dumps(sources, sort_keys=True).encode()).hexdigest()
    return KEPT / f"{name}-{digest[:20]}.sqlite3"


def earlier_database(sources: dict[str, str]) -> Path | None:
    """A kept database to which only new migrations have to be applied, because all its files are still the same; None without one."""
    for listed in KEPT.glob("migrated-*.json"):
        kept = listed.with_suffix(".sqlite3")
        if kept.exists() and json.loads(listed.read_text()).items() <= sources.items():
            return kept
    return None


def our_sources() -> dict[str, str]:
    """Digests of all our migrations and of the versions of the libraries."""
    return sources_of(*sorted(settings.BASE_DIR.glob("*/migrations/*.py")))


@pytest.fixture(scope="session")
def migrated_copy(django_db_use_migrations) -> Path | None:
    """Where a migrated, empty database is kept for the next run; None without migrations or SQLite."""
    if not django_db_use_migrations or "sqlite" not in settings.DATABASES["default"]["ENGINE"]:
        return None
    return kept_database("migrated", our_sources())


@pytest.fixture(scope="session")
def migration_lock(migrated_copy) -> Iterator[TextIO | None]:
    """Held by the process that migrates; the others wait for it and copy its database. Given back by django_db_setup."""
    if migrated_copy is None:
        yield None
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, django_db_modify_db_settings, migrated_copy, migration_lock) -> bool:
    """Begin with the migrated copy, else with an earlier one, else with the migrations of the libraries; pytest-django applies the rest."""
    if migrated_copy is None:
        return django_db_keepdb
    start = migrated_copy if migrated_copy.exists() else earlier_database(our_sources())
    if start is None:
        start = kept_database("libraries", sources_of(settings.BASE_DIR / "knowledge_hub" / "migrations" / "0001_initial.py"))
        if not start.exists():
            environment = {name: value for name, value in os.environ.items() if name != "TEST_DIR"}
            subprocess.run([sys.executable, "-m", "tests.migrate_libraries", start], cwd=settings.BASE_DIR, env=environment, check=True)
    shutil.copyfile(start, settings.DATABASES["default"]["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated_copy, migration_lock):
    """Keep a copy of what migrations made."""
    if migrated_copy is not None and not migrated_copy.exists():
        for outdated in KEPT.glob("migrated-*"):
            outdated.unlink(missing_ok=True)
        with django_db_blocker.unblock():
            database.save_copy(settings.TEST_DIR / "migrated.sqlite3")
        beside = migrated_copy.with_suffix(f".{os.getpid()}")
        shutil.move(settings.TEST_DIR / "migrated.sqlite3", beside)
        beside.rename(migrated_copy)
        migrated_copy.with_suffix(".json").write_text(json.dumps(our_sources()))
    if migration_lock:
        fcntl.flock(migration_lock, fcntl.LOCK_UN)


@pytest.fixture(scope="session")
def fresh_database(request, django_db_setup, django_db_blocker):
    """Keep a copy of the database as migrations left it; yields its file, None if the database is not SQLite."""
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
    """Sort and mark the tests.

    Files with long tests run first, so that at the end no process waits for another. A file runs in one process (``--dist loadfile``),
    because its tests share data. Tests that empty the tables get the fixture that copies the database before the first of them.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if empties_tables(item) and "fresh_database" not in item.fixturenames:
            item.fixturenames.insert(0, "fresh_database")


def pytest_collection_finish():
    """Let the collector of garbage pass over what stays to the end: modules and tests. It took a tenth of the time of many tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Reset the language and time zone, and restore the data of migrations after a test that emptied the tables."""
    result = yield
    # A request to /en/ leaves its language active in the thread.
    translation.deactivate()
    timezone.deactivate()
    if empties_tables(item) and (blocker := item.config.stash.get(BLOCKER, None)):
        with blocker.unblock():
            database.restore_fresh()
    return result


@pytest.fixture
def smtp_sink(settings):
    """A local SMTP server that keeps all messages and receives Django's mail.

    Use ``smtp_sink.messages`` (parsed, in order of arrival), ``smtp_sink.last_to(address)`` and ``smtp_sink.refuse = True``.
    """
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "knowledge_hub.core.mail_backend.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield sink
