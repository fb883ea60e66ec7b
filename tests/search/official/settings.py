"""Settings to run modelsearch's own backend tests against ours: its test app, a database in memory, an index in a temporary directory."""

import tempfile
from pathlib import Path

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
MODELSEARCH_BACKENDS = {
    "default": {"BACKEND": "knowledge_hub.search.backend", "PATH": Path(tempfile.mkdtemp(prefix="knowledge-hub-official-"))},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
USE_TZ = True
