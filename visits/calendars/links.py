"""Links that open a visit in the guest's own calendar on the web.

They go to others' servers, so they say no more than programme, time and place: no reference, no name, no secret link. Such an entry
is a copy; only the invitation in the mail follows a later change.
"""

import datetime as dt
from urllib.parse import urlencode

from visits.calendars.events import event_of
from visits.models import Visit


def of(visit: Visit) -> list[tuple[str, str]]:
    """Name of each calendar and the address that opens the visit in it."""
    event = event_of(visit, with_parties=False)
    start, end = (moment.astimezone(dt.UTC) for moment in (event.starts_at, event.ends_at))
    google = {
        "action": "TEMPLATE",
        "text": event.summary,
        "dates": f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}",
        "location": event.location,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.summary,
        "startdt": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "location": event.location,
    }
    return [
        ("Google Calendar", f"https://calendar.google.com/calendar/render?{urlencode(google)}"),
        ("Outlook", f"https://outlook.office.com/calendar/0/deeplink/compose?{urlencode(outlook)}"),
    ]
