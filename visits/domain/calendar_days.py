"""Dates and times at the venue, and working days: weekdays without holidays, collective leave and closures of all programmes."""

import datetime as dt
from collections.abc import Container
from zoneinfo import ZoneInfo

from django.utils.formats import time_format

from knowledge_hub.models import Region
from visits.enums import ExceptionEffect
from visits.models import CalendarException, Programme, Visit, VisitSlot

VENUE_ZONE = ZoneInfo("Asia/Jakarta")
"""Time zone of Binjai. All local times of programmes are in this zone."""

VENUE_ZONE_NAME = "WIB"


def local_date(moment: dt.datetime) -> dt.date:
    """The date at the venue of an aware datetime."""
    return moment.astimezone(VENUE_ZONE).date()


def day_of(visit: Visit) -> dt.date | None:
    """The day of a visit at the venue: that of its session, else the recorded date; None if it has neither."""
    return local_date(visit.slot.starts_at) if visit.slot else visit.recorded_date


def closed_dates(start: dt.date, end: dt.date) -> set[dt.date]:
    """Dates from ``start`` to ``end`` (both included) on which the whole office is closed."""
    return set(
        CalendarException.objects.filter(date__range=(start, end), effect=ExceptionEffect.CLOSED, programme__isnull=True).values_list(
            "date", flat=True
        )
    )


def closures_needed_until(start: dt.date, days: int) -> dt.date:
    """The date up to which closures must be read to count ``days`` working days from ``start``."""
    return start + dt.timedelta(days=days * 3 + 60)


def working_day_after(start: dt.date, days: int, closed: Container[dt.date]) -> dt.date:
    """The date ``days`` working days after ``start``; ``closed`` holds the dates on which the office is closed."""
    current, left = start, days
    while True:
        is_working_day = current.isoweekday() <= 5 and current not in closed
        if left == 0 and is_working_day:
            return current
        current += dt.timedelta(days=1)
        if left and current.isoweekday() <= 5 and current not in closed:
            left -= 1


def add_working_days(start: dt.date, days: int) -> dt.date:
    """The date ``days`` working days after ``start``; with 0, ``start`` itself or the next working day. One query."""
    return working_day_after(start, days, closed_dates(start, closures_needed_until(start, days)))


def closures_needed_for_notice(programme: Programme, today: dt.date) -> dt.date:
    """The date up to which closures must be read to find the first date after the programme's notice."""
    return closures_needed_until(today, programme.lead_working_days)


def first_date_after_notice(programme: Programme, today: dt.date, closed: Container[dt.date]) -> dt.date:
    """The first date that can be requested today; ``closed`` holds the dates up to closures_needed_for_notice()."""
    return working_day_after(today, programme.lead_working_days, closed)


def end_of_day(date: dt.date) -> dt.datetime:
    """The last second of a date at the venue, as an aware datetime."""
    return dt.datetime.combine(date, dt.time(23, 59, 59), VENUE_ZONE)


def answer_due(programme: Programme, now: dt.datetime) -> dt.datetime:
    """The date of the answer that guests are promised: end of the last working day of the service standard."""
    return end_of_day(add_working_days(local_date(now), programme.answer_working_days))


def _span(slot: VisitSlot, zone: ZoneInfo, name: str) -> str:
    start, end = (time_format(moment.astimezone(zone).time()) for moment in (slot.starts_at, slot.ends_at))
    return f"{start}–{end} {name}"


def session_times(slot: VisitSlot, region: Region | None = None) -> str:
    """Start and end of a session in the active language, for example “09.00–11.30 WIB (11.00–13.30 WIT)”.

    The times of the region are added if it lies in another time zone.
    """
    own = f" ({_span(slot, ZoneInfo(region.tz_name), region.zone)})" if region and region.zone != VENUE_ZONE_NAME else ""
    return _span(slot, VENUE_ZONE, VENUE_ZONE_NAME) + own
