"""What a phone at the door keeps of the one visit that is open on it."""

import datetime as dt
import hashlib
import json

from django.utils import timezone

from visits.domain import attendance, door
from visits.domain.calendar_days import VENUE_ZONE
from visits.models import Delegate, Visit

KEY_LENGTH = 24
"""Characters of the hash of a badge's link; the phone compares them with the hash of what it scanned, so it never holds the link."""


def snapshot(visit: Visit) -> dict:
    """Everything that the page shows, as plain values; one query for the people. Without names if phones may not check in now.

    ``digest`` tells two snapshots apart, ``now`` is the time of the server in milliseconds.
    """
    closed, limit = door.why_closed(visit), door.forget_at(visit)
    known = {"closed": closed, "forget_at": milliseconds(limit) if limit else 0}
    if not closed:
        known |= {"visit": _heading(visit), "people": [_person(delegate) for delegate in attendance.with_last_event(visit)]}
    digest = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]
    return {**known, "digest": digest, "now": milliseconds(timezone.now())}


def milliseconds(moment: dt.datetime) -> int:
    """A moment as JavaScript counts it."""
    return round(moment.timestamp() * 1000)


def _heading(visit: Visit) -> dict:
    return {
        "organisation": visit.organisation,
        "reference": visit.reference or "",
        "time": f"{visit.slot.starts_at.astimezone(VENUE_ZONE):%H.%M}–{visit.slot.ends_at.astimezone(VENUE_ZONE):%H.%M} WIB",
        "expected": visit.group_size or 0,
    }


def _person(delegate: Delegate) -> dict:
    return {
        "id": delegate.pk,
        "name": delegate.name,
        "position": delegate.position,
        "unit": delegate.unit,
        "needs": delegate.needs,
        "code": delegate.badge_code or "",
        "key": (delegate.token_hash or "")[:KEY_LENGTH],
        "walk_in": delegate.walk_in,
        "kind": delegate.last_kind or "",
        "at": milliseconds(delegate.last_at) if delegate.last_at else 0,
    }
