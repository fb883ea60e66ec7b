"""Where a visit takes place: whose words count, what must be known before guests are invited, and where they read it."""

import pytest
from django.core import mail
from django.utils.translation import override

from knowledge_hub.ical import events as ical
from knowledge_hub.models import ContactSettings
from tests.factories import NeedFactory, ProgrammeFactory, ResourceFactory, SlotFactory, VisitFactory
from visits.calendars import events
from visits.domain import certificates, decisions, place, replies, scheduling
from visits.domain.errors import Refused
from visits.enums import Actor, MessageKind, MessageStatus, VisitStatus
from visits.mail.messages import render
from visits.models import Visit

pytestmark = pytest.mark.django_db

NOWHERE = {"venue_id": "", "venue_en": "", "address": "", "directions_id": "", "directions_en": "", "host_contact_phone": ""}


def programme(**fields):
    return ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40, **fields)


def with_room(of, **fields):
    room = ResourceFactory(name="Ruang Melati", **fields)
    NeedFactory(programme=of, kind=room.kind)
    return room


class TestWhoseWordsCount:
    def test_a_visit_without_a_room_takes_the_programmes_place(self):
        found = place.place_of(VisitFactory(submitted=True))
        assert found.location == "Ruang Contoh, Jalan Contoh 1, Kota Contoh"
        assert found.directions == "Masuk lewat gerbang contoh."
        assert (found.contact_name, found.contact_phone) == ("Petugas Contoh", "000-0000")

    def test_the_room_names_itself_and_lies_in_the_building(self):
        visit = VisitFactory(submitted=True)
        found = place.place_of(visit, rooms=[ResourceFactory(name="Ruang Melati", directions_id="Lantai 2.")])
        assert found.location == "Ruang Melati, Jalan Contoh 1, Kota Contoh"
        assert found.directions == "Lantai 2."

    def test_a_room_elsewhere_takes_no_directions_of_the_building(self):
        found = place.place_of(VisitFactory(submitted=True), rooms=[ResourceFactory(address="Jalan Lain 2")])
        assert (found.address, found.directions) == ("Jalan Lain 2", "")
        assert found.missing

    def test_a_place_of_the_visit_takes_nothing_else(self):
        found = place.place_of(VisitFactory(submitted=True, place="Balai Contoh"), rooms=[ResourceFactory()])
        assert (found.location, found.directions, found.map_url) == ("Balai Contoh", "", "")

    def test_the_office_is_called_if_nobody_is_named(self):
        office = ContactSettings.load()
        office.office, office.phone = "Kantor Contoh", "111-1111"
        office.save()
        found = place.place_of(VisitFactory(slot__programme=programme(host_contact_name="", host_contact_phone=""), submitted=True))
        assert (found.contact_name, found.contact_phone) == ("Kantor Contoh", "111-1111")

    def test_directions_follow_the_language(self):
        with override("en"):
            assert place.place_of(VisitFactory(submitted=True)).directions == "Enter by the example gate."

    def test_at_most_two_queries(self, django_assert_max_num_queries):
        visit = VisitFactory(slot__programme=programme(host_contact_phone=""), submitted=True)
        ContactSettings.load()
        visit = Visit.objects.select_related("programme", "slot").get(pk=visit.pk)
        with django_assert_max_num_queries(2):
            place.place_of(visit)


class TestRefusal:
    def test_no_approval_without_a_place(self, officer):
        visit = VisitFactory(slot__programme=programme(**NOWHERE), submitted=True, organisation="Dinas Contoh Raya")
        with pytest.raises(Refused, match="Dinas Contoh Raya") as refusal:
            decisions.approve(visit, by=officer, override_reason="Mendesak")
        assert refusal.value.codes == ("place_unknown",)
        assert Visit.objects.get().status == VisitStatus.SUBMITTED

    def test_a_room_alone_is_not_enough(self, officer):
        of = programme(**NOWHERE)
        with_room(of)
        with pytest.raises(Refused):
            decisions.approve(VisitFactory(slot__programme=of, submitted=True), by=officer)

    def test_an_allocated_room_gives_the_place(self, officer):
        of = programme(**{**NOWHERE, "host_contact_phone": "000-0000"})
        with_room(of, address="Jalan Melati 5", directions_id="Lantai 1.")
        visit = decisions.approve(VisitFactory(slot__programme=of, submitted=True), by=officer)
        assert place.place_of(visit).location == "Ruang Melati, Jalan Melati 5"

    def test_entered_details_are_enough_and_kept(self, officer):
        details = {"place": "Balai Contoh", "directions": "Pintu timur.", "host_contact_phone": "222-2222"}
        visit = decisions.approve(VisitFactory(slot__programme=programme(**NOWHERE), submitted=True), by=officer, details=details)
        assert (visit.place, visit.directions, visit.host_contact_phone) == ("Balai Contoh", "Pintu timur.", "222-2222")

    def test_an_online_visit_needs_its_link(self, officer):
        of = programme(is_online=True)
        visit = VisitFactory(slot__programme=of, submitted=True)
        with pytest.raises(Refused):
            decisions.approve(visit, by=officer)
        link = {"meeting_url": "https://rapat.contoh.invalid/a"}
        visit = decisions.approve(Visit.objects.get(pk=visit.pk), by=officer, details=link)
        assert place.place_of(visit).meeting_url == "https://rapat.contoh.invalid/a"

    @pytest.mark.parametrize("by", [Actor.STAFF, Actor.GUEST])
    def test_no_proposal_is_accepted_without_a_place(self, officer, by):
        of = programme(**NOWHERE)
        visit = VisitFactory(slot__programme=of, submitted=True)
        other = Actor.GUEST if by == Actor.STAFF else Actor.STAFF
        scheduling.propose(visit, SlotFactory(programme=of, days_ahead=40), by=other)
        with pytest.raises(Refused) as refusal:
            scheduling.accept(Visit.objects.get(pk=visit.pk), by=by)
        assert refusal.value.codes == ("place_unknown",)
        assert Visit.objects.get(pk=visit.pk).open_proposal

    def test_no_move_without_a_place(self, officer):
        of = programme(**NOWHERE)
        visit = VisitFactory(slot__programme=of, approved=True)
        with pytest.raises(Refused):
            scheduling.move(visit, SlotFactory(programme=of, days_ahead=40), user=officer)


class TestWhereItIsRead:
    @pytest.fixture
    def visit(self, officer):
        of = programme(venue_id="", venue_en="")
        with_room(of, map_url="https://peta.contoh.invalid/m")
        return decisions.approve(VisitFactory(slot__programme=of, submitted=True), by=officer)

    def test_calendar(self, visit):
        _method, [event] = ical.read(events.publish(visit))
        assert event.location == "Ruang Melati, Jalan Contoh 1, Kota Contoh"
        assert "https://peta.contoh.invalid/m" in event.description
        assert all("Ruang+Melati" in address for _name, address in events.calendar_links(visit))

    def test_online_calendar_has_the_link(self, officer):
        visit = VisitFactory(slot__programme=programme(is_online=True), approved=True, meeting_url="https://rapat.contoh.invalid/a")
        _method, [event] = ical.read(events.publish(visit))
        assert event.conference == "https://rapat.contoh.invalid/a"
        assert event.conference in event.description
        assert all("rapat" not in address for _name, address in events.calendar_links(visit))

    def test_letter_and_certificate(self, visit):
        assert "Ruang Melati, Jalan Contoh 1, Kota Contoh" in dict(replies.appointment(visit)).values()
        person = visit.delegates.create(name="Contoh, S.T.")
        snapshot = certificates.snapshot_of(person, visit, number="SK-1", issued_on=visit.slot.starts_at.date())
        assert (snapshot["venue_id"], snapshot["venue_en"]) == ("Ruang Melati", "Ruang Melati")

    @pytest.mark.parametrize("kind", [MessageKind.INVITATION, MessageKind.MOVED, MessageKind.REMINDER_VISIT, MessageKind.PLACE_CHANGED])
    def test_mails(self, visit, kind):
        message = visit.messages.get(kind=MessageKind.INVITATION)
        message.kind = kind
        text = render(message).body
        for known in ("Ruang Melati, Jalan Contoh 1", "Masuk lewat gerbang contoh.", "https://peta.contoh.invalid/m", "000-0000"):
            assert known in text


class TestChange:
    @pytest.fixture
    def visit(self, officer):
        approved = decisions.approve(VisitFactory(slot__programme=programme(), submitted=True), by=officer)
        approved.messages.update(status=MessageStatus.SENT)
        return approved

    def test_the_guest_gets_a_corrected_calendar(self, visit, officer):
        other = ResourceFactory(name="Ruang Mawar")
        changed = scheduling.change_place(visit, user=officer, details={"directions": "Pintu barat."}, chosen=[other])
        assert changed.calendar_sequence == visit.calendar_sequence + 1
        message = changed.messages.get(kind=MessageKind.PLACE_CHANGED)
        sent = render(message)
        assert "Ruang Mawar" in sent.body
        assert "Pintu barat." in sent.body
        assert any(str(part[0]).endswith(".ics") for part in sent.attachments if isinstance(part, tuple))
        assert not mail.outbox

    def test_a_page_that_is_out_of_date_is_refused(self, visit, officer):
        seen = Visit.objects.get(pk=visit.pk)
        scheduling.change_place(visit, user=officer, details={"directions": "Pintu barat."}, chosen=[])
        with pytest.raises(Refused):
            scheduling.change_place(seen, user=officer, details={"directions": "Pintu timur."}, chosen=[])
        assert seen.messages.filter(kind=MessageKind.PLACE_CHANGED).count() == 1

    def test_nothing_changed_sends_nothing(self, visit, officer):
        with pytest.raises(Refused):
            scheduling.change_place(visit, user=officer, details={}, chosen=[])

    def test_what_is_needed_cannot_be_taken_away(self, visit, officer):
        with pytest.raises(Refused):
            scheduling.change_place(visit, user=officer, details={"place": "Balai Contoh"}, chosen=[])
