"""Imports everything that workers need. Preloaded once by the process from which they are forked."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_hub.settings.test")
django.setup()

for name in (
    "django.db.models.sql.compiler",
    "knowledge_hub.search.repair",
    "knowledge_hub.search.tasks",
    "knowledge_hub.urls",
    # The main module of the test process, which multiprocessing imports in every worker.
    "pytest",
    "tests.factories",
    "visits.domain.decisions",
    "whoosh.externalsort",
    "whoosh.writing",
):
    import_module(name)
