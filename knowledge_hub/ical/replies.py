"""What an attendee answers to an invitation (RFC 5546 sections 3.2.3 and 3.2.7)."""

import datetime as dt
from dataclasses import dataclass

from icalendar import Calendar, vCalAddress

from knowledge_hub.ical.events import CalendarUnreadable

MOST_BYTES = 64 * 1024
LONGEST = 500


@dataclass(frozen=True)
class Reply:
    """One attendee's answer.

    Attributes:
        is_counter: whether other times are proposed; then ``starts_at`` and ``ends_at`` are these.
        sequence: number of the invitation that is answered.
        attendee: whose answer it is, in lower case.
        answer: ACCEPTED, DECLINED, TENTATIVE or DELEGATED.
        delegated_to: address of the person who shall come instead.
        comment: words of the attendee.
    """

    uid: str
    sequence: int
    attendee: str
    answer: str
    is_counter: bool = False
    delegated_to: str = ""
    comment: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None


def read_reply(content: bytes) -> Reply | None:
    """The answer in a calendar file; None if the file is none: not a REPLY or COUNTER about one event with one attendee.

    Raises:
        CalendarUnreadable: too large, or not a calendar.
    """
    if len(content) > MOST_BYTES:
        raise CalendarUnreadable("The calendar file is too large.")
    try:
        calendar = Calendar.from_ical(content)
        method, events = str(calendar.get("method", "")).upper(), calendar.events
        if method not in ("REPLY", "COUNTER") or len(events) != 1:
            return None
        event = events[0]
        attendee = event.get("attendee")
        if isinstance(attendee, list) or not isinstance(attendee, vCalAddress):
            return None
        moments = [event.start, event.end] if method == "COUNTER" else [None, None]
        starts_at, ends_at = (moment if isinstance(moment, dt.datetime) and moment.tzinfo else None for moment in moments)
        return Reply(
            uid=_plain(event.get("uid", "")),
            sequence=int(event.get("sequence", 0)),
            attendee=_address(attendee),
            answer=str(attendee.params.get("PARTSTAT", "")).upper()[:20],
            is_counter=method == "COUNTER",
            delegated_to=_address(attendee.params.get("DELEGATED-TO", ""))[:254],
            comment=_comment(event.get("comment", "")),
            starts_at=starts_at,
            ends_at=ends_at,
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        # The file is anybody's, and icalendar raises any of these for values of the wrong type.
        raise CalendarUnreadable(f"This is not a calendar file: {type(error).__name__}") from error


def _address(value: object) -> str:
    first = value[0] if isinstance(value, list | tuple) and value else value
    return _plain(first or "").strip().lower().removeprefix("mailto:")


def _comment(value: object) -> str:
    return "\n".join(map(_plain, value))[:LONGEST] if isinstance(value, list) else _plain(value)


def _plain(value: object) -> str:
    """Text without control characters, which not every database takes."""
    return "".join(char for char in str(value)[:LONGEST] if char == "\n" or char.isprintable())
