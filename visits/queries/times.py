"""Times of sessions in words: always the venue's, and the guest's own where it differs."""

from zoneinfo import ZoneInfo

from django.utils.formats import time_format

from knowledge_hub.models import Region
from visits.domain.calendar_days import VENUE_ZONE
from visits.models import VisitSlot

VENUE_ZONE_NAME = "WIB"


def _span(slot: VisitSlot, zone: ZoneInfo, name: str) -> str:
    start, end = (time_format(moment.astimezone(zone).time()) for moment in (slot.starts_at, slot.ends_at))
    return f"{start}–{end} {name}"


def session_times(slot: VisitSlot, region: Region | None = None) -> str:
    """Begin and end of a session, for example “09.00–11.30 WIB (11.00–13.30 WIT)”."""
    own = f" ({_span(slot, ZoneInfo(region.tz_name), region.zone)})" if region and region.zone != VENUE_ZONE_NAME else ""
    return _span(slot, VENUE_ZONE, VENUE_ZONE_NAME) + own
