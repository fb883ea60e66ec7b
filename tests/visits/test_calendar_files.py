"""Calendar files of visits, read by another parser."""

import datetime as dt

import pytest
import vobject

from knowledge_hub.ical import events as ical
from tests.factories import UserFactory, VisitFactory
from visits.calendars import events
from visits.domain import decisions
from visits.enums import Actor
from visits.models import Visit

pytestmark = pytest.mark.django_db

STAMP = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)


def parse(content: bytes):
    return vobject.readOne(content.decode())


@pytest.fixture
def visit(db):
    return VisitFactory(approved=True, contact_name='Ir. "Contoh" Ümit', contact_email="tamu@contoh.invalid")


def test_an_invitation_has_time_place_and_contact(visit):
    calendar = parse(events.invitation(visit, now=STAMP))

    assert calendar.method.value == "REQUEST"
    event = calendar.vevent
    assert event.uid.value == visit.calendar_uid
    assert event.dtstart.value == visit.slot.starts_at
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Asia/Jakarta"]
    assert event.dtend.value == visit.slot.ends_at
    assert event.location.value == "Ruang Contoh, Jalan Contoh 1, Kota Contoh"
    assert len(event.attendee_list) == 1
    assert event.attendee.value == "mailto:tamu@contoh.invalid"
    assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert event.organizer.value.startswith("mailto:")


def test_a_cancellation_has_the_uid_and_next_sequence(visit):
    first = parse(events.invitation(visit, now=STAMP)).vevent
    cancelled = decisions.cancel(visit, by=Actor.STAFF, reason="Ruang rusak", user=UserFactory())

    calendar = parse(events.withdrawal(Visit.objects.get(pk=cancelled.pk), now=STAMP))

    assert calendar.method.value == "CANCEL"
    assert calendar.vevent.uid.value == first.uid.value
    assert calendar.vevent.status.value == "CANCELLED"
    assert int(calendar.vevent.sequence.value) == int(first.sequence.value) + 1


def test_the_downloadable_calendar_has_no_personal_data(visit):
    content = events.publish(visit, now=STAMP).decode()

    assert "ATTENDEE" not in content
    assert "tamu@contoh.invalid" not in content
    assert 'Contoh" Ümit' not in content
    assert "/status/" not in content


def test_lines_are_folded_and_end_with_crlf(visit):
    content = events.invitation(visit, now=STAMP)

    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_the_same_visit_gives_the_same_bytes(visit):
    assert events.invitation(visit, now=STAMP) == events.invitation(visit, now=STAMP)


def test_our_own_reader_reads_invitations(visit):
    method, [event] = ical.read(events.invitation(visit, now=STAMP))

    assert method == "REQUEST"
    assert event.starts_at == visit.slot.starts_at
    assert event.sequence == visit.calendar_sequence


@pytest.mark.parametrize("content", [b"", b"not a calendar", b"BEGIN:VCALENDAR\r\n", b"x" * (ical.MAX_BYTES + 1)])
def test_a_file_that_is_no_calendar_is_refused(content):
    with pytest.raises(ical.CalendarUnreadable):
        ical.read(content)


def test_times_without_a_zone_are_refused():
    naive = dt.datetime(2026, 12, 1, 9)
    event = ical.EventData(uid="x", sequence=0, starts_at=naive, ends_at=naive + dt.timedelta(hours=1), summary="Contoh", stamp=STAMP)

    with pytest.raises(ValueError, match="time zone"):
        ical.write([event], method=ical.Method.PUBLISH)
