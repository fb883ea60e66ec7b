"""Settings of the measurements: one model, the backends that are compared, a database of their own."""

import os

import environ

SECRET_KEY = "for-measurements-only"  # noqa: S105 -- nothing is signed with it
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.contenttypes", "django_tasks", "modelsearch", "bench.search"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("BENCH_SQLITE", ":memory:")}
    if "BENCH_POSTGRESQL" not in os.environ
    # Every cluster has a database of this name.
    else environ.Env.db_url_config(os.environ["BENCH_POSTGRESQL"]) | {"NAME": "postgres"}
}
MODELSEARCH_BACKENDS = {
    "default": {"BACKEND": "knowledge_hub.search.backend", "PATH": os.environ.get("BENCH_INDEX", "bench-index"), "AUTO_UPDATE": False},
    "database": {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": False, "SEARCH_CONFIG": "indonesian"},
}
