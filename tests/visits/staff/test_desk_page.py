"""The desk page: what is missing, the day, earlier visits, who sees what; at most 12 queries and 60,000 calls at any size."""

import cProfile
import datetime as dt
import pstats

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from tests.factories import (
    AgendaItemFactory,
    DispositionFactory,
    LetterFactory,
    NeedFactory,
    QuestionFactory,
    ResourceFactory,
    SlotFactory,
    TaskFactory,
    UserFactory,
    VisitFactory,
)
from visits.domain import certificates, letters, scheduling
from visits.domain.rule_checks import violations
from visits.enums import Actor, MessageKind, VisitStatus
from visits.models import Allocation, CalendarException, Visit, VisitSlot, WaitlistEntry
from visits.queries.desk import checklist, desk, read_visits

pytestmark = pytest.mark.django_db

QUERIES, CALLS = 12, 60_000


def url(visit):
    return reverse("visits_staff:inspect", args=[visit.pk])


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


def read(visit):
    return desk(read_visits().get(pk=visit.pk), may=lambda permission: True)


def fill(visit, count):
    """Give a visit ``count`` rows of everything that the page shows."""
    author = UserFactory()
    for number in range(count):
        visit.delegates.create(name=f"Orang {number}, S.T.", position="Staf", unit="Bagian Umum", needs="Vegetarian", protocol_order=number)
        visit.thread.create(from_guest=bool(number % 2), author=author, text=f"Pesan {number}")
        visit.messages.create(kind=MessageKind.HOST_MESSAGE, sequence=number, recipient="tamu@contoh.invalid", sent_at=timezone.now())
        TaskFactory(visit=visit, title=f"Tugas {number}")
        letters.add_disposition(
            LetterFactory(visit=visit), from_position="Sekda", to_positions="Asisten", instructions=["receive"], by=author
        )
        AgendaItemFactory(visit=visit)
        past = VisitFactory(completed=True, region=visit.region, days_ahead=-30 - number)
        QuestionFactory(visit=past, question=f"Berapa biaya {number}?")
        other = VisitFactory(approved=True, slot=SlotFactory(starts_at=visit.slot.starts_at + dt.timedelta(minutes=number)))
        room = ResourceFactory()
        Allocation.objects.create(resource=room, visit=other, starts_at=other.slot.starts_at, ends_at=other.slot.ends_at)


@pytest.mark.parametrize("rows", [1, 40])
@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_queries_and_calls_have_a_limit_at_any_size(officer, state, rows):
    visit = VisitFactory(**{state: True})
    NeedFactory(programme=visit.programme)
    ResourceFactory()
    fill(visit, rows)
    officer.get(url(visit))

    with CaptureQueriesContext(connection) as queries:
        assert officer.get(url(visit)).status_code == 200
    profile = cProfile.Profile()
    profile.enable()
    officer.get(url(visit))
    profile.disable()

    calls = sum(counts[1] for (file, _line, _name), counts in pstats.Stats(profile).stats.items() if file != "~")
    assert len(queries) <= QUERIES
    assert calls <= CALLS


@pytest.mark.scale_out
class TestRead:
    def test_rows_equal_those_of_django(self, officer):
        visit = VisitFactory(approved=True, delegates=2, attended=True)
        letter = LetterFactory(visit=visit)
        room = ResourceFactory(name="Aula")
        allocation = Allocation.objects.create(resource=room, visit=visit, starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at)
        message = visit.thread.create(from_guest=False, author=officer.user, text="Selamat datang")

        found = read(visit)

        rows = {name: shown.rows for name, shown in found.lists.items()}
        assert rows["letters"] == [letter]
        assert (rows["letters"][0].date, rows["letters"][0].received_at) == (letter.date, letter.received_at)
        assert [one.name for one in rows["delegates"]] == [one.name for one in visit.delegates.all()]
        assert all(one.last_kind == "checked_in" and one.last_at.tzinfo for one in rows["delegates"])
        assert (found.allocations, found.allocations[0].resource, found.allocations[0].resource.kind) == ([allocation], room, room.kind)
        assert (rows["thread"], str(rows["thread"][0].author)) == ([message], str(officer.user))
        assert found.present == 2

    @pytest.mark.parametrize("held", [True, False])
    def test_rules_equal_those_of_the_approval(self, held):
        visit = VisitFactory(submitted=True, group_size=3, days_ahead=10)
        if not held:
            VisitSlot.objects.update(used_persons=0, used_visits=0)
            Visit.objects.update(seats_held=0)
        need = NeedFactory(programme=visit.programme, quantity=2)
        room = ResourceFactory(kind=need.kind)
        ResourceFactory(kind=need.kind)
        other = VisitFactory(approved=True, slot=visit.slot)
        Allocation.objects.create(resource=room, visit=other, starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at)
        day = visit.slot.starts_at.date()
        CalendarException.objects.create(date=day, reason_id="Rapat", reason_en="Meeting")
        visit.programme.max_per_day = 1
        visit.programme.save()
        waits = VisitFactory(submitted=True, slot=None, programme=visit.programme, group_size=1)
        WaitlistEntry.objects.create(visit=waits, from_date=day, until_date=day)

        shown = read(visit).rules

        fresh = Visit.objects.select_related("programme", "slot", "region").get(pk=visit.pk)
        assert shown == checklist(fresh, violations(fresh, fresh.slot))
        assert len([rule for rule in shown if not rule.passed]) >= 4

    @pytest.mark.parametrize("traits", [{"slot": None, "programme": None, "region": None}, {"slot": None, "region": None}])
    def test_visits_without_session_or_programme_are_read(self, traits):
        other = VisitFactory(submitted=True)
        if traits.get("programme", True):
            traits = {**traits, "programme": other.programme}
        visit = VisitFactory(submitted=True, seats_held=0, **traits)

        found = read(visit)

        assert (found.day, found.rules, found.earlier) == (None, [], [])


class TestPage:
    def test_the_day_shows_rooms_and_other_visits(self, officer):
        visit = VisitFactory(approved=True)
        other = VisitFactory(approved=True, slot=visit.slot, organisation="Bappeda Contoh")
        far = VisitFactory(approved=True, slot=SlotFactory(days_ahead=36))
        room = ResourceFactory(name="Aula Contoh")
        Allocation.objects.create(resource=room, visit=other, starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at)
        blocked = ResourceFactory(name="Ruang Rapat")
        Allocation.objects.create(resource=blocked, note="Diperbaiki", starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at)

        page = officer.get(url(visit))

        picture = page.context["desk"].day
        assert {lane.title for lane in picture.lanes} == {visit.organisation, other.organisation, "Aula Contoh", "Ruang Rapat"}
        assert "09.00–11.30 · kunjungan ini" in words(page)
        assert f"{other.reference} (10) · Terjadwal" in words(page)
        assert "Diperbaiki" in words(page)
        assert far.reference not in words(page)
        own = [bar for lane in picture.lanes for bar in lane.bars if bar.is_own]
        assert [(bar.x, bar.width) for bar in own] == [(125, 312)]

    def test_earlier_visits_show_what_was_asked(self, officer):
        visit = VisitFactory(submitted=True)
        past = VisitFactory(completed=True, region=visit.region, days_ahead=-90, organisation="Bappeda Contoh")
        QuestionFactory(visit=past, question="Berapa biaya tahun pertama?")
        QuestionFactory(visit=past, question="Rahasia", state="hidden")
        VisitFactory(completed=True, days_ahead=-90, organisation="Dinas dari Daerah Lain")

        page = words(officer.get(url(visit)))

        assert "Bappeda Contoh" in page
        assert "Berapa biaya tahun pertama?" in page
        assert "Rahasia" not in page
        assert "Dinas dari Daerah Lain" not in page

    def test_what_is_missing_leads_to_its_page(self, officer, auditor):
        visit = VisitFactory(approved=True, group_size=3, delegates=1)
        task = TaskFactory(visit=visit, title="Pesan konsumsi", responsible="Bagian Umum")

        page = officer.get(url(visit))
        shown = {each.key: (each, link) for each, link in page.context["missing"]}

        assert shown["task"][0].owner == "Bagian Umum"
        assert shown["task"][1] == reverse("visits_staff:preparation", args=[visit.pk])
        assert shown["task"][0].due == visit.slot.starts_at.date() - dt.timedelta(days=task.days_before)
        assert shown["delegates"][1] == reverse("visits_staff:delegates", args=[visit.pk])
        links = {each.key: link for each, link in auditor.get(url(visit)).context["missing"]}
        assert links["delegates"] == ""
        assert links["task"]

    def test_dispositions_are_missing_for_those_who_read_them(self, officer, receptionist, auditor):
        visit = VisitFactory(submitted=True)
        DispositionFactory(letter=LetterFactory(visit=visit), addressee=officer.user)

        assert "disposition" in [each.key for each, _link in officer.get(url(visit)).context["missing"]]
        assert "disposition" in [each.key for each, _link in auditor.get(url(visit)).context["missing"]]
        assert "disposition" not in [each.key for each, _link in receptionist.get(url(visit)).context["missing"]]

    def test_needs_are_shown_to_those_who_receive(self, officer, superior, receptionist, auditor):
        visit = VisitFactory(approved=True, delegates=1)
        visit.delegates.update(needs="Kursi roda")

        for browser in (officer, receptionist, auditor):
            assert "Kursi roda" in words(browser.get(url(visit)))
        assert "Kursi roda" not in words(superior.get(url(visit)))

    def test_the_officer_is_assigned_from_the_desk(self, officer, auditor):
        visit = VisitFactory(submitted=True)
        link = officer.get(url(visit)).context["assign_url"]
        assert auditor.get(url(visit)).context["assign_url"] == ""

        answer = officer.post(link, {"officer": officer.user.pk})

        assert [outcome.visit for outcome in answer.context["done"]] == [visit]
        assert officer.user.get_full_name() in words(officer.get(url(visit)))

    def test_a_finished_visit_misses_nothing(self, officer):
        assert officer.get(url(VisitFactory(completed=True))).context["missing"] == []

    def test_the_history_names_guests(self, officer):
        visit = VisitFactory(submitted=True, contact_name="Andi Contoh")
        scheduling.propose(visit, SlotFactory(programme=visit.programme, days_ahead=40), by=Actor.GUEST)

        assert "Andi Contoh (tamu)" in words(officer.get(url(visit)))

    def test_certificates_are_shown(self, officer):
        visit = VisitFactory(completed=True, delegates=2, attended=True, days_ahead=-3)
        [first, _second] = certificates.plan(visit)

        page = words(officer.get(url(visit)))

        assert first.number in page
        assert first.snapshot["name"] in page

    @pytest.mark.parametrize("status", VisitStatus.values)
    def test_every_state_has_a_page(self, officer, status):
        free = {"seats_held": 0} if status in ("declined", "expired", "cancelled_by_guest", "cancelled_by_host") else {}

        assert officer.get(url(VisitFactory(status=status, **free))).status_code == 200
