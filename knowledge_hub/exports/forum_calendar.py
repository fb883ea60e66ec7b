"""A forum as an iCalendar event."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

from knowledge_hub.ical import events
from knowledge_hub.models import ForumPage, Region


def begin_and_end(page: ForumPage) -> tuple[dt.date | dt.datetime, dt.date | dt.datetime]:
    """Start and end of a forum: datetimes in its own time zone, or dates (the end exclusive) if no time is known.

    If only the start time is known, the forum is taken to last two hours.
    """
    if page.start_time is None:
        return page.date, page.date + dt.timedelta(days=1)
    zone = ZoneInfo(Region.TZ_NAMES[page.zone])
    starts = dt.datetime.combine(page.date, page.start_time, zone)
    ends = dt.datetime.combine(page.date, page.end_time, zone) if page.end_time else starts + dt.timedelta(hours=2)
    return starts, ends


def calendar(page: ForumPage) -> bytes:
    """The forum as an .ics file."""
    starts, ends = begin_and_end(page)
    # The epoch if it was never published, because the file must not change with each download.
    stamp = page.last_published_at or dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    event = events.EventData(
        uid=f"{page.translation_key}@{settings.SITE_HOST.split(':')[0]}",
        sequence=int(stamp.timestamp() // 60),
        starts_at=starts,
        ends_at=ends,
        summary=page.title,
        stamp=stamp,
        description=page.summary,
        location=page.venue,
        url=page.full_url,
    )
    return events.write([event], method=events.Method.PUBLISH)
