"""Calendars to subscribe to: what each says about a visit, and its busy times. No feed names a person."""

import datetime as dt
import hashlib
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge_hub.core.language import in_active_language
from knowledge_hub.ical.events import EventData, Method, write, write_busy
from visits.domain.calendar_days import VENUE_ZONE
from visits.enums import OrganisationKind
from visits.models import CalendarFeed, Programme
from visits.queries.feeds import Entry

REFRESH = dt.timedelta(hours=1)
"""How often subscribers should look again."""


def fingerprint(*said: object) -> str:
    """A short text that changes whenever what a calendar says changes."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def public_name(programme: Programme | None) -> str:
    """Title of the public calendar."""
    with override(settings.LANGUAGE_CODE):
        return programme.name if programme else _("Study visits to Kota Binjai")


def private_name(feed: CalendarFeed) -> str:
    """Title of a private calendar; without the name of a person, because titles are shown to whoever shares it."""
    with override(settings.LANGUAGE_CODE):
        if feed.resource is None:
            return _("Study visits in my care")
        return _("My items at study visits") if feed.resource.kind.is_person else feed.resource.name


def public_feed(entries: list[Entry], name: str, stamp: dt.datetime) -> bytes:
    """Everybody's calendar: programme and kind of organisation, without reference, name or place."""
    with override(settings.LANGUAGE_CODE):
        return _write([_event(entry, "public", stamp, _public_summary(entry)) for entry in entries], name)


def private_feed(entries: list[Entry], name: str, stamp: dt.datetime) -> bytes:
    """The calendar of staff and speakers: reference, organisation and programme."""
    with override(settings.LANGUAGE_CODE):
        return _write([_event(entry, "private", stamp, _private_summary(entry)) for entry in entries], name)


def visit_feed(event: EventData, stamp: dt.datetime) -> bytes:
    """The calendar of one visit for its guests, with the event of the file to download."""
    return _write([replace(event, stamp=stamp)], event.summary)


def busy_times(entries: list[Entry], now: dt.datetime) -> bytes:
    """When visits take place, without anything about them (VFREEBUSY), from now on."""
    periods = [(entry.starts_at, entry.ends_at) for entry in entries if not entry.is_cancelled and entry.ends_at > now]
    last = max((end for _start, end in periods), default=now)
    return write_busy(periods, starts_at=now, ends_at=max(last, now + dt.timedelta(days=180)), url=settings.SITE_URL)


def _write(found: list[EventData], name: str) -> bytes:
    return write(found, method=Method.PUBLISH, name=name, refresh=REFRESH)


def _event(entry: Entry, scope: str, stamp: dt.datetime, summary: str) -> EventData:
    # The identifier of the guest's own event stays unknown to others, who could otherwise withdraw it.
    uid = hashlib.sha256(f"{scope} {entry.uid} {entry.item or ''}".encode()).hexdigest()[:32]
    return EventData(
        uid=f"{uid}@{settings.SITE_HOST.split(':')[0]}",
        sequence=entry.sequence,
        starts_at=entry.starts_at.astimezone(VENUE_ZONE),
        ends_at=entry.ends_at.astimezone(VENUE_ZONE),
        summary=summary,
        stamp=stamp,
        cancelled=entry.is_cancelled,
    )


def _public_summary(entry: Entry) -> str:
    kinds = dict(OrganisationKind.choices)
    return f"{in_active_language(entry, 'programme')} ({kinds.get(entry.organisation_kind, '')})"


def _private_summary(entry: Entry) -> str:
    return " · ".join(filter(None, (entry.title, entry.reference, entry.organisation, in_active_language(entry, "programme"))))
