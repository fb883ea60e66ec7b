"""Tests: a database file (threads need one), tasks at once, fast passwords, nothing written outside a temporary directory."""

import datetime as dt
import tempfile
from pathlib import Path

from .base import *  # noqa: F403 -- a settings file takes over all of its base
from .base import BASE_DIR, DATABASES, WAGTAILSEARCH_BACKENDS, env
from .storage import file_storages

DEBUG = False
SECOND_FACTOR_REQUIRED = False
SECRET_KEY = "for-tests-only-for-tests-only-for-tests-only-for-tests"
SIGNING_KEY = "for-links-of-tests-only-for-links-of-tests-only-for-links"
ENCRYPTION_KEY = "for-numbers-of-tests-only-for-numbers-of-tests-only"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MAIL_UNDO = dt.timedelta(0)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests change the content behind the back of the site; those of the cache itself turn it on.
PAGE_CACHE_SECONDS = 0
CONTENT_CHECK_SECONDS = 0

# Processes that a test starts share its directory (tests/processes.py).
TEST_DIR = Path(env.str("TEST_DIR", default="") or tempfile.mkdtemp(prefix="knowledge-hub-test-"))
VAR_DIR = TEST_DIR
MEDIA_ROOT = TEST_DIR / "media"
PRIVATE_ROOT = TEST_DIR / "private"
STATIC_ROOT = TEST_DIR / "static"
METRICS_DIR = TEST_DIR / "metrics"
STORAGES = {
    **file_storages(env.str("STORAGE_URL", default=""), MEDIA_ROOT, PRIVATE_ROOT),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WAGTAILSEARCH_BACKENDS = {"default": {**WAGTAILSEARCH_BACKENDS["default"], "PATH": TEST_DIR / "search"}}
WHITENOISE_AUTOREFRESH = True
(BASE_DIR / "static").mkdir(exist_ok=True)
STATIC_ROOT.mkdir(exist_ok=True)

if DATABASES["default"]["ENGINE"] == "knowledge_hub.core.sqlite":
    # Speed only: the durability of the real setting is tested where it matters, on a file of its own.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}
    if env.bool("TEST_SYNCHRONOUS_FULL", default=False):
        DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
