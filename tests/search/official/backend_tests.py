"""modelsearch's own tests for search backends, run against ours by tests/search/test_official_suite.py. None is left out."""

from django.test import TestCase
from modelsearch.tests.test_backends import BackendTests


class TestOurBackend(BackendTests, TestCase):
    """Every promise that modelsearch makes for a backend."""

    backend_path = "knowledge_hub.search.backend"
