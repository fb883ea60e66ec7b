"""A visit in calendars: the invitation in the mail, its withdrawal, the file to download, and links to calendars on the web."""

import datetime as dt
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge_hub.ical.events import EventData, Method, Party, write
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.place import place_of
from visits.enums import FREES_SEATS
from visits.models import Visit


def event_of(visit: Visit, *, with_parties: bool, now: dt.datetime | None = None) -> EventData:
    """The calendar event of a visit, in the guest's language and the venue's time zone.

    Contains no secret link, because people share their calendars. ``with_parties`` adds organizer and contact person, for the
    mail to that person only.
    """
    with override(visit.language):
        programme, place = visit.programme, place_of(visit)
        known = _("Reference %(reference)s. Your link to the visit is in our mail.") % {"reference": visit.reference}
        way = (place.directions, place.map_url, place.meeting_url)
        return EventData(
            uid=visit.calendar_uid,
            sequence=visit.calendar_sequence,
            starts_at=visit.slot.starts_at.astimezone(VENUE_ZONE),
            ends_at=visit.slot.ends_at.astimezone(VENUE_ZONE),
            summary=_("Study visit to Kota Binjai: %(programme)s") % {"programme": programme.name},
            stamp=now or timezone.now(),
            description="\n\n".join(filter(None, (known, *way))),
            location="" if place.is_online else place.location,
            conference=place.meeting_url,
            organizer=Party(settings.DEFAULT_FROM_EMAIL, settings.WAGTAIL_SITE_NAME) if with_parties else None,
            # The contact asked for the date, so there is nothing to accept.
            attendee=Party(visit.contact_email, visit.contact_name) if with_parties else None,
            attendee_accepted=True,
            cancelled=visit.status in FREES_SEATS,
        )


def invitation(visit: Visit, *, now: dt.datetime | None = None) -> bytes:
    """The iTIP REQUEST for the contact person; the same UID with a higher SEQUENCE is an update (RFC 5546 section 3.2.2)."""
    return write([event_of(visit, with_parties=True, now=now)], method=Method.REQUEST)


def withdrawal(visit: Visit, *, now: dt.datetime | None = None) -> bytes:
    """The iTIP CANCEL that removes the event again (RFC 5546 section 3.2.5)."""
    return write([event_of(visit, with_parties=True, now=now)], method=Method.CANCEL)


def publish(visit: Visit, *, now: dt.datetime | None = None) -> bytes:
    """The file to download: no organizer, no attendee, nothing personal."""
    return write([event_of(visit, with_parties=False, now=now)], method=Method.PUBLISH)


def calendar_links(visit: Visit) -> list[tuple[str, str]]:
    """Name of each calendar on the web and the address that opens the visit in it.

    The addresses go to others' servers, so they say no more than programme, time and place: no reference, no name, no secret link.
    Such an entry is a copy; only the invitation in the mail follows a later change.
    """
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
