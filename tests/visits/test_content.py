"""The initial visits, programmes and holidays: only facts of the source, and loading twice changes nothing."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import Page

from knowledge_hub.content import loader
from knowledge_hub.staff.groups import MODERATORS
from tests.factories import VisitFactory
from tests.knowledge_hub.content import member
from visits.content import demo
from visits.content.loader import load_number_sequences
from visits.documents.office.kinds import KINDS
from visits.domain import decisions, holidays, reminders
from visits.domain.calendar_days import local_date
from visits.enums import Actor, ExceptionSource, MessageKind, MessageStatus, VisitSource, VisitStatus
from visits.models import (
    CalendarException,
    CertificateTemplate,
    Gift,
    NumberSequence,
    OutboundMessage,
    Programme,
    ProgrammeNeed,
    Resource,
    ResourceKind,
    Visit,
    VisitNoteIndexPage,
    VisitNotePage,
    VisitSlot,
    WeeklyHours,
)
from visits.permissions import PROTOCOL
from visits.queries import public
from visits.queries.chain import chain
from visits.queries.dossier import dossier
from visits.queries.timeline import timeline

pytestmark = pytest.mark.django_db

COUNTED = (
    CalendarException,
    CertificateTemplate,
    Gift,
    Group,
    NumberSequence,
    Page,
    Programme,
    ResourceKind,
    Visit,
    VisitSlot,
    WeeklyHours,
)


class InitialContentTest(TestCase):
    """In one class, so that the content is loaded once; that takes seconds."""

    @classmethod
    def setUpTestData(cls):
        loader.load()

    def test_loading_it_again_changes_nothing(self):
        before = [model.objects.count() for model in COUNTED]
        programme = Programme.objects.first()
        programme.max_persons = 33
        programme.save()
        CalendarException.objects.filter(date=dt.date(2027, 1, 1)).delete()
        before[0] -= 1

        loader.load()

        assert [model.objects.count() for model in COUNTED] == before
        programme.refresh_from_db()
        assert programme.max_persons == 33

    def test_the_recorded_visit_has_facts_of_its_source(self):
        visit = Visit.objects.get()
        assert (visit.source, visit.status, visit.recorded_date) == (VisitSource.RECORD, VisitStatus.COMPLETED, dt.date(2018, 9, 5))
        assert visit.organisation == "Komisi B DPRD Kabupaten Batu Bara"
        assert (visit.region_id, visit.group_size, visit.purpose, visit.slot) == ("12.19", None, "", None)
        gift = visit.gifts.get()
        assert (gift.giver, gift.receiver, gift.item) == ("Sekda Pemko Binjai Mahfullah", "Rombongan Komisi B DPRD Batubara", "")
        notes = {page.locale.language_code: page for page in VisitNotePage.objects.select_related("locale")}
        assert set(notes) == {"id", "en"}
        assert all(page.source == "Sumut Pos, 15 November 2018 (ted/han)" for page in notes.values())
        assert notes["id"].translation_key == notes["en"].translation_key

    def test_a_note_has_owner_citation_and_feedback(self):
        note = VisitNotePage.objects.get(locale__language_code="id")

        page = self.client.get(note.url).content.decode()

        assert "<dd>Pemko Binjai</dd>" in page
        assert "Belum diverifikasi" in page
        for name, arguments in (("citation", [note.pk, "bib"]), ("citation", [note.pk, "ris"]), ("feedback", [note.pk])):
            address = reverse(name, args=arguments)
            assert address in page
            assert self.client.get(address).status_code == 200, address

    def visits_offered_to(self, group: str) -> set[int]:
        """Visits that the form of a new note offers to a member of a group."""
        form = VisitNotePage.get_edit_handler().get_form_class()(instance=VisitNotePage(), for_user=member(group))
        return set(form.fields["visit"].queryset.values_list("pk", flat=True))

    def test_moderators_without_access_to_visits_are_offered_none(self):
        assert self.visits_offered_to(MODERATORS) == set()
        assert self.visits_offered_to(PROTOCOL) == {Visit.objects.get().pk}

    def test_notes_are_offered_only_visits_that_took_place(self):
        VisitFactory(submitted=True)

        assert self.visits_offered_to(PROTOCOL) == {Visit.objects.get(source=VisitSource.RECORD).pk}

    def test_protocol_officers_draft_notes_without_publishing_them(self):
        index = VisitNoteIndexPage.objects.get(locale__language_code="id")
        permissions = index.permissions_for_user(member(PROTOCOL))

        assert permissions.can_add_subpage()
        assert not permissions.can_publish_subpage()

    def test_resource_kinds_are_loaded_without_resources(self):
        assert [kind.name_id for kind in ResourceKind.objects.all()] == ["Ruang", "Narasumber", "Pemandu", "Kendaraan"]
        assert not Resource.objects.exists()
        assert not ProgrammeNeed.objects.exists()

    def test_sessions_are_created_except_on_holidays(self):
        closed = set(CalendarException.objects.values_list("date", flat=True))
        days = {local_date(slot.starts_at) for slot in VisitSlot.objects.all()}
        assert days
        assert not days & closed
        assert {day.isoweekday() for day in days} == {2, 4}

    def test_demo_visits_cover_all_states_without_mail(self):
        made = demo.load()

        visits = Visit.objects.exclude(source=VisitSource.RECORD)
        assert made == visits.count() > 8
        assert all("Contoh/fiktif" in visit.organisation for visit in visits)
        assert set(visits.values_list("status", flat=True)) >= set(VisitStatus) - {VisitStatus.PROPOSED, VisitStatus.EXPIRED}
        assert set(OutboundMessage.objects.values_list("status", flat=True)) <= {MessageStatus.HELD, MessageStatus.RETIRED}
        assert demo.load() == 0

    def test_later_mail_of_demo_visits_is_held_too(self):
        demo.load()
        visit = Visit.objects.get(status=VisitStatus.APPROVED, slot__starts_at__gt=timezone.now())

        decisions.cancel(visit, by=Actor.STAFF, reason="Contoh")
        reminders.queue_due(visit.slot.starts_at - dt.timedelta(hours=20))

        assert set(OutboundMessage.objects.values_list("status", flat=True)) <= {MessageStatus.HELD, MessageStatus.RETIRED}
        assert OutboundMessage.objects.filter(visit=visit, kind=MessageKind.CANCELLED).exists()

    def test_the_times_of_demo_visits_ascend(self):
        demo.load()

        for visit in Visit.objects.filter(source=VisitSource.DEMO).select_related("slot", "programme", "region"):
            dates = [step.date for step in timeline(visit) if step.date]
            assert dates == sorted(dates), (visit.status, dates)
            assert visit.answer_due_at is None or visit.answer_due_at > visit.submitted_at, visit.status
            log = list(registry.get_logs_for_instance(visit).order_by("pk").values_list("timestamp", flat=True))
            assert log == sorted(log), visit.status
            arrivals = visit.attendance_events.values_list("at", flat=True)
            assert all(visit.decided_at < at <= timezone.now() for at in arrivals), visit.status
        completed = Visit.objects.get(source=VisitSource.DEMO, status=VisitStatus.COMPLETED)
        assert [step.date for step in timeline(completed)][:4] == [
            local_date(completed.slot.starts_at) - dt.timedelta(days=days) for days in (40, 40, 37, 0)
        ]

    def test_every_paper_of_the_demo_is_complete(self):
        demo.load()
        facts = dossier(Visit.objects.get(source=VisitSource.DEMO, status=VisitStatus.COMPLETED))

        assert {key: kind.missing(facts) for key, kind in KINDS.items() if kind.missing(facts)} == {}
        assert "Contoh/fiktif" in facts.visum_signer.name

    def test_demo_visits_are_not_counted_publicly(self):
        before = chain().visits, self.client.get("/").content.count(b"fiktif")
        demo.load()
        fictitious = Visit.objects.filter(source=VisitSource.DEMO)
        completed = fictitious.get(status=VisitStatus.COMPLETED)

        assert fictitious.count() == Visit.objects.filter(organisation__contains="fiktif").count() >= 8
        assert (chain().visits, self.client.get("/").content.count(b"fiktif")) == before
        assert completed not in public.completed_visits()
        assert completed.organisation not in str(public.visits_of_region(completed.region))


class TestHolidays:
    def test_importing_a_year_twice_adds_nothing(self):
        first = holidays.import_holidays(2026)

        assert first == CalendarException.objects.count() > 20
        assert holidays.import_holidays(2026) == 0

    def test_importing_holidays_keeps_changes_of_staff(self):
        holidays.import_holidays(2026)
        entry = CalendarException.objects.get(date=dt.date(2026, 8, 17))
        entry.reason_id = "HUT Kemerdekaan RI"
        entry.save()

        holidays.import_holidays(2026)

        assert [e.reason_id for e in CalendarException.objects.filter(date=dt.date(2026, 8, 17))] == ["HUT Kemerdekaan RI"]

    def test_collective_leave_and_estimated_dates_are_marked(self):
        holidays.import_holidays(2027)

        assert CalendarException.objects.get(date=dt.date(2027, 12, 24)).source == ExceptionSource.COLLECTIVE_LEAVE
        idulfitri = CalendarException.objects.get(date=dt.date(2027, 3, 10))
        assert idulfitri.source == ExceptionSource.HOLIDAY
        assert idulfitri.estimated
        assert "perkiraan" not in idulfitri.reason_id
        assert "estimated" not in idulfitri.reason_en

    def test_missing_holidays_are_reported_from_autumn(self):
        assert holidays.missing_for_next_year(dt.date(2026, 3, 1)) is None
        missing = holidays.missing_for_next_year(dt.date(2026, 10, 1))
        assert (missing.year, missing.has_holidays, missing.has_decree) == (2027, False, False)

        holidays.import_holidays(2027)
        assert holidays.missing_for_next_year(dt.date(2026, 10, 1)).estimated > 0
        CalendarException.objects.update(estimated=False)
        assert holidays.missing_for_next_year(dt.date(2026, 10, 1)) is None


def test_number_sequences_start_in_the_current_year():
    with time_machine.travel(dt.datetime(2028, 5, 2, 3, tzinfo=dt.UTC)):
        load_number_sequences()

    assert set(NumberSequence.objects.values_list("key", "year")) == {(key, 2028) for key in ("visit", "certificate", "letter", "incoming")}
