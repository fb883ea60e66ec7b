"""The site as it is served, on a database of its own (DATABASE_URL), with one view more to measure against."""

from knowledge_hub.settings.test import *  # noqa: F403 -- a settings file takes over all of its base

ROOT_URLCONF = "bench.pages.urls"
PAGE_CACHE_SECONDS = 600
CONTENT_CHECK_SECONDS = 1
