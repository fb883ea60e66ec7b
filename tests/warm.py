"""Imported once by the process that all others are forked from: everything that they would otherwise load each time."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_hub.settings.test")
django.setup()

for name in (
    "django.db.models.sql.compiler",
    "knowledge_hub.search.health",
    "knowledge_hub.search.tasks",
    "knowledge_hub.urls",
    # The main module of the process that runs the tests, which multiprocessing imports again in every other.
    "pytest",
    "tests.factories",
    "visits.domain.decisions",
    "whoosh.externalsort",
    "whoosh.writing",
):
    import_module(name)
