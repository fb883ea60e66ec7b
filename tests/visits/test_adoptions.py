"""What regions report of adoptions: told by link or without a visit, read by staff, then public; stopping as easily as success."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Site

from knowledge_hub.models import CaseStudyPage
from tests.factories import AgendaItemFactory, RegionFactory, UserFactory, VisitFactory
from visits.domain import adoptions, reminders, tokens
from visits.domain.adoptions import Facts, Reporter
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.domain.errors import Refused
from visits.enums import AdoptionStatus, MessageKind, VisitSource
from visits.mail.messages import render
from visits.models import Adoption, AdoptionReport, FollowUpAnswer, OutboundMessage
from visits.queries.chain import chain, of_case, of_region

RUNNING = Facts(status="running", mode="adapted", description="Dipakai di tiga kecamatan.")


def new_case(title: str) -> CaseStudyPage:
    return Site.objects.get().root_page.add_child(instance=CaseStudyPage(title=title, summary="Contoh"))


class Told(TestCase):
    """A completed visit of half a year ago about one case."""

    @classmethod
    def setUpTestData(cls):
        cls.case = new_case("Aplikasi Contoh")
        cls.visit = VisitFactory(completed=True, slot__days_ahead=-190, contact_email="narahubung@contoh.invalid")
        cls.visit.case_studies.add(cls.case)
        cls.officer = UserFactory()

    def url(self, name: str = "follow_up") -> str:
        return reverse(f"visits:{name}", args=[tokens.token_for(self.visit, tokens.STATUS)])

    def post(self, **values):
        return self.client.post(self.url(), {f"case-{self.case.pk}-{name}": value for name, value in values.items()})


class FollowUpTest(Told):
    def test_one_answer_is_enough(self):
        assert "Aplikasi Contoh" in self.client.get(self.url()).text

        answer = self.post(status="running")

        assert answer.status_code == 302
        told = AdoptionReport.objects.get()
        assert (told.status, told.state, told.region, told.case_study) == ("running", "waiting", self.visit.region, self.case)
        assert not Adoption.objects.exists(), "nothing is public before staff read it"
        assert "Aplikasi Contoh, Berjalan" in self.client.get(answer.url).text

    def test_stopping_needs_only_its_reason(self):
        refused = self.post(status="stopped", description="Sempat dipakai.")
        assert refused.status_code == 422
        assert "Sempat dipakai." in refused.text, "what was typed stays"
        assert not FollowUpAnswer.objects.exists()

        assert self.post(status="stopped", stop_reason="Anggaran habis.").status_code == 302
        assert AdoptionReport.objects.get().stop_reason == "Anggaran habis."

    def test_nothing_is_an_answer_and_ends_the_reminder(self):
        self.post(status="")

        assert not AdoptionReport.objects.exists()
        assert FollowUpAnswer.objects.get().months == 6
        assert "Ceritakan" not in self.client.get(self.url("status")).text

    def test_a_double_click_tells_once(self):
        for _click in range(2):
            self.post(status="pilot", description="Uji coba.")
        assert AdoptionReport.objects.count() == 1

    def test_what_staff_accepted_is_not_read_again(self):
        self.post(status="running", mode="adapted")
        adoptions.accept(AdoptionReport.objects.get(), Facts(status="running", mode="adapted"), by=self.officer)

        self.post(status="running", mode="adapted")

        assert AdoptionReport.objects.count() == 1

    def test_another_case_needs_case_and_status(self):
        other = new_case("Aplikasi Lain")
        assert self.client.post(self.url(), {"other-status": "pilot"}).status_code == 422
        assert self.client.post(self.url(), {"other-case": other.pk}).status_code == 422
        assert self.client.post(self.url(), {"other-case": other.pk, "other-status": "pilot"}).status_code == 302
        assert AdoptionReport.objects.get().case_study == other

    def test_a_file_that_is_not_what_it_says_is_refused(self):
        fake = SimpleUploadedFile("bukti.pdf", b"<html>", "application/pdf")
        answer = self.post(status="running", evidence_file=fake)
        assert answer.status_code == 422
        assert not AdoptionReport.objects.exists()

    def test_before_the_visit_nothing_can_be_told(self):
        coming = VisitFactory(approved=True)
        page = reverse("visits:follow_up", args=[tokens.token_for(coming, tokens.STATUS)])
        assert "setelah kunjungan" in self.client.get(page).text
        assert self.client.post(page, {"other-status": ""}).status_code == 409
        assert self.client.get(reverse("visits:follow_up", args=["x" * 64])).status_code == 404


class RemindersTest(Told):
    def on(self, months_day: dt.date) -> set[tuple[str, int]]:
        reminders.queue_due(dt.datetime.combine(months_day, dt.time(9), VENUE_ZONE))
        kinds = (MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_AGAIN, MessageKind.SURVEY)
        return set(OutboundMessage.objects.filter(kind__in=kinds).values_list("kind", "sequence"))

    def test_the_contact_is_asked_after_three_six_and_twelve_months(self):
        day = local_date(self.visit.slot.starts_at)
        assert self.on(day + dt.timedelta(days=1)) == {("survey", 0)}
        assert self.on(day + dt.timedelta(days=80)) == {("survey", 0)}
        asked = self.on(day + dt.timedelta(days=93))
        assert asked - {("survey", 0)} == {("follow_up", 3)}
        assert ("follow_up_again", 3) in self.on(day + dt.timedelta(days=110))
        FollowUpAnswer.objects.create(visit=self.visit, months=6)
        assert {number for kind, number in self.on(day + dt.timedelta(days=190)) if kind == "follow_up"} == {3}
        assert ("follow_up", 12) in self.on(day + dt.timedelta(days=367))

    def test_the_mail_leads_to_the_form(self):
        self.on(local_date(self.visit.slot.starts_at) + dt.timedelta(days=93))
        assert self.url() in render(OutboundMessage.objects.get(kind=MessageKind.FOLLOW_UP)).body

    def test_a_late_worker_asks_nothing_that_is_past(self):
        day = local_date(self.visit.slot.starts_at)
        assert self.on(day + dt.timedelta(days=150)) == set()


class AcceptedTest(Told):
    def told(self, facts: Facts = RUNNING, **more) -> AdoptionReport:
        return adoptions.report(self.visit.region, self.case, facts, visit=self.visit, **more)

    def test_an_accepted_report_stands_on_case_region_and_home(self):
        adoption = adoptions.accept(self.told(), RUNNING, by=self.officer)

        assert str(adoption) == f"{self.visit.region}: Aplikasi Contoh"
        assert of_case(self.case).adopted == of_region(self.visit.region).adopted == chain().adopters == 1
        for url in (self.case.url, reverse("region", args=[self.visit.region_id]), reverse("visits:adoptions")):
            page = self.client.get(url).text
            assert "Dipakai di tiga kecamatan." in page, url
            assert "Berjalan" in page, url

    def test_a_later_report_brings_it_up_to_date(self):
        first = adoptions.accept(self.told(), RUNNING, by=self.officer)
        with time_machine.travel(timezone.now() + dt.timedelta(days=200)):
            second = adoptions.accept(
                self.told(Facts(status="stopped", stop_reason="Petugas pindah.")),
                Facts(status="stopped", stop_reason="Petugas pindah."),
                by=self.officer,
            )

        assert first.pk == second.pk
        assert second.changed_on > second.reported_on
        assert second.description == RUNNING.description, "what the later report leaves empty stays"
        assert of_case(self.case).adopted == 0
        assert [row.stop_reason for row in of_case(self.case).stopped] == ["Petugas pindah."]
        resumed = adoptions.accept(self.told(Facts(status="running")), Facts(status="running"), by=self.officer)
        assert resumed.stop_reason == ""

    def test_two_officers_decide_once(self):
        told = self.told()
        adoptions.refuse(told, by=self.officer)
        with pytest.raises(Refused, match="diputuskan oleh orang lain"):
            adoptions.accept(told, RUNNING, by=self.officer)
        assert not Adoption.objects.exists()

    def test_translations_of_a_case_are_one_case(self):
        locale, _created = Locale.objects.get_or_create(language_code="en")
        english = self.case.copy_for_translation(locale, copy_parents=True)
        adoptions.accept(adoptions.report(self.visit.region, english, RUNNING), RUNNING, by=self.officer)

        assert Adoption.objects.get().case_study == self.case
        assert of_case(english).adopted == 1

    def test_cases_of_the_agenda_are_asked_about(self):
        shown = new_case("Ditampilkan")
        AgendaItemFactory(visit=self.visit, case_study=shown)
        assert [case.title for case in adoptions.cases_of(self.visit)] == ["Aplikasi Contoh", "Ditampilkan"]

    def test_who_reported_is_forgotten_after_a_year(self):
        self.told(reporter=Reporter("Nama Contoh", "n@contoh.invalid"))
        assert adoptions.forget_reporters(timezone.now() + dt.timedelta(days=300)) == 0
        assert adoptions.forget_reporters(timezone.now() + dt.timedelta(days=366)) == 1
        assert AdoptionReport.objects.get().reporter_name == ""

    def test_adoptions_page_needs_the_same_queries_for_many(self):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                self.client.get(reverse("visits:adoptions"))
            return len(captured)

        adoptions.accept(self.told(), RUNNING, by=self.officer)
        one = queries()
        for _number in range(8):
            adoptions.accept(adoptions.report(RegionFactory(), self.case, RUNNING), RUNNING, by=self.officer)
        assert queries() <= one


class ReportWithoutAVisitTest(Told):
    VALUES = {
        "organisation": "Diskominfo Contoh",
        "status": "planned",
        "reporter_name": "Nama Contoh",
        "reporter_email": "n@contoh.invalid",
    }

    def send(self, **values):
        return self.client.post(reverse("visits:report_adoption"), {**self.VALUES, "case": self.case.pk, **values})

    def test_a_region_reports(self):
        region = RegionFactory(name="Kabupaten Tersendiri")
        assert self.send(region="Kabupaten Tersendiri").status_code == 302
        told = AdoptionReport.objects.get()
        assert (told.region, told.visit, told.reporter_email) == (region, None, "n@contoh.invalid")

    def test_bad_input_is_told_and_stays(self):
        answer = self.send(region="Antah Berantah", status="")
        assert answer.status_code == 422
        assert "Diskominfo Contoh" in answer.text
        assert not AdoptionReport.objects.exists()

    def test_robots_are_thanked_and_nothing_is_saved(self):
        RegionFactory(name="Kabupaten Tersendiri")
        assert self.send(region="Kabupaten Tersendiri", website="http://spam.invalid").status_code == 302
        assert not AdoptionReport.objects.exists()

    def test_the_link_of_a_case_chooses_it(self):
        page = self.client.get(reverse("visits:report_adoption"), {"case": self.case.pk})
        assert page.context["form"].initial["case"] == self.case


class FiguresTest(TestCase):
    def test_visits_of_completed_requests_count_once(self):
        case = new_case("Aplikasi Contoh")
        region = RegionFactory()
        for _number in range(2):
            visit = VisitFactory(completed=True, region=region, group_size=12)
            visit.case_studies.add(case)
        VisitFactory(approved=True, region=region)

        assert (of_case(case).visits, len(of_case(case).provinces)) == (2, 1)
        assert (of_region(region).visits, of_region(region).people) == (2, 24)
        assert of_region(region.parent).visits == chain().visits == 2
        visit.case_studies.clear()
        assert of_case(case).visits == 1

    def test_inbound_adoptions_stand_apart(self):
        adoption = Adoption(inbound=True, region=RegionFactory(), title="e-musrenbang", status=AdoptionStatus.RUNNING)
        adoptions.save(adoption, by=UserFactory())
        assert [row.title for row in chain().inbound] == ["e-musrenbang"]
        assert not chain().adoptions

    def test_fictitious_adoptions_are_not_published(self):
        case = new_case("Aplikasi Contoh")
        visit = VisitFactory(completed=True, source=VisitSource.DEMO)
        adoptions.accept(adoptions.report(visit.region, case, RUNNING, visit=visit), RUNNING, by=UserFactory())

        assert Adoption.objects.get().is_demo
        assert not chain().adoptions
