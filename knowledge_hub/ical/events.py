"""Writing and reading calendar files; the only module that imports icalendar.

Rules: RFC 5545 (format), RFC 5546 (invitations), RFC 7986 (newer properties).
"""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from icalendar import Alarm, Calendar, Event, FreeBusy, vCalAddress, vDuration
from icalendar.parser import Contentline, Contentlines

PRODID = "-//Kota Binjai//Knowledge Hub//ID"
MAX_BYTES = 256 * 1024


class Method(StrEnum):
    """iTIP methods (RFC 5546 section 1.4) that this product sends."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Party:
    """Organizer or attendee of an event."""

    email: str
    name: str = ""


@dataclass(frozen=True)
class EventData:
    """What a calendar says about one event.

    ``uid`` never changes; ``sequence`` rises with every change of time, place or status. ``starts_at``, ``ends_at`` and
    ``stamp`` are aware; the event is written in ``starts_at``'s own time zone, so pass them in the venue's zone. An event
    of whole days has dates instead, the end being the day after its last (RFC 5545 section 3.6.1). ``coordinates`` are latitude and
    longitude; ``alarm`` is how long before the start a calendar may remind.
    """

    uid: str
    sequence: int
    starts_at: dt.datetime | dt.date
    ends_at: dt.datetime | dt.date
    summary: str
    stamp: dt.datetime
    description: str = ""
    location: str = ""
    url: str = ""
    conference: str = ""
    coordinates: tuple[float, float] | None = None
    alarm: dt.timedelta | None = None
    organizer: Party | None = None
    attendee: Party | None = None
    attendee_accepted: bool = False
    cancelled: bool = False


class CalendarUnreadable(ValueError):
    """A calendar file that cannot be read; the text says why."""


def write(events: list[EventData], *, method: Method, name: str = "", refresh: dt.timedelta | None = None) -> bytes:
    """A calendar file with its time zones, in CRLF lines of at most 75 octets.

    Args:
        events: at least one for an invitation; a feed may be empty.
        method: written into the file; the mail's Content-Type must name the same one (RFC 5546 section 3).
        name: title of a feed.
        refresh: how often subscribers should look again.

    Raises:
        ValueError: a moment without a time zone, or an invitation without an attendee.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    if refresh:
        # RFC 7986 section 5.7 demands the parameter; older clients read the second line.
        calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(refresh))
    for event in events:
        calendar.add_component(_component(event, method))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def unfold(content: bytes) -> str:
    """The lines of a calendar file without their breaks (RFC 5545 section 3.1), so that words in it can be found and replaced."""
    return "\n".join(line for line in Contentlines.from_ical(content.decode()) if line)


def fold(text: str) -> bytes:
    """The calendar file of unfold()."""
    return Contentlines([Contentline(line) for line in text.splitlines()]).to_ical()


def write_busy(periods: list[tuple[dt.datetime, dt.datetime]], *, starts_at: dt.datetime, ends_at: dt.datetime, url: str) -> bytes:
    """Busy times between two moments as a published VFREEBUSY (RFC 5545 section 3.6.4), in UTC.

    Args:
        periods: aware beginnings and ends.
        starts_at: from when on the times are told; also when the file was made.
        ends_at: until when.
        url: where the calendar comes from.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", Method.PUBLISH.value)
    busy = FreeBusy()
    busy.add("uid", f"busy-{starts_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}@{url.rpartition('/')[2]}")
    for name, moment in (("dtstamp", starts_at), ("dtstart", starts_at), ("dtend", ends_at)):
        busy.add(name, moment.astimezone(dt.UTC))
    busy.add("organizer", vCalAddress(url))
    busy.add("url", url)
    for start, end in sorted(periods):
        busy.add("freebusy", [(start.astimezone(dt.UTC), end.astimezone(dt.UTC))], parameters={"FBTYPE": "BUSY"})
    calendar.add_component(busy)
    return calendar.to_ical()


def _component(data: EventData, method: Method) -> Event:
    moments = [moment for moment in (data.starts_at, data.ends_at, data.stamp) if isinstance(moment, dt.datetime)]
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError("An event's times need a time zone.")
    if method in (Method.REQUEST, Method.CANCEL) and not (data.attendee and data.organizer):
        raise ValueError("An invitation needs an organizer and an attendee (RFC 5546 section 3.2.2).")
    event = Event()
    event.uid = data.uid
    event.start = data.starts_at
    event.end = data.ends_at
    event.stamp = data.stamp.astimezone(dt.UTC)
    event.sequence = data.sequence
    event.add("summary", _clean(data.summary))
    event.add("status", "CANCELLED" if data.cancelled or method is Method.CANCEL else "CONFIRMED")
    if data.description:
        event.add("description", _clean(data.description))
    if data.location:
        event.add("location", _clean(data.location))
    if data.url:
        event.add("url", data.url)
    if data.conference:
        # RFC 7986 section 5.11
        event.add("conference", data.conference, parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    if data.coordinates:
        event.add("geo", data.coordinates)
    if data.alarm and method is not Method.CANCEL:
        event.add_component(_alarm(data, data.alarm))
    _add_parties(event, data)
    return event


def _alarm(data: EventData, before: dt.timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _clean(data.summary))
    alarm.add("trigger", -before)
    return alarm


def _add_parties(event: Event, data: EventData) -> None:
    if data.organizer:
        event.add("organizer", _address(data.organizer))
    if data.attendee:
        address = _address(data.attendee)
        address.params["ROLE"] = "REQ-PARTICIPANT"
        address.params["PARTSTAT"] = "ACCEPTED" if data.attendee_accepted else "NEEDS-ACTION"
        address.params["RSVP"] = "FALSE" if data.attendee_accepted else "TRUE"
        event.add("attendee", address)


def _address(party: Party) -> vCalAddress:
    # A quote in a name is written as ^' (RFC 6868), which some clients show raw.
    return vCalAddress.new(party.email, cn=_clean(party.name).replace('"', "") or None)


def _clean(text: str) -> str:
    """Text without control characters other than line ends, which no calendar may carry."""
    return "".join(char for char in text if char == "\n" or unicodedata.category(char)[0] != "C")


def read(content: bytes) -> tuple[str, list[EventData]]:
    """Method and events of a calendar file, for tests and replies.

    Raises:
        CalendarUnreadable: too large, or not a calendar.
    """
    if len(content) > MAX_BYTES:
        raise CalendarUnreadable("The calendar file is too large.")
    try:
        calendar = Calendar.from_ical(content)
    except ValueError as error:
        raise CalendarUnreadable(f"This is not a calendar file: {error}") from error
    events = [
        EventData(
            uid=str(event.get("uid", "")),
            sequence=int(event.get("sequence", 0)),
            starts_at=event.start,
            ends_at=event.end,
            summary=str(event.get("summary", "")),
            stamp=event.stamp,
            description=str(event.get("description", "")),
            location=str(event.get("location", "")),
            url=str(event.get("url", "")),
            conference=str(event.get("conference", "")),
            coordinates=(event.get("geo").latitude, event.get("geo").longitude) if event.get("geo") else None,
            organizer=_party(event.get("organizer")),
            attendee=_party(event.get("attendee")),
            attendee_accepted=event.get("attendee") is not None and event.get("attendee").params.get("PARTSTAT") == "ACCEPTED",
            cancelled=str(event.get("status", "")) == "CANCELLED",
        )
        for event in calendar.events
    ]
    return str(calendar.get("method", "")), events


def _party(address: vCalAddress | None) -> Party | None:
    if address is None:
        return None
    return Party(email=address.email, name=str(address.params.get("CN", "")))
