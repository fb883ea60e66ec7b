"""Cached public pages are updated when a visit takes place or its cases change."""

from django.utils import timezone

from tests.factories import VisitFactory
from tests.knowledge_hub.content import CASE, ContentTestCase
from visits.domain.lifecycle import transition
from visits.enums import Actor, VisitStatus


class CachedPagesTest(ContentTestCase):
    def setUp(self):
        self.enterContext(self.page_cache())

    def read(self, address: str) -> str:
        return self.client.get(address).content.decode()

    def test_a_completed_visit_updates_cached_pages(self):
        visit = VisitFactory(approved=True, today=True)
        visit.case_studies.add(self.case())
        before, case_before = self.read("/"), self.read(CASE)

        transition(visit, VisitStatus.COMPLETED, by=Actor.STAFF)

        assert self.read("/") != before
        assert "Dipresentasikan pada 1 kunjungan" in self.read(CASE)
        assert "Dipresentasikan pada 1 kunjungan" not in case_before

    def test_adding_a_case_updates_its_cached_page(self):
        visit = VisitFactory(completed=True, submitted_at=timezone.now())
        self.read(CASE)

        visit.case_studies.add(self.case("en"))

        assert "Dipresentasikan pada 1 kunjungan" in self.read(CASE)
