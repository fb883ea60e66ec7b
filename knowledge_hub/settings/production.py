"""Production: refuses to start without a secret key, host names and a sender address."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403 -- a settings file takes over all of its base
from .base import SITE_URL, env

DEBUG = False


def _required(name: str, hint: str) -> str:
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment or in .env: {hint}.")
    return value


SECRET_KEY = _required("SECRET_KEY", "a random text of at least 50 characters")
if len(SECRET_KEY) < 50 or "development-only" in SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be a random text of at least 50 characters, not the one of development.")
ALLOWED_HOSTS = [host.strip() for host in _required("ALLOWED_HOSTS", "the site's host names, separated by commas").split(",")]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _required("DEFAULT_FROM_EMAIL", "the address that mail is sent from and answered to")
vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=True) else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
