"""What every environment shares. Holds no secret; what differs by place comes from the environment (.env.example)."""

import datetime as dt
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.mailbox import imap
from knowledge_hub.settings.search import search_backend
from knowledge_hub.settings.storage import file_storages

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Everything that the running site writes: database, uploads, index, logs. Never in version control.
VAR_DIR = env.path("VAR_DIR", default=str(BASE_DIR / "var"))()
VAR_DIR = Path(VAR_DIR)
VAR_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
# Keys that manage.py restore took out of a backup; .env and the environment win.
env.read_env(VAR_DIR / "keys.env")

INSTALLED_APPS = [
    "home",
    "visits",
    "knowledge_hub",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.forms",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "knowledge_hub.core.observation.ObservationMiddleware",
    "knowledge_hub.core.probes.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "knowledge_hub.core.browser_features.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "knowledge_hub.core.page_cache.PageCacheMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "knowledge_hub.core.language.AddressLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "knowledge_hub.core.error_pages.UploadFaultMiddleware",
    "knowledge_hub.accounts.sessions.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "knowledge_hub.urls"
WSGI_APPLICATION = "knowledge_hub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# SQLite by default. IMMEDIATE takes the write lock when a transaction begins, so two writers wait for each other instead
# of failing with "database is locked", in the order of arrival (knowledge_hub/core/sqlite); synchronous FULL means that an acknowledged
# booking is on disk.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "knowledge_hub.core.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728; "
            "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    # Connections are reused; one that the server has closed is replaced before use.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    CACHES["default"]["BACKEND"] = "knowledge_hub.core.steady_cache.SteadyRedisCache"
    CACHES["default"].setdefault("OPTIONS", {}).update({"socket_connect_timeout": 1, "socket_timeout": 2})
# Pages of anonymous readers (knowledge_hub/core/content_cache.py) are discarded when the content changes, and after this time.
PAGE_CACHE_SECONDS = 600
CONTENT_CHECK_SECONDS = 1
TASKS = {"default": {"BACKEND": env("TASKS_BACKEND", default="django_tasks_db.DatabaseBackend"), "QUEUES": []}}

AUTH_USER_MODEL = "knowledge_hub.User"
AUTHENTICATION_BACKENDS = ["knowledge_hub.core.authentication.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Whether nobody signs in without a second factor; who has none sets it up when signing in.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=False)
SESSION_ENGINE = "knowledge_hub.accounts.sessions"
# A session ends when it was not used for so long (unless “Remember me” was chosen), and in any case after the longer time.
SESSION_IDLE = dt.timedelta(minutes=env.int("SESSION_IDLE_MINUTES", default=240))
SESSION_LONGEST = dt.timedelta(hours=env.int("SESSION_MAX_HOURS", default=14 * 24))
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
DEVICE_COOKIE_NAME = "device"
LOGIN_URL = "wagtailadmin_login"
# For readers of private pages who come without the address of one.
LOGIN_REDIRECT_URL = "/"

# Language and time
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = False
# Earlier ones win.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_wagtail"]
FORMAT_MODULE_PATH = ["knowledge_hub.core.formats"]
TIME_ZONE = "Asia/Jakarta"
WAGTAIL_USER_TIME_ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
# After a longer pause or jump the clock asks for a confirmation before it expires, mails or deletes anything; 0 for never.
CLOCK_MOST_DAYS_FORWARD = env.int("CLOCK_MOST_DAYS_FORWARD", default=7)
USE_I18N = True
USE_TZ = True

# Files. PRIVATE_ROOT holds letters, spreadsheets and certificates: no URL leads there, only views that ask for a permission or a token.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES = {
    **file_storages(env.str("STORAGE_URL", default=""), MEDIA_ROOT, PRIVATE_ROOT),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "knowledge_hub.core.input_limits.CappedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Where weaknesses are reported (security.txt): mailto: or https:. Default: the contact page.
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")
# Address of clamd, which then scans every upload: unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310.
VIRUS_SCANNER = env("VIRUS_SCANNER", default="")

# Mail
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
SITE_HOST = SITE_URL.split("://", 1)[-1]
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="kunjungan@binjai.invalid")
# Who runs the server; gets the test mail of manage.py verify_installation.
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Mailbox in which answers arrive; off if empty. account_of() refuses what names none, or one without encryption.
INBOX_URL = env.str("INBOX_URL", default="")
if INBOX_URL:
    imap.account_of(INBOX_URL)
EMAIL_TIMEOUT = 20
# Where answers to our mails go; the address that they come from if empty.
REPLY_TO_EMAIL = env("REPLY_TO_EMAIL", default="")
# Mails about what staff decided wait this long, so that they can be held back.
MAIL_UNDO = dt.timedelta(seconds=env.int("MAIL_UNDO_SECONDS", default=60))
DJANGO_SMTP, OUR_SMTP = "django.core.mail.backends.smtp.EmailBackend", "knowledge_hub.core.mail_backend.EmailBackend"
"""EMAIL_URL names Django's backend; ours tells more about failures."""

# Security
# Keys themselves are in the settings of each environment; older ones are only read with (knowledge_hub/core/keys.py).
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SIGNING_KEY_FALLBACKS = env.list("SIGNING_KEY_FALLBACKS", default=[])
ENCRYPTION_KEY_FALLBACKS = env.list("ENCRYPTION_KEY_FALLBACKS", default=[])
# Backups (knowledge_hub/core/backups.py). The passphrase seals the keys inside; it must also be kept somewhere else.
BACKUP_PASSPHRASE = env.str("BACKUP_PASSPHRASE", default="")
BACKUP_PASSPHRASE_FILE = env.str("BACKUP_PASSPHRASE_FILE", default="")
# A backup that is older than so many hours needs attention; 0 on a machine that makes none.
BACKUP_MAX_HOURS = env.int("BACKUP_MAX_HOURS", default=26)
BACKUP_KEEP_DAILY = env.int("BACKUP_KEEP_DAILY", default=14)
BACKUP_KEEP_WEEKLY = env.int("BACKUP_KEEP_WEEKLY", default=8)
BACKUP_COPY_TO = env.str("BACKUP_COPY_TO", default="")
BACKUP_COPY_COMMAND = env.str("BACKUP_COPY_COMMAND", default="")
# Networks of our own proxies. The address of a guest is read from X-Forwarded-For only if one of them sent the request.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Who may read /metrics: a bearer token, networks.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=[])
METRICS_DIR = VAR_DIR / "metrics"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# The Wagtail admin starts its date fields and choosers from inline scripts, which get a nonce (knowledge_hub/core/admin_scripts.py).
# Draftail and the calendar of visits inject a style element, which in the calendar names a font of icons as data.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "font-src": [SELF, "data:"],
    "script-src": [SELF, NONCE],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
# For the two forms of Wagtail whose scripts cannot get one.
INLINE_SCRIPTS_POLICY = {**ADMIN_CONTENT_SECURITY_POLICY, "script-src": [SELF, "'unsafe-inline'"]}

# Wagtail
# The page type at the root of the tree; named here because the knowledge base does not know the home app.
HOME_PAGE_MODEL = "home.HomePage"
WAGTAIL_SITE_NAME = "Binjai Smart City"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAILIMAGES_IMAGE_MODEL = "knowledge_hub.CustomImage"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "knowledge_hub.editing.files.ImageForm"
WAGTAILADMIN_USER_LOGIN_FORM = "knowledge_hub.accounts.sign_in.SignInForm"
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "knowledge_hub.accounts.sign_in.ResetForm"
WAGTAILDOCS_DOCUMENT_MODEL = "knowledge_hub.CustomDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "knowledge_hub.editing.files.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
# Nothing is embedded, so no server asks other sites for what staff type into Wagtail's dialog.
WAGTAILEMBEDS_FINDERS = []
# Days for which counts of searches are stored.
WAGTAILSEARCH_HITS_MAX_AGE = 366
WAGTAILSEARCH_BACKENDS = {"default": search_backend(env.str("SEARCH_URL", default=""), VAR_DIR / "search")}

# The city decides on its licence; this one is what open data of governments commonly use.
CONTENT_LICENCE = {
    "name": env("CONTENT_LICENCE_NAME", default="CC BY 4.0"),
    "url": env("CONTENT_LICENCE_URL", default="https://creativecommons.org/licenses/by/4.0/"),
}

# Visits
VISIT_LETTER_MAX_BYTES = 10 * 1024 * 1024
# All letters that the guest of one visit sends.
VISIT_LETTERS_MAX_BYTES = 5 * VISIT_LETTER_MAX_BYTES
VISIT_DELEGATES_MAX_BYTES = 2 * 1024 * 1024

# Seals on certificates (visits/documents/signing): none, local (a key of our own, uncertified) or bsre (Esign Client Service v2).
SIGNING = {
    "signer": env("SIGNER", default="none"),
    "pkcs12_file": env("SIGNER_PKCS12_FILE", default=str(VAR_DIR / "private" / "keys" / "seal.p12")),
    "pkcs12_password": env("SIGNER_PKCS12_PASSWORD", default=""),
    "tsa_url": env("SIGNER_TSA_URL", default=""),
    "bsre": {
        "url": env("BSRE_URL", default=""),
        "user": env("BSRE_USER", default=""),
        "password": env("BSRE_PASSWORD", default=""),
        "mode": env("BSRE_MODE", default="seal"),
        "identity": env("BSRE_IDENTITY", default=""),
    },
}

# plain or json.
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "knowledge_hub.core.logs.SafeFormatter"},
        "json": {"()": "knowledge_hub.core.logs.JsonFormatter"},
        "server": {"()": "django.utils.log.ServerFormatter", "format": "[{server_time}] {message}", "style": "{"},
    },
    "filters": {"hide_secrets": {"()": "knowledge_hub.core.logs.HideSecrets"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["hide_secrets"]},
        "troubles": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "level": "WARNING", "filters": ["hide_secrets"]},
        "server": {"class": "logging.StreamHandler", "formatter": "server", "filters": ["hide_secrets"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "knowledge_hub": {"level": "INFO"},
        "visits": {"level": "INFO"},
        # Scanners ask with any Host header; the refusal is no news, and its traceback even less.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # The worker sets these to INFO and would write two lines for each task.
        "django_tasks": {"handlers": ["troubles"], "propagate": False},
        "django_tasks_db": {"handlers": ["troubles"], "propagate": False},
        "django.utils.autoreload": {"level": "WARNING"},
        # These two write the paths of requests, also through handlers of others.
        "django.request": {"filters": ["hide_secrets"]},
        "django.server": {"handlers": ["server"], "filters": ["hide_secrets"], "level": "INFO", "propagate": False},
    },
}
