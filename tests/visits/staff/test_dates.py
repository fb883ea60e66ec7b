"""Staff screens for dates: approval with resources, proposals, requested dates, moving, waiting list, messages."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.factories import NeedFactory, ProgrammeFactory, ResourceFactory, ResourceKindFactory, SlotFactory, VisitFactory
from visits.domain import decisions, resources, scheduling
from visits.domain.errors import Refused
from visits.enums import Actor, MessageKind, MessageStatus, ProposalState, VisitStatus
from visits.models import Allocation, CalendarException, Proposal, Visit, WaitlistEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40)


def url(name, visit, slot=None):
    return reverse(f"visits_staff:{name}", args=[visit.pk]) + (f"?slot={slot.pk}" if slot else "")


def page_of(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200, answer.get("Location")
    return answer


def sent(visit):
    return list(visit.messages.values_list("kind", flat=True))


class TestApproval:
    @pytest.fixture
    def rooms(self, programme):
        small, large = ResourceFactory(name="Ruang Kecil", capacity_persons=12), ResourceFactory(name="Ruang Besar", capacity_persons=50)
        NeedFactory(programme=programme, kind=small.kind)
        return small, large

    def test_free_rooms_are_preselected(self, officer, programme, rooms):
        small, large = rooms
        slot = SlotFactory(programme=programme)
        other = decisions.approve(VisitFactory(slot=slot, submitted=True, organisation="Bappeda Contoh"), by=officer.user, chosen=[small])
        visit = VisitFactory(slot=slot, submitted=True)

        page = page_of(officer, url("approve", visit))

        assert page.context["ticked"] == {large.pk}
        [kind] = page.context["kinds"]
        taken = next(option for option in kind.options if option.resource == small)
        assert taken.is_taken
        assert other.reference in taken.note
        assert "Bappeda Contoh" in taken.note

    def test_the_chosen_room_is_allocated(self, officer, programme, rooms):
        _small, large = rooms
        visit = VisitFactory(slot__programme=programme, submitted=True)

        officer.post(url("approve", visit), {"revision": 0, "resources": [large.pk]})

        assert Visit.objects.get().status == VisitStatus.APPROVED
        assert Allocation.objects.get().resource == large

    def test_a_needed_free_room_must_be_chosen(self, officer, programme, rooms):
        visit = VisitFactory(slot__programme=programme, submitted=True)

        answer = officer.post(url("approve", visit), {"revision": 0, "message": "Selamat datang"})

        assert answer.context["form"].errors["resources"]
        assert answer.context["form"]["message"].value() == "Selamat datang"
        assert Visit.objects.get().status == VisitStatus.SUBMITTED

    def test_a_room_taken_meanwhile_is_refused(self, officer, programme, rooms):
        small, _large = rooms
        visit = VisitFactory(slot__programme=programme, submitted=True)
        page_of(officer, url("approve", visit))
        resources.block(small, visit.slot.starts_at, visit.slot.ends_at, "Rapat")

        answer = officer.post(url("approve", visit), {"revision": 0, "resources": [small.pk]})

        assert "Ruang Kecil" in str(answer.context["form"].non_field_errors())
        assert not Allocation.objects.filter(visit=visit).exists()

    @pytest.mark.django_db(transaction=True)
    def test_displaced_visits_must_be_confirmed(self, officer, programme):
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)
        slot = SlotFactory(programme=programme)
        winner, loser = VisitFactory(slot=slot, submitted=True), VisitFactory(slot=slot, submitted=True)

        page = page_of(officer, url("approve", winner))
        assert page.context["displaced"] == [loser]
        unseen = officer.post(url("approve", winner), {"revision": 0, "resources": [room.pk]})
        assert unseen.context["form"].non_field_errors()
        assert Visit.objects.get(pk=winner.pk).status == VisitStatus.SUBMITTED
        answer = officer.post(url("approve", winner), {"revision": 0, "resources": [room.pk], "seen": f"{loser.pk},"}, follow=True)

        loser.refresh_from_db()
        assert loser.status == VisitStatus.NEEDS_INFO
        assert any(loser.reference in str(message) for message in answer.context["messages"])

    def test_additional_resources_can_be_chosen(self, officer, programme):
        speaker = ResourceFactory(kind=ResourceKindFactory(slug="narasumber"))
        visit = VisitFactory(slot__programme=programme, submitted=True)

        assert page_of(officer, url("approve", visit)).context["ticked"] == set()
        officer.post(url("approve", visit), {"revision": 0, "resources": [speaker.pk]})

        assert Allocation.objects.get().resource == speaker

    def test_query_count_is_independent_of_rooms(self, officer, programme, rooms):
        slot = SlotFactory(programme=programme, capacity_persons=900)
        visit, _rival = VisitFactory(slot=slot, submitted=True), VisitFactory(slot=slot, submitted=True)

        def count():
            officer.get(url("approve", visit))
            with CaptureQueriesContext(connection) as queries:
                page_of(officer, url("approve", visit))
            return len(queries)

        few = count()
        for _ in range(20):
            VisitFactory(slot=slot, submitted=True)
            ResourceFactory()
        assert count() == few


class TestProposing:
    def test_a_chosen_session_is_proposed(self, officer, programme):
        visit, other = VisitFactory(slot__programme=programme, submitted=True), SlotFactory(programme=programme, days_ahead=42)

        picker = page_of(officer, url("propose", visit))
        assert [session.pk for session in picker.context["month"].nearest] == [other.pk]
        confirm = page_of(officer, url("propose", visit, other))
        assert "status/" not in confirm.context["mail"].text
        assert not Proposal.objects.exists()
        officer.post(url("propose", visit, other), {"revision": 0, "message": "Ruang kami terpakai."})

        proposal = Proposal.objects.get()
        assert (proposal.slot, proposal.by, proposal.author) == (other, Actor.STAFF, officer.user)
        assert Visit.objects.get().status == VisitStatus.PROPOSED

    def test_the_picker_shows_obstacles(self, officer, programme):
        visit = VisitFactory(slot__programme=programme, submitted=True, group_size=10)
        full = SlotFactory(programme=programme, days_ahead=36, used_persons=55)
        holiday = SlotFactory(programme=programme, days_ahead=37)
        CalendarException.objects.create(date=holiday.starts_at.date(), reason_id="Cuti bersama", reason_en="Collective leave")
        soon = SlotFactory(programme=programme, days_ahead=3)

        def choices(slot):
            page = page_of(officer, url("propose", visit) + f"?month={slot.starts_at:%Y-%m}")
            return {choice.slot: choice for day in page.context["month"].days for choice in day.sessions}

        assert not choices(full)[full].is_possible
        assert choices(holiday)[holiday].note in ("Cuti bersama", "Collective leave")
        assert choices(soon)[soon].is_possible
        assert choices(soon)[soon].note
        assert visit.slot not in choices(visit.slot)

    def test_proposing_a_closed_session_needs_a_reason(self, officer, programme):
        visit = VisitFactory(slot__programme=programme, submitted=True)
        closed = SlotFactory(programme=programme, days_ahead=36, is_open=False)
        address = url("propose", visit) + f"?slot={closed.pk}"
        picker = page_of(officer, url("propose", visit) + f"?month={closed.starts_at:%Y-%m}")
        assert f"slot={closed.pk}" in picker.content.decode()

        officer.post(address, {"revision": 0, "message": ""})
        assert not Proposal.objects.exists()

        officer.post(address, {"revision": 0, "message": "", "override_reason": "Wali Kota membuka hari itu."})
        assert Proposal.objects.get().slot == closed
        assert ModelLogEntry.objects.filter(action="visits.override", data__reason="Wali Kota membuka hari itu.").exists()

    def test_moving_into_a_closed_session_needs_reason(self, officer, programme):
        visit = VisitFactory(slot__programme=programme, approved=True)
        closed = SlotFactory(programme=programme, days_ahead=36, is_open=False)

        with pytest.raises(Refused) as refusal:
            scheduling.move(visit, closed, user=officer.user)
        assert refusal.value.codes == ("slot_closed",)
        with pytest.raises(Refused):
            scheduling.propose(visit, closed, by=Actor.GUEST, override_reason="Ingin saja")

        assert scheduling.move(visit, closed, user=officer.user, override_reason="Wali Kota membuka hari itu.").slot == closed

    def test_short_notice_needs_a_reason(self, officer, programme):
        visit, soon = VisitFactory(slot__programme=programme, submitted=True), SlotFactory(programme=programme, days_ahead=3)

        refused = officer.post(url("propose", visit, soon), {"revision": 0, "message": "Segera", "override_reason": ""})
        assert refused.context["form"].errors["override_reason"]
        assert refused.context["form"]["message"].value() == "Segera"
        officer.post(url("propose", visit, soon), {"revision": 0, "override_reason": "Sudah disepakati lewat telepon"})

        assert Proposal.objects.get().slot == soon

    def test_invalid_addresses_show_the_picker(self, officer, programme):
        visit = VisitFactory(slot__programme=programme, submitted=True)
        foreign = SlotFactory()

        for query in ("?slot=abc", "?slot=99999999999999", "?month=kemarin", "?month=1900-01", "?month=9999-12", f"?slot={foreign.pk}"):
            assert page_of(officer, url("propose", visit) + query).context["month"]
        assert officer.post(url("propose", visit) + f"?slot={foreign.pk}", {"revision": 0}).status_code == 302
        assert not Proposal.objects.exists()

    def test_withdrawing_a_proposal_frees_its_seats(self, officer, programme):
        visit, other = VisitFactory(slot__programme=programme, submitted=True), SlotFactory(programme=programme, days_ahead=42)
        scheduling.propose(visit, other, by=Actor.STAFF, user=officer.user)
        visit.refresh_from_db()

        page_of(officer, url("withdraw_date", visit))
        officer.post(url("withdraw_date", visit), {"revision": visit.revision, "reason": "Ruang terpakai"})

        other.refresh_from_db()
        assert (Proposal.objects.get().state, other.used_persons) == (ProposalState.WITHDRAWN, 0)
        assert sent(visit) == [MessageKind.PROPOSAL_ENDED, MessageKind.PROPOSAL]


class TestRequestedDates:
    @pytest.fixture
    def requested_date(self, programme):
        visit, other = VisitFactory(slot__programme=programme, approved=True), SlotFactory(programme=programme, days_ahead=42)
        scheduling.propose(visit, other, by=Actor.GUEST, message="Boleh minggu depannya?")
        visit.refresh_from_db()
        return visit, other

    def test_desk_and_inbox_show_the_requested_date(self, officer, requested_date):
        visit, other = requested_date

        page = page_of(officer, url("inspect", visit))
        assert [action.name for action, _url in page.context["actions"]][:2] == ["accept_date", "refuse_date"]
        assert page.context["desk"].open_proposal.slot == other
        assert "Boleh minggu depannya?" in page.content.decode()
        assert visit in page_of(officer, reverse("visits_staff:index") + "?queue=answer").context["object_list"]

    def test_accepting_a_requested_date_moves_the_visit(self, officer, requested_date, programme):
        visit, other = requested_date
        room = ResourceFactory()
        NeedFactory(programme=programme, kind=room.kind)

        page = page_of(officer, url("accept_date", visit))
        assert page.context["slot"] == other
        officer.post(url("accept_date", visit), {"revision": visit.revision, "resources": [room.pk], "message": "Baik."})

        visit.refresh_from_db()
        assert (visit.slot, visit.status) == (other, VisitStatus.APPROVED)
        assert MessageKind.MOVED in sent(visit)
        assert Allocation.objects.get(active=True).starts_at == other.starts_at

    def test_refusing_a_requested_date_needs_a_reason(self, officer, requested_date):
        visit, _other = requested_date
        before = visit.slot

        assert officer.post(url("refuse_date", visit), {"revision": visit.revision, "reason": ""}).context["form"].errors
        officer.post(url("refuse_date", visit), {"revision": visit.revision, "reason": "Ada sidang"})

        visit.refresh_from_db()
        assert (visit.slot, visit.status) == (before, VisitStatus.APPROVED)
        assert Proposal.objects.get().state == ProposalState.REFUSED

    def test_a_withdrawn_request_is_explained(self, officer, requested_date):
        visit, _other = requested_date
        scheduling.end_proposal(visit, by=Actor.GUEST)

        for method in (officer.get, officer.post):
            answer = method(url("accept_date", visit), follow=True)
            assert answer.redirect_chain
            assert list(answer.context["messages"])


class TestMoving:
    def test_a_visit_moves_and_keeps_its_room(self, officer, programme):
        first, second = ResourceFactory(name="Ruang A"), ResourceFactory(name="Ruang B")
        NeedFactory(programme=programme, kind=first.kind)
        visit = decisions.approve(VisitFactory(slot__programme=programme, submitted=True), by=officer.user, chosen=[second])
        visit.messages.update(status=MessageStatus.SENT)
        other = SlotFactory(programme=programme, days_ahead=42)

        assert page_of(officer, url("move", visit)).context["month"]
        page = page_of(officer, url("move", visit, other))
        assert page.context["ticked"] == {second.pk}
        officer.post(url("move", visit, other), {"revision": visit.revision, "resources": [second.pk], "message": "Sesuai telepon"})

        visit.refresh_from_db()
        assert visit.slot == other
        assert Allocation.objects.get(active=True).starts_at == other.starts_at
        assert visit.messages.get(kind=MessageKind.MOVED).note == "Sesuai telepon"

    def test_a_full_session_cannot_be_forced(self, officer, programme):
        visit = VisitFactory(slot__programme=programme, approved=True)
        full = SlotFactory(programme=programme, days_ahead=42, used_persons=55)

        page = page_of(officer, url("move", visit, full))
        assert not page.context["can_override"]
        officer.post(url("move", visit, full), {"revision": 0, "override_reason": "Mendesak"})

        visit.refresh_from_db()
        assert visit.slot != full

    def test_the_second_of_two_moves_is_refused(self, officer, second_officer, programme):
        visit = VisitFactory(slot__programme=programme, approved=True)
        one, two = SlotFactory(programme=programme, days_ahead=42), SlotFactory(programme=programme, days_ahead=43)

        assert officer.post(url("move", visit, one), {"revision": 0}).status_code == 302
        late = second_officer.post(url("move", visit, two), {"revision": 0})

        assert late.context["form"].non_field_errors()
        visit.refresh_from_db()
        assert visit.slot == one


class TestWaitingList:
    @pytest.fixture
    def waiting(self, programme):
        visit = VisitFactory(slot__programme=programme, submitted=True, answer_due_at=None, seats_held=0, hold_until=None)
        Visit.objects.filter(pk=visit.pk).update(slot=None)
        today = dt.date.today()
        WaitlistEntry.objects.create(visit=visit, from_date=today, until_date=today + dt.timedelta(days=60))
        return Visit.objects.get(pk=visit.pk)

    def test_all_pages_work_for_waiting_visits(self, officer, waiting):
        desk = page_of(officer, url("inspect", waiting))
        assert [action.name for action, _url in desk.context["actions"]] == ["propose", "ask", "decline"]
        assert desk.context["desk"].place == 1
        for name in ("propose", "ask", "decline"):
            page_of(officer, url(name, waiting))
        for query in ("", "?queue=answer", "?queue=waiting", "?queue=today", "?period_from=2026-01-01", "?export=csv", "?export=xlsx"):
            answer = page_of(officer, reverse("visits_staff:index") + query)
            if answer.streaming:
                assert b"".join(answer.streaming_content)
        assert list(officer.get(reverse("visits_staff:index") + "?queue=waiting").context["object_list"]) == [waiting]
        assert not officer.get(reverse("visits_staff:index") + "?queue=answer").context["object_list"]
        assert page_of(officer, reverse("wagtailadmin_home"))
        page_of(officer, url("history", waiting))
        assert officer.get(url("approve", waiting)).status_code == 302
        assert officer.post(url("approve", waiting), {"revision": 0}).status_code == 302
        assert officer.get(url("move", waiting)).status_code == 302

    def test_a_guest_accepts_an_offered_session(self, officer, waiting, programme):
        other = SlotFactory(programme=programme, days_ahead=42)

        officer.post(url("propose", waiting, other), {"revision": waiting.revision})
        waiting.refresh_from_db()
        accepted = scheduling.accept(waiting, by=Actor.GUEST)

        assert (accepted.status, accepted.slot) == (VisitStatus.APPROVED, other)


class TestWriting:
    def test_messages_to_guests_are_mailed_once(self, officer, auditor, receptionist):
        visit = VisitFactory(approved=True)
        assert "write_form" in page_of(officer, url("inspect", visit)).context

        for browser in (auditor, receptionist):
            assert page_of(browser, url("inspect", visit)).context["write_form"] is None
            assert browser.post(url("write", visit), {"text": "Halo"}).status_code == 302
        assert not visit.thread.exists()
        for _ in range(2):
            officer.post(url("write", visit), {"text": "Mohon tiba pukul 08.45."})

        assert visit.thread.get().author == officer.user
        assert sent(visit) == [MessageKind.HOST_MESSAGE]
        assert "Mohon tiba pukul 08.45." in page_of(officer, url("inspect", visit)).content.decode()

    def test_invalid_messages_are_refused(self, officer):
        visit = VisitFactory(approved=True)
        assert officer.post(url("write", visit), {"text": " "}).context["form"].errors["text"]
        decisions.cancel(visit, by=Actor.STAFF, user=officer.user, reason="Banjir")

        answer = officer.post(url("write", visit), {"text": "Maaf"})

        assert answer.context["form"].non_field_errors()
        assert answer.context["form"]["text"].value() == "Maaf"
