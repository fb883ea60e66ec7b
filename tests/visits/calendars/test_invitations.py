"""Invitations in the mail to guests and speakers: what each asks a calendar to do, field by field and byte by byte."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_hub.ical import events as ical
from knowledge_hub.ical.events import Method
from tests.factories import AgendaItemFactory, PersonFactory, ProgrammeFactory, ResourceFactory, SlotFactory, UserFactory, VisitFactory
from visits.calendars import events
from visits.domain import agenda, decisions, scheduling, speakers
from visits.domain.place import Place
from visits.enums import Actor, MessageKind, MessageStatus
from visits.mail.messages import render

GOLDEN = Path(__file__).parent / "golden"
STAMP = dt.datetime(2037, 1, 4, 3, tzinfo=dt.UTC)
MAP = "https://www.openstreetmap.org/?mlat=3.6001&mlon=98.4854#map=17/3.6001/98.4854"


@pytest.fixture
def visit(db):
    starts_at = dt.datetime(2037, 2, 2, 2, tzinfo=dt.UTC)
    programme = ProgrammeFactory(
        name_id="Layanan digital", venue_id="Ruang Contoh", address="Jalan Contoh 1, Binjai", directions_id="Lantai 2.", map_url=MAP
    )
    slot = SlotFactory(programme=programme, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=3))
    return VisitFactory(
        approved=True,
        slot=slot,
        reference="BJ-2037-0001",
        calendar_uid="contoh@binjai.invalid",
        contact_name="Tamu Contoh",
        contact_email="tamu@contoh.invalid",
    )


@pytest.fixture
def invitation(visit):
    """An invitation that the speaker got."""
    item = AgendaItemFactory(visit=visit, title="Paparan layanan", duration_minutes=45)
    invitation = speakers.invite(item, PersonFactory(name="Dosen Contoh, M.T.", email="dosen@contoh.invalid"), by=None)
    visit.messages.update(status=MessageStatus.SENT)
    return invitation


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def mails(visit, kind):
    return visit.messages.filter(kind=kind).order_by("pk")


def part_of(message):
    """The calendar part of a mail."""
    [part] = [part for part in render(message).message().walk() if part.get_content_type() == "text/calendar"]
    return part


def event_in(message):
    method, [event] = ical.read(part_of(message).get_payload(decode=True))
    return method, event


@pytest.mark.parametrize(
    ("change", "write"),
    [
        ("request", events.invitation),
        ("update", events.invitation),
        ("room_change", events.invitation),
        ("cancel", events.withdrawal),
    ],
)
def test_files_are_those_that_were_looked_at(visit, change, write):
    if change == "update":
        later = SlotFactory(
            programme=visit.programme,
            starts_at=visit.slot.starts_at + dt.timedelta(days=7),
            ends_at=visit.slot.ends_at + dt.timedelta(days=7),
        )
        visit = scheduling.move(visit, later, user=UserFactory(), override_reason="Uji")
    elif change == "room_change":
        details = {
            "place": "Balai Contoh",
            "address": "Jalan Lain 2",
            "directions": "Pintu timur.",
            "map_url": "https://peta.contoh.invalid",
        }
        visit = scheduling.change_place(visit, user=UserFactory(), details=details, chosen=[])
    elif change == "cancel":
        visit = decisions.cancel(visit, by=Actor.STAFF, reason="Ruang rusak", user=UserFactory())

    assert write(fresh(visit), now=STAMP).decode() == (GOLDEN / f"{change}.ics").read_bytes().decode()


class TestSpeakers:
    def test_the_invitation_asks_for_an_answer(self, visit, invitation):
        method, event = event_in(mails(visit, MessageKind.SPEAKER_INVITATION).get())
        assert (method, event.sequence, event.attendee_accepted) == ("REQUEST", 0, False)
        assert event.attendee == ical.Party("dosen@contoh.invalid", "Dosen Contoh, M.T.")
        assert (event.starts_at, event.ends_at) == (visit.slot.starts_at, visit.slot.starts_at + dt.timedelta(minutes=45))
        assert event.location == "Ruang Contoh, Jalan Contoh 1, Binjai"
        assert event.uid != visit.calendar_uid

    def test_another_room_is_told_to_speakers(self, visit, invitation):
        speakers.accept(invitation)
        scheduling.change_place(fresh(visit), user=None, details={}, chosen=[ResourceFactory(name="Ruang Mawar")])
        message = mails(visit, MessageKind.SPEAKER_CHANGED).get()
        method, event = event_in(message)
        assert (method, event.sequence, event.attendee_accepted) == ("REQUEST", 1, True)
        assert "Ruang Mawar" in event.location
        assert "Ruang Mawar" in render(message).body

    def test_another_contact_is_no_news_for_speakers(self, visit, invitation):
        scheduling.change_place(fresh(visit), user=None, details={"host_contact_phone": "222-2222"}, chosen=[])
        assert not mails(visit, MessageKind.SPEAKER_CHANGED).exists()

    def test_several_changes_of_the_agenda_leave_in_one_mail(self, visit, invitation):
        for title in ("Sambutan", "Doa"):
            AgendaItemFactory(visit=visit, title=title, duration_minutes=10)
        for title in ("Sambutan", "Doa"):
            items = list(agenda.items_of(visit))
            moved = next(item for item in items if item.title == title)
            agenda.move_item(visit, moved.pk, 0, seen=agenda.stamp_of(*items))
        _method, event = event_in(mails(visit, MessageKind.SPEAKER_CHANGED).get())
        assert (event.sequence, event.starts_at) == (2, visit.slot.starts_at + dt.timedelta(minutes=20))

    def test_an_item_behind_the_speaker_changes_nothing_for_the_speaker(self, visit, invitation):
        items = list(agenda.items_of(visit))
        new = AgendaItemFactory.build(visit=visit, title="Penutup", duration_minutes=10)
        agenda.save_item(new, seen=agenda.stamp_of(*items))
        assert not mails(visit, MessageKind.SPEAKER_CHANGED).exists()

    def test_a_move_asks_again_with_the_next_number(self, visit, invitation):
        later = SlotFactory(programme=visit.programme, days_ahead=40)
        scheduling.move(fresh(visit), later, user=None, override_reason="Uji")
        method, event = event_in(mails(visit, MessageKind.SPEAKER_MOVED).get())
        assert (method, event.sequence, event.starts_at) == ("REQUEST", 1, later.starts_at)

    @pytest.mark.parametrize("who", ["speaker", "visit"])
    def test_who_is_called_off_loses_the_event(self, visit, invitation, who):
        uid = event_in(mails(visit, MessageKind.SPEAKER_INVITATION).get())[1].uid
        if who == "speaker":
            speakers.withdraw(invitation, by=None)
        else:
            decisions.cancel(fresh(visit), by=Actor.GUEST, reason="Berhalangan.")
        method, event = event_in(mails(visit, MessageKind.SPEAKER_CANCELLED).get())
        assert (method, event.uid, event.sequence, event.cancelled) == ("CANCEL", uid, 1, True)

    def test_a_change_reaches_an_unaware_speaker_as_invitation(self, visit, invitation):
        visit.messages.update(status=MessageStatus.FAILED)
        later = SlotFactory(programme=visit.programme, days_ahead=40)
        scheduling.move(fresh(visit), later, user=None, override_reason="Uji")
        [mail] = visit.messages.filter(recipient="dosen@contoh.invalid")
        assert (mail.kind, mail.status) == (MessageKind.SPEAKER_INVITATION, MessageStatus.QUEUED)
        assert event_in(mail)[1].starts_at == later.starts_at


def test_the_part_is_in_base64_and_names_its_method(visit, invitation):
    for message, method in (
        (visit.messages.create(kind=MessageKind.INVITATION, recipient=visit.contact_email), "REQUEST"),
        (mails(visit, MessageKind.SPEAKER_INVITATION).get(), "REQUEST"),
    ):
        part = part_of(message)
        assert part["Content-Transfer-Encoding"] == "base64"
        assert (part.get_param("method"), part.get_param("charset")) == (method, "utf-8")


@pytest.mark.parametrize(
    "link",
    [
        MAP,
        "https://www.openstreetmap.org/#map=17/3.6001/98.4854",
        "https://www.google.com/maps/@3.6001,98.4854,17z",
        "https://www.google.com/maps/search/?api=1&query=3.6001%2C98.4854",
        "https://maps.apple.com/?ll=3.6001,98.4854",
        "geo:3.6001,98.4854",
    ],
)
def test_the_link_to_a_map_gives_the_coordinates(link):
    assert Place(map_url=link).coordinates == (3.6001, 98.4854)


@pytest.mark.parametrize(
    "link", ["", "https://maps.app.goo.gl/AbC", "https://peta.contoh.invalid/@99.5,10.5", "https://x.invalid/?q=Binjai"]
)
def test_a_link_without_coordinates_gives_none(link):
    assert Place(map_url=link).coordinates is None


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=60)


MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2037, 1, 1))


@settings(max_examples=40, deadline=None)
@given(
    WORDS,
    WORDS,
    st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
    st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 1, 1)),
)
def test_any_name_place_and_zone_is_read_again_as_written(name, place, zone, begin):
    starts_at = begin.replace(microsecond=0, tzinfo=ZoneInfo(zone))
    party = ical.Party("tamu@contoh.invalid", name)
    event = ical.EventData(
        uid="contoh",
        sequence=2,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        summary=name,
        stamp=STAMP,
        location=place,
        coordinates=(3.6, 98.48),
        organizer=ical.Party("kota@contoh.invalid", "Kota"),
        attendee=party,
    )
    content = ical.write([event], method=Method.REQUEST)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    _method, [read] = ical.read(content)
    assert (read.summary, read.location, read.starts_at, read.ends_at) == (name, place, starts_at, event.ends_at)
    assert read.starts_at.utcoffset() == starts_at.utcoffset()
    assert read.attendee.name == name.replace('"', "")
    assert read.coordinates == (3.6, 98.48)
