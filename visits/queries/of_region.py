"""What a region came to learn: its recorded visits, without the name of any person."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from knowledge_hub.catalogue.entries import Entry, entries_by_pk
from knowledge_hub.models import Region
from visits.domain.calendar_days import local_date
from visits.models import VisitNotePage
from visits.queries.public import took_place

MOST = 100


@dataclass(frozen=True)
class RegionVisit:
    """A visit that took place; ``date`` is None where no day is recorded."""

    date: dt.date | None
    organisation: str
    region_name: str
    topics: list[str]
    notes: list[Entry]
    cases: list[Entry]


def visits_of_region(region: Region) -> list[RegionVisit]:
    """Visits of a region that took place, newest first; for a province those of its regencies and cities too. Four queries."""
    visits = list(
        took_place()
        .filter(Q(region=region) | Q(region__parent=region))
        .select_related("slot", "region")
        .prefetch_related("topics", "case_studies")
    )[:MOST]
    known = entries_by_pk()
    notes: dict[int, dict[str, Entry]] = defaultdict(dict)
    for pk, visit_pk in VisitNotePage.objects.filter(visit__in=[visit.pk for visit in visits]).values_list("pk", "visit_id"):
        if entry := known.get(pk):
            notes[visit_pk][entry.key] = entry
    found = [
        RegionVisit(
            local_date(visit.slot.starts_at) if visit.slot_id else visit.recorded_date,
            visit.organisation,
            visit.region.name,
            [topic.name for topic in visit.topics.all()],
            list(notes[visit.pk].values()),
            list({entry.key: entry for case in visit.case_studies.all() if (entry := known.get(case.pk))}.values()),
        )
        for visit in visits
    ]
    return sorted(found, key=lambda visit: visit.date or dt.date.min, reverse=True)
