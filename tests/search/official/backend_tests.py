"""modelsearch's own tests for search backends, run against our backend by tests/search/test_official_suite.py. None is skipped."""

from django.test import TestCase
from modelsearch.tests.test_backends import BackendTests


class TestOurBackend(BackendTests, TestCase):
    """All backend tests of modelsearch for the project's backend."""

    backend_path = "knowledge_hub.search.backend"
