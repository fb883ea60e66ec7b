"""Where a visit takes place and whom its guests call: the answer that letters, calendars, pages and mails share."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from knowledge_hub.models import ContactSettings, User
from visits.domain import resources
from visits.domain.changes import differences
from visits.domain.errors import Refused, Violation
from visits.domain.preconditions import require_programme
from visits.enums import Actor
from visits.models import Programme, Resource, Visit

FIELDS = ("place", "address", "directions", "map_url", "meeting_url", "host_contact_name", "host_contact_phone")
"""Fields of a visit that say where it takes place and whom to call."""

WAY = ("place", "address", "directions", "map_url")
"""Those of FIELDS that describe one building; a place with a name or address of its own has all of them of its own."""


_COORDINATES = re.compile(
    r"(?:@|geo:|[?&](?:q|ll|query|destination)=(?:loc:)?|#map=\d+/|[?&]mlat=)(?P<lat>-?\d{1,2}\.\d+)"
    r"(?:,|/|&mlon=)\s*(?P<lon>-?\d{1,3}\.\d+)",
    re.ASCII,
)
"""In the links of OpenStreetMap, Google, Apple and Bing maps, and in ``geo:`` (RFC 5870)."""


@dataclass(frozen=True)
class Place:
    """Where a visit takes place, in the active language; what is not known is empty.

    Attributes:
        is_online: whether the guests meet the host on the web; then only ``meeting_url`` and the contact count.
        name: of the room or building, or the word for “online”.
        contact_phone: telephone of the host for the way and the day; ``contact_name`` says whose.
    """

    is_online: bool = False
    name: str = ""
    address: str = ""
    directions: str = ""
    map_url: str = ""
    wifi_note: str = ""
    meeting_url: str = ""
    contact_name: str = ""
    contact_phone: str = ""

    @property
    def location(self) -> str:
        """Name and address in one line."""
        return ", ".join(filter(None, (self.name, self.address)))

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude, if the link to the map names them."""
        found = _COORDINATES.search(unquote(self.map_url))
        if found is None:
            return None
        latitude, longitude = float(found["lat"]), float(found["lon"])
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None

    @property
    def missing(self) -> list[str]:
        """What must be known before guests are invited, in words of the active language."""
        if self.is_online:
            needed = {_("the link to the online session"): self.meeting_url}
        else:
            needed = {_("the place"): self.name, _("the directions"): self.directions}
        needed[_("a contact of the host with telephone")] = self.contact_phone
        return [words for words, value in needed.items() if not value]


def rooms_of(visit: Visit) -> list[Resource]:
    """Rooms that the visit has, by name; one query, or none as resources.held_by() says."""
    return sorted((room for room in resources.held_by(visit) if room.kind.is_place), key=lambda room: room.name)


def more_rooms(visit: Visit) -> str:
    """Names of the rooms that the visit has besides the one that its place is called after; empty for an online session."""
    if visit.programme is None or visit.programme.is_online:
        return ""
    rooms = rooms_of(visit)
    name = _name_of(visit, next(iter(rooms), None))
    return ", ".join(room.name for room in rooms if room.name != name)


def rooms_among(chosen: Iterable[Resource]) -> list[Resource]:
    """The resources in which guests are received, by name; one query."""
    return list(Resource.objects.filter(pk__in=[resource.pk for resource in chosen], kind__is_place=True).order_by("name"))


def place_of(visit: Visit, *, rooms: list[Resource] | None = None) -> Place:
    """Where the visit takes place: by its own fields, else its room, else its programme; at most two queries.

    A place with its own name (of the visit) or address (of visit or room) takes neither directions nor map of a larger one.

    Args:
        visit: with its programme.
        rooms: those that the visit would get; the ones that it has if None.
    """
    programme = visit.programme
    if programme is None:
        return Place()
    contact_name, contact_phone = _contact_of(visit, programme)
    if programme.is_online:
        return Place(
            is_online=True,
            name=_name_of(visit, None),
            meeting_url=visit.meeting_url,
            contact_name=contact_name,
            contact_phone=contact_phone,
        )
    room = next(iter(rooms_of(visit) if rooms is None else rooms), None)
    if visit.place or visit.address:
        address, directions, map_url = visit.address, visit.directions, visit.map_url
    else:
        address, directions, map_url = _way_of(room, programme)
        directions, map_url = visit.directions or directions, visit.map_url or map_url
    return Place(
        name=_name_of(visit, room),
        address=address,
        directions=directions,
        map_url=map_url,
        wifi_note=(room.wifi_note if room else "") or ("" if visit.place else programme.wifi_note),
        contact_name=contact_name,
        contact_phone=contact_phone,
    )


def _name_of(visit: Visit, room: Resource | None) -> str:
    programme = require_programme(visit)
    if programme.is_online:
        return _("Online")
    return visit.place or (room.name if room else programme.venue)


def _way_of(room: Resource | None, programme: Programme) -> tuple[str, str, str]:
    """Address, directions and map of the room, which is part of the programme's building unless it has an address of its own."""
    if room is None:
        return programme.address, programme.directions, programme.map_url
    if room.address:
        return room.address, room.directions, room.map_url
    return programme.address, room.directions or programme.directions, room.map_url or programme.map_url


def _contact_of(visit: Visit, programme: Programme) -> tuple[str, str]:
    """Name and telephone of the host's contact: of the visit, else of the programme, else of the office."""
    name = visit.host_contact_name
    if visit.host_contact_phone:
        return name, visit.host_contact_phone
    name = name or programme.host_contact_name
    if programme.host_contact_phone:
        return name, programme.host_contact_phone
    office = ContactSettings.load()
    return name or office.office, office.phone


def names_of(visit: Visit) -> dict[str, str]:
    """The name of the place by language, for papers in both languages."""
    room = next(iter(rooms_of(visit)), None)
    names = {}
    for language in ("id", "en"):
        with override(language):
            names[language] = _name_of(visit, room)
    return names


def as_fields(place: Place) -> dict[str, str]:
    """The place as values of the fields in FIELDS, which forms start with."""
    names = {"place": "name", "host_contact_name": "contact_name", "host_contact_phone": "contact_phone"}
    return {field: getattr(place, names.get(field, field)) for field in FIELDS}


def settle(
    visit: Visit, details: Mapping[str, str] | None, chosen: Iterable[Resource], *, by: Actor, user: User | None = None
) -> dict[str, str]:
    """Check that guests can be told where to go and whom to call; returns the visit's fields to write. The row is not saved.

    Args:
        visit: under its lock; gets the typed values.
        details: what staff typed, by name of FIELDS; fields that are missing stay as they are.
        chosen: resources that the visit gets.
        by: whom the sentence of a refusal addresses.
        user: the member of staff, for the log.

    Raises:
        Refused: place, directions, link or contact are not known. No reason overrides this.
    """
    typed = {name: details[name].strip() for name in FIELDS if details and name in details}
    changes = {name: value for name, value in typed.items() if getattr(visit, name) != value}
    before = {name: getattr(visit, name) for name in changes}
    for name, value in changes.items():
        setattr(visit, name, value)
    if missing := place_of(visit, rooms=rooms_among(chosen)).missing:
        raise Refused(violations=[_unknown(visit, missing, by)])
    if changes:
        log(instance=visit, action="visits.place", user=user, data={"changes": differences(before, changes, mask=["host_contact_phone"])})
    return changes


def _unknown(visit: Visit, missing: list[str], by: Actor) -> Violation:
    if by == Actor.GUEST:
        sentence = _("We have not settled everything about the place of your visit yet. Write us a message; the date stays held for you.")
    else:
        sentence = _("%(visit)s: guests cannot be told where to go. Not known yet: %(missing)s.") % {
            "visit": visit,
            "missing": ", ".join(missing),
        }
    return Violation("place_unknown", sentence)
