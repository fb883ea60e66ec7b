"""The initial content, loaded once for a class of tests."""

from contextlib import contextmanager

from django.contrib.auth.models import Group
from django.core.cache import cache as pages
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from knowledge_hub.models import CaseStudyPage, CollaborationDocumentPage, KnowledgeIndexPage, Partner, User
from knowledge_hub.staff import groups
from tests import initial_content
from tests.factories import UserFactory

CASE = "/pengetahuan/kolaborasi-tiga-pihak/"


def member(*groups: str, **values) -> User:
    """Create a user in these groups, which must exist."""
    user = UserFactory(**values)
    user.groups.set([Group.objects.get(name=name) for name in groups])
    return user


def approve(page: CollaborationDocumentPage) -> CollaborationDocumentPage:
    """Publish the latest draft of an agreement: a user of each partner approves it."""
    page = CollaborationDocumentPage.objects.get(pk=page.pk)
    page.get_workflow().start(page, UserFactory())
    for partner in Partner.values:
        page.current_workflow_task_state.approve(user=member(groups.approvers(partner)))
    page.refresh_from_db()
    return page


def agreement(parent, *, versions=(), approved: bool = True, **values) -> CollaborationDocumentPage:
    """Create an agreement below a page, either approved and published, or as a draft."""
    page = CollaborationDocumentPage(**{"title": "Perjanjian", "kind": "agreement", "live": False, **values})
    page.versions = list(versions)
    type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision()
    return approve(page) if approved else page


class ContentTestCase(TestCase):
    """A test case with the initial content of a fresh install."""

    @classmethod
    def setUpTestData(cls):
        initial_content.load()

    def case(self, language: str = "id") -> CaseStudyPage:
        """The case study "Kolaborasi tiga pihak" in a language."""
        slug = "kolaborasi-tiga-pihak" if language == "id" else "three-party-collaboration"
        return CaseStudyPage.objects.get(slug=slug)

    def index(self, language: str = "id") -> KnowledgeIndexPage:
        """The index page of the knowledge base in a language."""
        return KnowledgeIndexPage.objects.get(locale__language_code=language)

    def queries(self, address: str, client=None) -> list[str]:
        """The SQL queries of a request, which must succeed."""
        with CaptureQueriesContext(connection) as captured:
            assert (client or self.client).get(address).status_code == 200, address
        return [query["sql"] for query in captured.captured_queries]

    def download(self, address: str, client=None) -> bytes:
        """The content of a file, which must exist."""
        answer = (client or self.client).get(address)
        assert answer.status_code == 200, address
        # Reading all of it makes the test client close the file.
        return answer.getvalue()

    @contextmanager
    def page_cache(self):
        """Turn on the page cache, empty at first."""
        pages.clear()
        with override_settings(PAGE_CACHE_SECONDS=600):
            yield
        pages.clear()
