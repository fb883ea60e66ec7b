"""Check-in with a phone at the door: what the server takes, refuses and tells, and what the page may do."""

import datetime as dt
import json
import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry

from tests.factories import DelegateFactory, UserFactory, VisitFactory
from visits.documents.office import attendance_sheet
from visits.domain import attendance, badges, decisions, door, tokens
from visits.enums import Actor, AttendanceKind, AttendanceSource, VisitStatus
from visits.models import AttendanceEvent, Certificate, Delegate, Visit
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(time_machine):
    """A visit with three delegates, ten minutes after its beginning."""
    visit = VisitFactory(approved=True, today=True, delegates=3)
    time_machine.move_to(visit.slot.starts_at + dt.timedelta(minutes=10), tick=False)
    badges.give_missing(visit)
    return visit


def url(name, visit):
    return reverse(f"visits_staff:{name}", args=[visit.pk])


def milliseconds(moment):
    return round(moment.timestamp() * 1000)


def entry(kind="checked_in", *, minutes_ago=0, **fields):
    """An event as the page sends it."""
    at = timezone.now() - dt.timedelta(minutes=minutes_ago)
    return {"nonce": str(uuid.uuid4()), "kind": kind, "device_at": milliseconds(at), "offset": 0, **fields}


def post(client, visit, *entries, device="phone-a", wrong_by=dt.timedelta()):
    """Send events from a phone whose clock is ahead by ``wrong_by``."""
    sent = {"device": device, "sent_at": milliseconds(timezone.now() + wrong_by), "entries": entries}
    return client.post(url("door_post", visit), json.dumps(sent), content_type="application/json")


def refusals(answer):
    assert answer.status_code == 200, answer.content
    return [result["refusal"] for result in answer.json()["results"]]


class TestEvents:
    def test_a_post_sent_twice_is_recorded_once(self, visit, receptionist):
        first, second, third = visit.delegates.all()
        entries = [entry(delegate=first.pk), entry(delegate=second.pk, scanned=True), entry("absent", delegate=third.pk)]

        once, again = post(receptionist, visit, *entries), post(receptionist, visit, *entries)

        assert once.json() == again.json()
        assert refusals(once) == ["", "", ""]
        assert list(attendance.attended(visit)) == [first, second]
        assert [event.source for event in visit.attendance_events.order_by("pk")] == ["desk", "scan", "desk"]
        assert AttendanceEvent.objects.count() == 3

    def test_two_phones_check_in_one_person_once(self, visit, receptionist, officer):
        person = visit.delegates.first()
        post(receptionist, visit, entry(delegate=person.pk, minutes_ago=2), device="phone-b")
        post(officer, visit, entry(delegate=person.pk, minutes_ago=5))

        [present] = attendance.attended(visit)
        assert present == person
        assert present.last_at == timezone.now() - dt.timedelta(minutes=5)

    def test_an_annulment_that_arrives_late_ends_only_what_was_before(self, visit, receptionist):
        person = visit.delegates.first()
        post(receptionist, visit, entry(delegate=person.pk, minutes_ago=9))
        post(receptionist, visit, entry(delegate=person.pk, minutes_ago=2), device="phone-b")

        post(receptionist, visit, entry("annulled", delegate=person.pk, minutes_ago=6))

        [present] = attendance.attended(visit)
        assert present.last_at == timezone.now() - dt.timedelta(minutes=2)

    def test_a_late_check_in_beats_an_absence_that_was_assumed(self, visit, receptionist, officer):
        person = visit.delegates.first()
        officer.post(url("record_absent", visit))
        assert not attendance.unrecorded(visit).exists()

        post(receptionist, visit, entry(delegate=person.pk, minutes_ago=8))

        [present] = attendance.attended(visit)
        assert (present, present.last_at) == (person, timezone.now() - dt.timedelta(minutes=8))

    def test_a_newcomer_of_two_phones_is_one_person(self, visit, receptionist):
        for device in ("phone-a", "phone-b"):
            answer = post(receptionist, visit, entry("walk_in", name="Tamu Contoh, S.H.", position="Staf"), device=device)
            assert refusals(answer) == [""]

        newcomer = Delegate.objects.get(walk_in=True)
        assert newcomer.badge_code
        assert [event.kind for event in newcomer.attendance_events.all()] == ["walk_in", "checked_in"]

    def test_a_newcomer_whom_no_paper_can_show_is_told(self, visit, receptionist):
        answer = post(receptionist, visit, entry("walk_in", name="Budi \U0001f600"), entry("walk_in", name="Sari Contoh"))

        told, nothing = refusals(answer)
        assert "U+1F600" in told
        assert nothing == ""
        assert [person.name for person in visit.delegates.filter(walk_in=True)] == ["Sari Contoh"]

    def test_a_code_unknown_to_the_phone_is_looked_up(self, visit, receptionist):
        person = visit.delegates.last()

        for code in (badges.address_of(person), tokens.hash_of(badges.token_of(person)), f" {person.badge_code.lower()} "):
            [result] = post(receptionist, visit, entry(code=code, scanned=True)).json()["results"]
            assert result["delegate"] == person.pk

        assert list(attendance.attended(visit)) == [person]

    def test_refused_events_do_not_keep_others_back(self, visit, receptionist):
        other = VisitFactory(approved=True, today=True, delegates=1, organisation="Dinas Lain")
        badges.give_missing(other)
        stranger = other.delegates.first()
        person = visit.delegates.first()

        answer = post(
            receptionist,
            visit,
            entry(code=badges.address_of(stranger)),
            entry(delegate=stranger.pk),
            entry(code="https://contoh.invalid/p/AAAAAAAAAAAAAAAAAAAAAAAA/"),
            entry("walk_in", name="  "),
            entry("dances", delegate=person.pk),
            entry(delegate=person.pk),
        )

        results = {result["nonce"]: result["refusal"] for result in answer.json()["results"]}
        assert len(results) == 6
        assert sum(not refusal for refusal in results.values()) == 1
        assert any("Dinas Lain" in refusal and other.reference in refusal for refusal in results.values())
        assert list(attendance.attended(visit)) == [person]
        assert not attendance.attended(other).exists()

    def test_the_key_of_another_visits_event_is_refused(self, visit, receptionist):
        other = VisitFactory(approved=True, today=True, delegates=1)
        used = attendance.record(other.delegates.first(), AttendanceKind.CHECKED_IN, by=None)

        assert refusals(post(receptionist, visit, entry(delegate=visit.delegates.first().pk, nonce=str(used.nonce)))) != [""]
        assert not attendance.attended(visit).exists()

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "[]",
            "{",
            "null",
            '{"device": "a", "sent_at": 1, "entries": 3}',
            '{"device": "", "sent_at": 1, "entries": []}',
            '{"sent_at": "now"}',
            json.dumps({"device": "a", "sent_at": 10**15, "entries": []}),
            json.dumps({"device": "a", "sent_at": 10**12, "entries": [{}] * (door.MOST_ENTRIES + 1)}),
        ],
    )
    def test_a_damaged_post_gives_a_sentence(self, body, visit, receptionist):
        answer = receptionist.post(url("door_post", visit), body, content_type="application/json")

        assert answer.status_code == 400
        assert answer.json()["error"]

    def test_damaged_entries_are_refused_one_by_one(self, visit, receptionist):
        person = visit.delegates.first()
        strange = [None, {}, {"nonce": [1]}, entry(delegate="x"), entry(delegate=10**30), entry(delegate=1, offset=10**20)]

        assert post(receptionist, visit, *strange, entry(delegate=person.pk)).status_code == 200
        assert list(attendance.attended(visit)) == [person]

    def test_before_its_day_nothing_is_taken(self, receptionist):
        visit = VisitFactory(approved=True, delegates=1)

        assert refusals(post(receptionist, visit, entry(delegate=visit.delegates.first().pk))) != [""]
        assert not AttendanceEvent.objects.exists()


class TestCompleted:
    @pytest.fixture
    def completed(self, visit, officer):
        attendance.record(visit.delegates.first(), AttendanceKind.CHECKED_IN, by=None)
        visit.refresh_from_db()
        return decisions.complete(visit, by=Actor.STAFF, user=officer.user)

    def test_who_was_reported_late_gets_a_certificate(self, completed, receptionist):
        late = completed.delegates.last()

        assert refusals(post(receptionist, completed, entry(delegate=late.pk, minutes_ago=5))) == [""]

        assert Certificate.objects.filter(delegate=late).count() == 1

    def test_nothing_is_annulled_any_more(self, completed, receptionist):
        person = completed.delegates.first()

        assert refusals(post(receptionist, completed, entry("annulled", delegate=person.pk))) != [""]
        assert list(attendance.attended(completed)) == [person]

    def test_the_phone_is_told_to_forget_the_names(self, completed, receptionist):
        state = receptionist.get(url("door_state", completed)).json()

        assert state["closed"]
        assert "people" not in state


class TestClock:
    def test_a_clock_that_is_wrong_by_hours_is_corrected(self, visit, receptionist):
        person, ahead = visit.delegates.first(), dt.timedelta(hours=7)
        wrong = entry(delegate=person.pk, device_at=milliseconds(timezone.now() - dt.timedelta(minutes=4) + ahead), offset=-25_200_000)

        [result] = post(receptionist, visit, wrong, wrong_by=ahead).json()["results"]

        event = person.attendance_events.get()
        assert event.at == timezone.now() - dt.timedelta(minutes=4)
        assert event.device_at == event.at + ahead
        assert event.device == "phone-a"
        assert not result["is_uncertain"]

    @pytest.mark.parametrize("hours", [7, -40])
    def test_an_impossible_time_is_replaced_and_flagged(self, hours, visit, receptionist, officer):
        person = visit.delegates.first()
        wrong = entry(delegate=person.pk, device_at=milliseconds(timezone.now() + dt.timedelta(hours=hours)))

        [result] = post(receptionist, visit, wrong).json()["results"]

        assert result["is_uncertain"]
        assert person.attendance_events.get().at == timezone.now()
        assert registry.get_logs_for_instance(visit).get(action="visits.attendance").data["uncertain"]
        officer.force_login(officer.user)
        assert "perkiraan" in officer.get(url("history", visit)).content.decode()

    def test_a_clock_that_was_set_meanwhile_is_flagged(self, visit, receptionist):
        person = visit.delegates.first()

        [result] = post(receptionist, visit, entry(delegate=person.pk, minutes_ago=4), wrong_by=dt.timedelta(hours=-2)).json()["results"]

        assert result["is_uncertain"]
        assert person.attendance_events.get().at == timezone.now() - dt.timedelta(minutes=4)

    def test_events_of_one_phone_keep_their_order(self, visit, receptionist):
        person = visit.delegates.first()
        post(receptionist, visit, entry(delegate=person.pk, minutes_ago=1))

        post(receptionist, visit, entry("annulled", delegate=person.pk, minutes_ago=8))

        assert not attendance.attended(visit).exists()


class TestPage:
    def test_the_page_holds_no_names_and_its_own_policy(self, visit, receptionist):
        answer = receptionist.get(url("door", visit))

        page = answer.content.decode()
        assert all(delegate.name not in page for delegate in visit.delegates.all())
        assert visit.organisation not in page
        assert "no-store" in answer["Cache-Control"]
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert "worker-src 'self'" in answer["Content-Security-Policy"]
        assert answer["Permissions-Policy"].startswith("camera=(self)")

    def test_other_pages_may_not_use_the_camera(self, visit, receptionist, client):
        for answer in (receptionist.get(url("reception", visit)), receptionist.get(url("door_state", visit)), Client().get("/")):
            assert answer["Permissions-Policy"].startswith("camera=()")

    def test_the_worker_serves_this_page_only(self, visit, receptionist):
        answer = receptionist.get(url("door_worker", visit))

        assert answer["Content-Type"].startswith("text/javascript")
        assert answer["Service-Worker-Allowed"] == url("door", visit)
        kept = json.loads(answer.content.decode().split(" = ", 1)[1].split(";\n")[0])
        assert kept["page"] == url("door", visit)
        assert all(name.startswith("/static/") for name in kept["files"])
        assert url("door_worker", visit).rpartition("/")[0] + "/" == kept["page"]

    def test_the_state_is_small_when_nothing_changed(self, visit, receptionist):
        state = receptionist.get(url("door_state", visit)).json()
        assert [person["name"] for person in state["people"]] == [delegate.name for delegate in visit.delegates.all()]
        link = badges.address_of(visit.delegates.first())
        assert link.rstrip("/").rpartition("/")[2] not in json.dumps(state)

        same = receptionist.get(url("door_state", visit), {"known": state["digest"]}).json()
        assert "people" not in same
        assert same["token"]
        attendance.record(visit.delegates.first(), AttendanceKind.CHECKED_IN, by=None)
        assert "people" in receptionist.get(url("door_state", visit), {"known": state["digest"]}).json()

    def test_after_the_day_the_phone_forgets(self, visit, receptionist, time_machine):
        state = receptionist.get(url("door_state", visit)).json()
        assert state["forget_at"] == milliseconds(visit.slot.ends_at + door.NAMES_KEPT_FOR)

        time_machine.move_to(visit.slot.ends_at + door.NAMES_KEPT_FOR)
        receptionist.force_login(receptionist.user)

        state = receptionist.get(url("door_state", visit)).json()
        assert state["closed"]
        assert "people" not in state

    def test_a_missing_visit_gives_a_sentence(self, visit, receptionist):
        missing = Visit(pk=visit.pk + 100)

        assert receptionist.get(url("door", missing)).status_code == 404
        assert receptionist.get(url("door_state", missing)).json()["error"]
        assert post(receptionist, missing, entry(delegate=1)).status_code == 404


class TestRights:
    def test_others_get_no_names_and_record_nothing(self, visit, auditor, superior):
        for client in (auditor, superior):
            state = client.get(url("door_state", visit))
            assert (state.status_code, list(state.json())) == (403, ["error"])
            assert post(client, visit, entry(delegate=visit.delegates.first().pk)).status_code == 403
            assert client.get(url("door", visit)).status_code == 302
            assert client.post(url("record_absent", visit)).status_code == 302
        assert not AttendanceEvent.objects.exists()

    def test_a_signed_out_phone_is_sent_to_the_sign_in(self, visit):
        for answer in (Client().get(url("door_state", visit)), post(Client(), visit, entry(delegate=visit.delegates.first().pk))):
            assert answer.status_code == 302
            assert "/login/" in answer["Location"]

    def test_a_post_without_token_is_refused(self, visit, groups):
        user = UserFactory()
        user.groups.add(Group.objects.get(name="Penerima tamu"))
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        body = {"device": "phone-a", "sent_at": milliseconds(timezone.now()), "entries": [entry(delegate=visit.delegates.first().pk)]}
        address = url("door_post", visit)

        assert client.post(address, json.dumps(body), content_type="application/json").status_code == 403
        token = client.get(url("door_state", visit)).json()["token"]
        answer = client.post(address, json.dumps(body), content_type="application/json", headers={"X-CSRFToken": token})

        assert refusals(answer) == [""]


class TestQueries:
    """Session, user, permissions; then visit with delegate, known events, the new ones, the log."""

    MOST = 7

    @pytest.fixture
    def admin(self):
        client = Client()
        client.force_login(UserFactory(admin=True))
        return client

    def count(self, request):
        with CaptureQueriesContext(connection) as queries:
            request()
        return [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]

    @pytest.mark.parametrize("people", [1, 30])
    def test_a_check_in_takes_few_queries(self, people, visit, admin, receptionist):
        for number in range(people):
            DelegateFactory(visit=visit, name=f"Tamu {number}")
        some = list(visit.delegates.all())

        for client in (admin, receptionist):
            post(client, visit, entry(delegate=some[0].pk))
            from_phone = self.count(lambda client=client: post(client, visit, *(entry(delegate=one.pk) for one in some)))
            form = {"kind": "checked_in", "delegate": some[0].pk, "nonce": uuid.uuid4()}
            from_list = self.count(lambda client=client, form=form: client.post(url("check_in", visit), form))

            assert len(from_phone) <= self.MOST, "\n".join(from_phone)
            assert len(from_list) <= self.MOST, "\n".join(from_list)

    @pytest.mark.parametrize("people", [1, 30])
    def test_the_state_takes_few_queries(self, people, visit, admin):
        for number in range(people):
            DelegateFactory(visit=visit, name=f"Tamu {number}")
        admin.get(url("door_state", visit))

        assert len(self.count(lambda: admin.get(url("door_state", visit)))) <= 5


class TestList:
    def test_the_remaining_are_recorded_as_absent(self, visit, receptionist):
        first, second, third = visit.delegates.all()
        attendance.record(first, AttendanceKind.CHECKED_IN, by=None)
        attendance.record(second, AttendanceKind.CHECKED_IN, by=None)
        attendance.record(second, AttendanceKind.ANNULLED, by=None)

        receptionist.post(url("record_absent", visit))
        receptionist.post(url("record_absent", visit))

        assert [event.kind for event in second.attendance_events.all()] == ["checked_in", "annulled", "absent"]
        assert [event.kind for event in third.attendance_events.all()] == ["absent"]
        page = receptionist.get(url("reception", visit))
        assert page.context["reception"].unknown == 0
        assert page.context["reception"].present == 1

    def test_an_absence_can_be_annulled(self, visit, receptionist):
        person = visit.delegates.first()
        for kind in ("absent", "annulled", "checked_in"):
            receptionist.post(url("check_in", visit), {"kind": kind, "delegate": person.pk, "nonce": uuid.uuid4()})

        assert list(attendance.attended(visit)) == [person]

    def test_the_list_leads_to_the_phones_page_on_the_day(self, visit, receptionist):
        assert url("door", visit) in receptionist.get(url("reception", visit)).content.decode()
        ahead = VisitFactory(approved=True, delegates=1)
        assert url("door", ahead) not in receptionist.get(url("reception", ahead)).content.decode()


def test_codes_typed_on_the_phone_count_as_scanned(visit, receptionist):
    post(receptionist, visit, entry(delegate=visit.delegates.first().pk, scanned=True))

    assert AttendanceEvent.objects.get().source == AttendanceSource.SCAN
    assert Visit.objects.get().status == VisitStatus.APPROVED


def test_sheet_list_and_phone_show_the_same(visit, receptionist):
    first, second, third = visit.delegates.all()
    post(receptionist, visit, entry(delegate=first.pk, minutes_ago=7), entry("absent", delegate=second.pk), entry("walk_in", name="Tamu"))
    post(receptionist, visit, entry(delegate=first.pk, minutes_ago=3), entry(delegate=third.pk), entry("annulled", delegate=third.pk))

    facts = dossier(visit)
    sheet = attendance_sheet.body(facts)
    on_sheet = [
        (person.name, person.last_at if person.pk in sheet["present"] else None, person.pk in sheet["absent"])
        for _number, person in sheet["rows"]
    ]
    listed = receptionist.get(url("reception", visit)).context["reception"].delegates
    on_list = [(person.name, person.last_at if person.is_present else None, person.is_absent) for person in listed]
    on_phone = [
        (person["name"], person["at"] if person["kind"] in attendance.PRESENT else None, person["kind"] == "absent")
        for person in receptionist.get(url("door_state", visit)).json()["people"]
    ]

    assert on_sheet == on_list
    assert on_phone == [(name, at and milliseconds(at), is_absent) for name, at, is_absent in on_list]
    assert on_list[0] == (first.name, timezone.now() - dt.timedelta(minutes=7), False)
    assert on_list[1:3] == [(second.name, None, True), (third.name, None, False)]
