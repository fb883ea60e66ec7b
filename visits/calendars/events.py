"""A visit in calendars: the invitation in the mail, its withdrawal, the file to download, and links to calendars on the web."""

import datetime as dt
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge_hub.ical.events import EventData, Method, Party, write
from visits.domain.agenda import agenda_of
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.place import place_of
from visits.enums import FREES_SEATS
from visits.models import SpeakerInvitation, Visit

ALARM = dt.timedelta(hours=2)
"""How long before the start calendars suggest to remind."""


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
            coordinates=place.coordinates,
            alarm=ALARM,
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


def speaker_calendar(invitation: SpeakerInvitation, visit: Visit, method: Method, *, now: dt.datetime | None = None) -> bytes:
    """The iTIP message to a speaker, in the active language: the time of the item only, and nobody's name but the speaker's own.

    Args:
        invitation: with item and speaker.
        visit: with session and programme.
        method: REQUEST for an invitation or an update, CANCEL to take the event away.
        now: when the file was made.
    """
    if visit.slot is None:
        raise ValueError("A visit without a session is in no calendar.")
    place = place_of(visit)
    row = next((row for row in agenda_of(visit) if row.item.pk == invitation.item_id), None)
    starts_at, ends_at = (row.starts_at, row.ends_at) if row else (None, None)
    where = (row.room_name if row and row.room_name != place.name else "", place.location)
    event = EventData(
        uid=invitation.calendar_uid,
        sequence=invitation.calendar_sequence,
        starts_at=(starts_at or visit.slot.starts_at).astimezone(VENUE_ZONE),
        ends_at=(ends_at or visit.slot.ends_at).astimezone(VENUE_ZONE),
        summary=invitation.item.name,
        stamp=now or timezone.now(),
        description="\n\n".join(
            filter(None, (_("Your link to this item is in our mail."), place.directions, place.map_url, place.meeting_url))
        ),
        location="" if place.is_online else ", ".join(filter(None, where)),
        conference=place.meeting_url,
        coordinates=place.coordinates,
        alarm=ALARM,
        organizer=Party(settings.DEFAULT_FROM_EMAIL, settings.WAGTAIL_SITE_NAME),
        attendee=Party(invitation.email, invitation.speaker.name),
        attendee_accepted=invitation.state == SpeakerInvitation.State.ACCEPTED,
    )
    return write([event], method=method)


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
