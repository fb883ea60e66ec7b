"""Public pages that are kept say at once that another visit took place, and what was shown there."""

from django.utils import timezone

from tests.factories import VisitFactory
from tests.knowledge_hub.content import CASE, ContentTestCase
from visits.domain.lifecycle import transition
from visits.enums import Actor, VisitStatus


class KeptPagesTest(ContentTestCase):
    def setUp(self):
        self.enterContext(self.kept_pages())

    def read(self, address: str) -> str:
        return self.client.get(address).content.decode()

    def test_a_visit_that_took_place_is_counted_on_pages_that_were_kept(self):
        visit = VisitFactory(approved=True, today=True)
        visit.case_studies.add(self.case())
        before, case_before = self.read("/"), self.read(CASE)

        transition(visit, VisitStatus.COMPLETED, by=Actor.STAFF)

        assert self.read("/") != before
        assert "Dipresentasikan pada 1 kunjungan" in self.read(CASE)
        assert "Dipresentasikan pada 1 kunjungan" not in case_before

    def test_a_case_that_is_noted_afterwards_is_counted_too(self):
        visit = VisitFactory(completed=True, submitted_at=timezone.now())
        self.read(CASE)

        visit.case_studies.add(self.case("en"))

        assert "Dipresentasikan pada 1 kunjungan" in self.read(CASE)
