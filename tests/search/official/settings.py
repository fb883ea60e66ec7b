"""Settings to run modelsearch's own backend tests against ours: its test app, a database in memory, an index in a temporary directory."""

import os
import tempfile
from pathlib import Path

# In memory if possible: 120 tests rebuild seven indexes each, and every rebuild syncs files to disk several times.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 -- mkdtemp below makes a directory of its own in it

SECRET_KEY = "for-tests-only"
INSTALLED_APPS = [
    "modelsearch.test.testapp",
    "modelsearch",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
FIXTURE_DIRS = [Path(__file__).parent / "fixtures"]
INDEX = tempfile.TemporaryDirectory(prefix="knowledge-hub-official-", dir=MEMORY)
MODELSEARCH_BACKENDS = {"default": {"BACKEND": "knowledge_hub.search.backend", "PATH": Path(INDEX.name)}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
USE_TZ = True
