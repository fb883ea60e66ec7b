"""Production: refuses to start without its keys, host names, the site's address and a sender address."""

import secrets
import sys

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403 -- a settings file takes over all of its base
from .base import TRUSTED_PROXIES, env

DEBUG = False


def _required(name: str, hint: str) -> str:
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment or in .env: {hint}.")
    return value


KEY_HINT = 'a random text of at least 50 characters, of its own: python3 -c "import secrets; print(secrets.token_urlsafe(64))"'


def _key(name: str) -> str:
    # On an empty machine the keys are still in the backup; manage.py restore writes them to VAR_DIR/keys.env.
    if sys.argv[1:2] == ["restore"] and not env.str(name, default=""):
        return secrets.token_urlsafe(64)
    return _required(name, KEY_HINT)


SECRET_KEY = _key("SECRET_KEY")
SIGNING_KEY = _key("SIGNING_KEY")
ENCRYPTION_KEY = _key("ENCRYPTION_KEY")
KEYS = {"SECRET_KEY": SECRET_KEY, "SIGNING_KEY": SIGNING_KEY, "ENCRYPTION_KEY": ENCRYPTION_KEY}
for _name, _value in KEYS.items():
    if len(_value) < 50 or "development-only" in _value or set(_value) & set(",'"):
        raise ImproperlyConfigured(f"{_name} must be a random text of at least 50 letters and digits, not the one of development.")
if len(set(KEYS.values())) < len(KEYS):
    raise ImproperlyConfigured(f"{', '.join(KEYS)} must differ from each other.")
ALLOWED_HOSTS = [host.strip() for host in _required("ALLOWED_HOSTS", "the site's host names, separated by commas").split(",")]
SITE_URL = WAGTAILADMIN_BASE_URL = _required("SITE_URL", "where the site is reached, for example https://smartcity.example").rstrip("/")
if not SITE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("SITE_URL must begin with https://; links in mails and QR codes begin with it.")
SITE_HOST = SITE_URL.split("://", 1)[1]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _required("DEFAULT_FROM_EMAIL", "the address that mail is sent from and answered to")
vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
if vars()["EMAIL_BACKEND"] == DJANGO_SMTP:
    EMAIL_BACKEND = OUR_SMTP

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
if BEHIND_PROXY and not TRUSTED_PROXIES:
    TRUSTED_PROXIES = ["127.0.0.1/32", "::1/128"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
# Other sites of the host's domain may not be ready for HTTPS, and a preloaded domain cannot go back for months.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Browsers take cookies of these names from this host alone, over HTTPS alone.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
DEVICE_COOKIE_NAME = "__Host-device"
MESSAGE_STORAGE = "knowledge_hub.core.message_cookie.HostFallbackStorage"
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=True)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Decided otherwise: the first two speak for the whole domain, and Wagtail shows pages in a frame of its own admin.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "security.W019"]
