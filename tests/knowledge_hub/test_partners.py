"""A partner's page lists its roles and risks in cases and agreements."""

from wagtail.models import PageViewRestriction

from knowledge_hub.models import CaseStudyPage
from tests.knowledge_hub.content import ContentTestCase, agreement

TELKOM = "/mitra/telkom/"


class PartnerTest(ContentTestCase):
    def text(self, address: str = TELKOM) -> str:
        return self.client.get(address).content.decode()

    def test_a_partner_page_lists_roles_and_risks(self):
        party = {"partner": "PT Telkom Witel Medan", "role": "Menyediakan jaringan", "risk": "Jaringan putus"}
        agreement(self.index(), title="Perjanjian jaringan", parties=[("party", party)])

        text = self.text()

        assert "Risiko kegagalan ditanggung bersama" in text
        assert self.case().url in text
        for said in ("Perjanjian jaringan", "Menyediakan jaringan", "Jaringan putus"):
            assert said in text
            assert said not in self.text("/mitra/polmed/")
        assert "Shares the risk of failure" in self.text("/en/partners/telkom/")

    def test_private_pages_are_not_shown_with_partners(self):
        case = self.case()
        PageViewRestriction.objects.create(page=case, restriction_type="login")
        assert case.title not in self.text()
        agreement(
            self.index(), title="Perjanjian rahasia", audience="staff", parties=[("party", {"partner": "Telkom", "role": "Jaringan"})]
        )
        assert "Perjanjian rahasia" not in self.text()

    def test_query_count_is_independent_of_cases(self):
        few = len(self.queries(TELKOM))
        for n in range(4):
            role = {"partner": "Telkom", "role": f"Peran {n}"}
            page = CaseStudyPage(title=f"Kasus {n}", summary="Uji", partners=[("role", role)])
            self.index().add_child(instance=page)
            page.save_revision().publish()

        assert "Peran 3" in self.text()
        assert len(self.queries(TELKOM)) <= few
