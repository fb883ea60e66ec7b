"""Development, also used by `make run`: works with nothing configured. Mail is written to var/mail instead of being sent."""

from .base import *  # noqa: F403 -- a settings file takes over all of its base
from .base import SITE_URL, STORAGES, VAR_DIR, env

DEBUG = env.bool("DEBUG", default=True)
# Known to everyone, therefore refused by production.py.
SECRET_KEY = env("SECRET_KEY", default="development-only-not-a-secret-development-only")
SIGNING_KEY = env("SIGNING_KEY", default="development-only-for-links-development-only")
ENCRYPTION_KEY = env("ENCRYPTION_KEY", default="development-only-for-numbers-development-only")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Developers leave their sites for weeks.
CLOCK_MOST_DAYS_FORWARD = 0
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

BACKUP_MAX_HOURS = env.int("BACKUP_MAX_HOURS", default=0)
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"] == DJANGO_SMTP:
    EMAIL_BACKEND = OUR_SMTP
if not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
