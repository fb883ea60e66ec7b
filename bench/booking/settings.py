"""The site's own settings, with a database and files of the measurement."""

from pathlib import Path

from knowledge_hub.settings.base import *  # noqa: F403 -- a settings file takes over all of its base
from knowledge_hub.settings.base import STORAGES, WAGTAILSEARCH_BACKENDS, env

SECRET_KEY = "for-measurements-only-for-measurements-only-for-measurements"  # noqa: S105 -- nothing outside is signed with it
SIGNING_KEY = ENCRYPTION_KEY = SECRET_KEY
ALLOWED_HOSTS = ["*"]
BENCH_DIR = Path(env.str("BENCH_DIR"))
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": BENCH_DIR / "private", "base_url": None}},
}
WAGTAILSEARCH_BACKENDS = {"default": {**WAGTAILSEARCH_BACKENDS["default"], "PATH": BENCH_DIR / "search"}}
