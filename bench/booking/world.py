"""What guests choose from: a programme with as many sessions as asked for."""

import datetime as dt
import uuid

from django.utils import timezone

from knowledge_hub.models import Region
from visits.domain.booking import BookingDraft
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.enums import OrganisationKind, VisitStatus
from visits.models import Allocation, Programme, ProgrammeNeed, Resource, ResourceKind, Visit, VisitSlot

GROUPS = (7, 11, 17, 23)
"""Sizes of groups; four of them fill a session of 60 seats."""


def region() -> Region:
    """Where everybody comes from."""
    province, _created = Region.objects.get_or_create(
        code="99", defaults={"name": "Contoh", "latitude": 3.6, "longitude": 98.5, "zone": "WIB"}
    )
    return Region.objects.get_or_create(
        code="99.01", defaults={"parent": province, "name": "Kabupaten Contoh", "latitude": 3.6, "longitude": 98.5, "zone": "WIB"}
    )[0]


def programme(name: str, *, sessions: int, seats: int = 60, first_day: int = 20, per_day: int = 4) -> Programme:
    """A programme with sessions of an hour, so many a day; no limits per day and week but the seats."""
    made = Programme.objects.create(
        slug=name, name_id=name, name_en=name, summary_id=name, summary_en=name,
        capacity_persons=seats, max_per_day=9999, max_per_week=9999,
        letter_required=False, horizon_days=730,
    )  # fmt: skip
    day = local_date(timezone.now()) + dt.timedelta(days=first_day)
    starts = [
        dt.datetime.combine(day + dt.timedelta(days=number // per_day), dt.time(8 + number % per_day), VENUE_ZONE)
        for number in range(sessions)
    ]
    VisitSlot.objects.bulk_create(
        VisitSlot(programme=made, starts_at=start, ends_at=start + dt.timedelta(hours=1), capacity_persons=seats) for start in starts
    )
    return made


def with_rooms(made: Programme, count: int) -> None:
    """The programme needs one of so many rooms."""
    kind = ResourceKind.objects.get_or_create(slug="bench", defaults={"name_id": "Ruang", "name_en": "Room"})[0]
    ProgrammeNeed.objects.create(programme=made, kind=kind)
    for number in range(count):
        Resource.objects.create(kind=kind, name=f"{made.slug} {number}")


def visits(made: Programme, count: int, *, persons: int = 2) -> None:
    """So many scheduled visits, spread evenly over the sessions, each with a room where one is needed."""
    slots, home = list(made.slots.order_by("starts_at")), region()
    each = -(-count // len(slots))
    Visit.objects.bulk_create(
        Visit(
            programme=made, slot=slots[number % len(slots)], region=home, organisation=f"Dinas {number}", group_size=persons,
            seats_held=persons, organisation_kind=OrganisationKind.LOCAL_GOVERNMENT, status=VisitStatus.APPROVED,
            reference=f"B-{made.pk}-{number}",
        )
        for number in range(count)
    )  # fmt: skip
    made.slots.update(used_persons=each * persons, used_visits=each)
    rooms = list(Resource.objects.filter(kind__in=made.needs.values("kind")).order_by("pk"))
    if rooms:
        booked = made.visits.select_related("slot").order_by("pk")
        Allocation.objects.bulk_create(
            Allocation(resource=rooms[number // len(slots)], visit=visit, starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at)
            for number, visit in enumerate(booked)
        )


def request(slot: VisitSlot, home: Region, name: str, persons: int) -> BookingDraft:
    """What one guest sends."""
    return BookingDraft(
        programme=slot.programme,
        slot=slot,
        region=home,
        group_size=persons,
        details={
            "organisation": f"Dinas {name}",
            "organisation_kind": OrganisationKind.LOCAL_GOVERNMENT,
            "contact_name": "Narahubung",
            "contact_email": f"{name}@contoh.invalid",
        },
        submission_key=uuid.uuid4(),
    )
