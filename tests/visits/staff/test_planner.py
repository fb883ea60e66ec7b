"""The staff calendar: contents of table and events, filters, and moving visits by dropping."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import NeedFactory, ProgrammeFactory, ResourceFactory, SlotFactory, VisitFactory
from visits.domain import decisions, resources, scheduling
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.enums import Actor, MessageKind, MessageStatus, VisitStatus
from visits.models import Allocation, CalendarException, Proposal, Visit

pytestmark = pytest.mark.django_db

PAGE, EVENTS = "visits_planner:index", "visits_planner:events"


@pytest.fixture
def programme():
    return ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40)


def week_of(slot, more=""):
    return f"{reverse(PAGE)}?date={local_date(slot.starts_at)}{more}"


def events(browser, slot, more="", *, days=7):
    start = local_date(slot.starts_at) - dt.timedelta(days=1)
    answer = browser.get(f"{reverse(EVENTS)}?start={start}T00:00:00&end={start + dt.timedelta(days=days)}T00:00:00{more}")
    assert answer.status_code == 200, answer.content
    return [event for event in answer.json() if event.get("display") != "background"]


def drop(browser, visit, slot, **more):
    return browser.post(
        reverse("visits_planner:drop", args=[visit.pk]),
        {"revision": visit.revision, "starts_at": slot.starts_at.astimezone(VENUE_ZONE).strftime("%Y-%m-%dT%H:%M:%S"), **more},
    )


def test_calendar_entries_show_their_state(officer, programme):
    slot, other = SlotFactory(programme=programme), SlotFactory(programme=programme, days_ahead=36)
    accepted, pending = VisitFactory(slot=slot, approved=True), VisitFactory(slot=slot, submitted=True)
    scheduling.propose(pending, other, by=Actor.STAFF, user=officer.user)
    resources.block(ResourceFactory(), slot.starts_at, slot.ends_at, "Rapat")
    VisitFactory(slot=slot, status=VisitStatus.NO_SHOW, seats_held=0)
    VisitFactory(slot=slot, status=VisitStatus.DECLINED, seats_held=0, organisation="Ditolak Contoh")

    found = {event["classNames"][1].removeprefix("planner-event--"): event for event in events(officer, slot)}

    assert set(found) == {"accepted", "pending", "proposed", "absent", "blocked"}
    assert str(VisitStatus.NO_SHOW.label) in found["absent"]["title"]
    assert str(VisitStatus.APPROVED.label) in found["accepted"]["title"]
    assert found["accepted"]["start"].endswith("T09:00:00"), "the venue's local time"
    page = officer.get(week_of(slot)).content.decode()
    for kind in found:
        assert f"planner-swatch--{kind}" in page, "the legend"
        assert f"planner-kind--{kind}" in page, "the table"
    for text in (accepted.organisation, pending.organisation, "Rapat"):
        assert text in page
    assert "Ditolak Contoh" not in page


def test_the_table_shows_the_spoken_language(officer, programme):
    slot = SlotFactory(programme=programme)
    VisitFactory(slot=slot, submitted=True, spoken_language="en")

    assert "Bahasa Inggris" in officer.get(week_of(slot)).content.decode()


def test_the_calendar_contains_no_personal_data(officer, programme):
    visit = VisitFactory(slot__programme=programme, approved=True, contact_name="Rahasia Contoh", contact_phone="081234567890", delegates=2)

    text = str(events(officer, visit.slot)) + officer.get(week_of(visit.slot)).content.decode()

    assert visit.organisation in text
    for secret in ("Rahasia Contoh", visit.contact_email, "081234567890", "Delegasi Contoh"):
        assert secret not in text


def test_the_calendar_filters_by_programme_and_room(officer, programme):
    room, other_room = ResourceFactory(name="Ruang A"), ResourceFactory(name="Ruang B")
    NeedFactory(programme=programme, kind=room.kind)
    slot = SlotFactory(programme=programme)
    in_room = decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer.user, chosen=[room])
    elsewhere = decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer.user, chosen=[other_room])
    may_take = VisitFactory(slot=slot, submitted=True)
    other = VisitFactory(approved=True)

    def shown(more):
        names = {event["extendedProps"]["name"] for event in events(officer, slot, more)}
        page = officer.get(week_of(slot, more)).content.decode()
        return {visit for visit in (in_room, elsewhere, may_take, other) if str(visit) in names and visit.organisation in page}

    assert shown("") == {in_room, elsewhere, may_take, other}
    assert shown(f"&programme={programme.pk}") == {in_room, elsewhere, may_take}
    assert shown(f"&resource={room.pk}") == {in_room, may_take}


def test_table_and_calendar_show_closed_days(officer, programme):
    slot = SlotFactory(programme=programme)
    CalendarException.objects.create(date=local_date(slot.starts_at), reason_id="Cuti bersama contoh", reason_en="Example leave")

    week, month = officer.get(week_of(slot)), officer.get(week_of(slot, "&view=month"))

    assert len(week.context["days"]) == 7
    assert "Cuti bersama contoh" in week.content.decode()
    assert len(month.context["days"]) >= 28
    assert month.context["settings"]["view"] == "dayGridMonth"
    # The calendar shows the same as the table.
    for page in (week, month):
        [closed] = page.context["settings"]["closed"]
        assert "Cuti bersama contoh" in closed["title"]
        assert closed["start"].startswith(f"{local_date(slot.starts_at)}")


def test_long_blocks_appear_on_each_day(officer, programme):
    slot = SlotFactory(programme=programme)
    resources.block(ResourceFactory(), slot.starts_at - dt.timedelta(days=9), slot.ends_at + dt.timedelta(days=9), "Renovasi")

    assert all(len(day.entries) == 1 for day in officer.get(week_of(slot)).context["days"])


def test_invalid_addresses_cause_no_error(officer):
    for query in (
        "date=kemarin",
        "date=0001-01-01",
        "date=9999-12-31",
        "view=x",
        "programme=abc",
        "resource=999999",
        "view=month&date=9999-12-31",
    ):
        assert officer.get(f"{reverse(PAGE)}?{query}").status_code == 200, query
    for query in (
        "",
        "start=x&end=y",
        "start=2026-01-01&end=2027-01-01",
        "start=2026-02-01&end=2026-01-01",
        "start=2026-13-45T00:00&end=2026-01-01",
    ):
        assert officer.get(f"{reverse(EVENTS)}?{query}").status_code == 400, query


def test_query_count_is_independent_of_visits(officer, programme):
    slot = SlotFactory(programme=programme, capacity_persons=900)

    def visit():
        room = ResourceFactory()
        decisions.approve(VisitFactory(slot=slot, submitted=True), by=officer.user, chosen=[room])
        VisitFactory(slot=slot, submitted=True)

    def count(read):
        read()
        with CaptureQueriesContext(connection) as queries:
            read()
        return len(queries)

    visit()
    one = [count(lambda: officer.get(week_of(slot))), count(lambda: events(officer, slot))]
    for _ in range(15):
        visit()

    assert [count(lambda: officer.get(week_of(slot))), count(lambda: events(officer, slot))] == one
    assert one[0] <= 12, "eight of them belong to the admin"
    assert count(lambda: officer.get(week_of(slot, f"&programme={programme.pk}"))) <= 12
    # Eight of the admin; programmes and rooms of the filters, visits, proposals, allocations, sessions, closed days.
    assert one[0] <= 15, one
    assert one[1] <= 12, one


class TestDrop:
    @pytest.fixture
    def scheduled(self, programme):
        return VisitFactory(slot__programme=programme, approved=True)

    def test_dropping_a_scheduled_visit_moves_it(self, officer, programme):
        first, second = ResourceFactory(name="Ruang A"), ResourceFactory(name="Ruang B")
        NeedFactory(programme=programme, kind=first.kind)
        visit = decisions.approve(VisitFactory(slot__programme=programme, submitted=True), by=officer.user, chosen=[second])
        visit.messages.update(status=MessageStatus.SENT)
        other = SlotFactory(programme=programme, days_ahead=42)

        answer = drop(officer, visit, other, message="Sesuai telepon")

        assert answer.json() == {"done": True}
        visit.refresh_from_db()
        assert visit.slot == other
        assert Allocation.objects.get(active=True).resource == second
        assert visit.messages.get(kind=MessageKind.MOVED).note == "Sesuai telepon"

    def test_dropping_a_request_proposes_the_date(self, officer, programme):
        visit, other = VisitFactory(slot__programme=programme, submitted=True), SlotFactory(programme=programme, days_ahead=42)

        assert drop(officer, visit, other).json() == {"done": True}

        assert Proposal.objects.get().slot == other
        assert Visit.objects.get().status == VisitStatus.PROPOSED

    def test_impossible_drops_are_refused(self, officer, programme, scheduled):
        full = SlotFactory(programme=programme, days_ahead=42, used_persons=55)
        empty_day = SlotFactory.build(programme=programme, days_ahead=44)
        before = scheduled.slot

        refused = drop(officer, scheduled, full)
        assert refused.status_code == 409
        assert f"?slot={full.pk}" in refused.json()["form"]
        nothing = drop(officer, scheduled, empty_day)
        assert nothing.status_code == 409
        assert nothing.json()["error"]
        scheduled.revision = 7
        assert drop(officer, scheduled, SlotFactory(programme=programme, days_ahead=43)).status_code == 409

        scheduled.refresh_from_db()
        assert scheduled.slot == before

    def test_short_notice_links_to_the_reason_form(self, officer, programme, scheduled):
        soon = SlotFactory(programme=programme, days_ahead=2)

        answer = drop(officer, scheduled, soon)

        assert answer.status_code == 409
        page = officer.get(answer.json()["form"])
        assert page.context["can_override"]
        assert "override_reason" in page.context["form"].fields

    def test_a_drop_displacing_others_needs_the_form(self, officer, programme):
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        visit = decisions.approve(VisitFactory(slot__programme=programme, submitted=True), by=officer.user)
        other = SlotFactory(programme=programme, days_ahead=42)
        loser = VisitFactory(slot=other, submitted=True)

        answer = drop(officer, visit, other)

        assert answer.status_code == 409
        assert loser.reference in answer.json()["error"]
        visit.refresh_from_db()
        assert visit.slot != other
        assert officer.get(answer.json()["form"]).context["displaced"] == [loser]

    def test_month_drops_use_the_only_session(self, officer, programme, scheduled):
        other = SlotFactory(programme=programme, days_ahead=42)

        answer = officer.post(
            reverse("visits_planner:drop", args=[scheduled.pk]), {"revision": 0, "starts_at": local_date(other.starts_at).isoformat()}
        )

        assert answer.json() == {"done": True}
        scheduled.refresh_from_db()
        assert scheduled.slot == other

    def test_dropping_and_viewing_need_permissions(self, officer, auditor, receptionist, client, programme, scheduled):
        other = SlotFactory(programme=programme, days_ahead=42)

        for browser in (auditor, receptionist):
            assert drop(browser, scheduled, other).status_code == 302
            assert browser.get(reverse(PAGE)).status_code == 200
            assert not any(event["editable"] for event in events(browser, scheduled.slot))
        assert any(event["editable"] for event in events(officer, scheduled.slot))
        for address in (reverse(PAGE), reverse(EVENTS) + "?start=2026-01-01&end=2026-01-08"):
            assert client.get(address).status_code == 302
        assert officer.get(reverse("visits_planner:drop", args=[scheduled.pk])).status_code == 405
        officer.handler.enforce_csrf_checks = True
        assert drop(officer, scheduled, other).status_code == 403
        assert officer.post(reverse("visits_planner:drop", args=[scheduled.pk]), {}).status_code == 403
        scheduled.refresh_from_db()
        assert scheduled.slot != other

    def test_incomplete_drops_change_nothing(self, officer, scheduled):
        for form in (
            {},
            {"revision": "x", "starts_at": "2026-12-01"},
            {"revision": 0, "starts_at": "kemarin"},
            {"revision": 0, "starts_at": "9999-12-31"},
        ):
            assert officer.post(reverse("visits_planner:drop", args=[scheduled.pk]), form).status_code == 400
