"""The initial content, loaded once for a class of tests."""

from contextlib import contextmanager

from django.contrib.auth.models import Group
from django.core.cache import cache as pages
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from knowledge_hub.content import loader
from knowledge_hub.models import CaseStudyPage, CollaborationDocumentPage, KnowledgeIndexPage, Partner, User
from knowledge_hub.staff import groups
from tests.factories import UserFactory

CASE = "/pengetahuan/kolaborasi-tiga-pihak/"


def member(*groups: str, **values) -> User:
    """A user who belongs to these groups, which must exist."""
    user = UserFactory(**values)
    user.groups.set([Group.objects.get(name=name) for name in groups])
    return user


def approve(page: CollaborationDocumentPage) -> CollaborationDocumentPage:
    """Publish the latest draft of an agreement in the only way there is: somebody of each partner approves it."""
    page = CollaborationDocumentPage.objects.get(pk=page.pk)
    page.get_workflow().start(page, UserFactory())
    for partner in Partner.values:
        page.current_workflow_task_state.approve(user=member(groups.approvers(partner)))
    page.refresh_from_db()
    return page


def agreement(parent, *, versions=(), approved: bool = True, **values) -> CollaborationDocumentPage:
    """An agreement below a page, approved and published, or as a draft."""
    page = CollaborationDocumentPage(**{"title": "Perjanjian", "kind": "agreement", "live": False, **values})
    page.versions = list(versions)
    type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision()
    return approve(page) if approved else page


class ContentTestCase(TestCase):
    """Tests of what readers see on a fresh install."""

    @classmethod
    def setUpTestData(cls):
        loader.load()

    def case(self, language: str = "id") -> CaseStudyPage:
        """The case study of the three parties."""
        slug = "kolaborasi-tiga-pihak" if language == "id" else "three-party-collaboration"
        return CaseStudyPage.objects.get(slug=slug)

    def index(self, language: str = "id") -> KnowledgeIndexPage:
        """The index of the knowledge base."""
        return KnowledgeIndexPage.objects.get(locale__language_code=language)

    def queries(self, address: str, client=None) -> list[str]:
        """What a request asks the database."""
        with CaptureQueriesContext(connection) as captured:
            assert (client or self.client).get(address).status_code == 200, address
        return [query["sql"] for query in captured.captured_queries]

    def download(self, address: str, client=None) -> bytes:
        """The content of a file, which must be there."""
        answer = (client or self.client).get(address)
        assert answer.status_code == 200, address
        # Read to its end, a file is closed by the client.
        return answer.getvalue()

    @contextmanager
    def kept_pages(self):
        """The cache of pages, turned on and empty."""
        pages.clear()
        with override_settings(PAGE_CACHE_SECONDS=600):
            yield
        pages.clear()
