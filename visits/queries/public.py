"""Reads for public pages. Nothing here names a person."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from knowledge_hub.catalogue.entries import Entry, entries_by_pk
from knowledge_hub.models import CaseStudyPage, Region
from visits.domain import availability
from visits.domain.calendar_days import day_of, local_date
from visits.enums import VisitSource, VisitStatus
from visits.models import CalendarException, Programme, ProgrammeNeed, Visit, VisitNoteIndexPage, VisitNotePage, VisitSlot

SOON = dt.timedelta(weeks=6)
"""Read first; most programmes have a free session in it, so the rest of the year need not be read."""


def completed_visits() -> QuerySet[Visit]:
    """Visits that took place, without demo visits. All public numbers are based on it."""
    return Visit.objects.filter(status=VisitStatus.COMPLETED).exclude(source=VisitSource.DEMO)


def case_studies_in_language(case_study_pks, language: str) -> list[int]:
    """Primary keys of the same case studies in a language, if they are published in it; two queries."""
    keys = CaseStudyPage.objects.filter(pk__in=[pk for pk in case_study_pks if str(pk).isdecimal()]).values("translation_key")
    return list(
        CaseStudyPage.objects.live().public().filter(translation_key__in=keys, locale__language_code=language).values_list("pk", flat=True)
    )


def programmes_with_first_slot(now: dt.datetime) -> list[Programme]:
    """Active programmes, each with ``first_slot``: the first session that its smallest group may request now, or None.

    Uses availability like the date page, so that both agree. The number of queries grows with the programmes, not with the sessions.
    """
    programmes = list(Programme.objects.filter(active=True))
    for programme in programmes:
        programme.first_slot = _first_slot(programme, now)
    return programmes


def _first_slot(programme: Programme, now: dt.datetime) -> VisitSlot | None:
    later = local_date(now) + SOON
    for period in ({"end": later}, {"start": later + dt.timedelta(days=1)}):
        if free := availability.bookable_slots(programme, persons=programme.min_persons, now=now, **period):
            return free[0]
    return None


def programmes_with_hours():
    """Active programmes with their weekly hours and needs, in three queries."""
    return Programme.objects.filter(active=True).prefetch_related(
        "weekly_hours", Prefetch("needs", ProgrammeNeed.objects.select_related("kind"))
    )


def calendar_exceptions(start, end):
    """Closures and special hours from ``start`` to ``end``, for all programmes or one of them; one query."""
    return CalendarException.objects.filter(date__range=(start, end)).select_related("programme")


@dataclass(frozen=True)
class Note:
    """A visit note in the list."""

    page: VisitNotePage
    date: dt.date | None


@dataclass(frozen=True)
class VisitFacts:
    """Facts of a visit on its note; empty if nothing is recorded."""

    organisation: str
    region: str
    date: dt.date | None
    programme: str
    persons: int | None
    case_studies: list[CaseStudyPage]


def visit_notes(index_page: VisitNoteIndexPage) -> list[Note]:
    """The published notes below an index, newest visit first; one query."""
    pages = VisitNotePage.objects.child_of(index_page).live().public().select_related("visit__slot")
    notes = [Note(page, page.visit and day_of(page.visit)) for page in pages]
    return sorted(notes, key=lambda note: note.date or dt.date.min, reverse=True)


def visit_facts(page: VisitNotePage) -> VisitFacts | None:
    """The facts of the note's visit; None without a visit."""
    visit = Visit.objects.select_related("slot", "programme", "region").filter(pk=page.visit_id or 0).first()
    if visit is None:
        return None
    keys = visit.case_studies.values("translation_key")
    return VisitFacts(
        organisation=visit.organisation,
        region=visit.region.name if visit.region else "",
        date=day_of(visit),
        programme=visit.programme.name if visit.programme else "",
        persons=visit.group_size,
        case_studies=list(CaseStudyPage.objects.live().public().filter(translation_key__in=keys, locale=page.locale_id)),
    )


REGION_VISITS = 100


@dataclass(frozen=True)
class RegionVisit:
    """A visit that took place; ``date`` is None if no day is recorded."""

    date: dt.date | None
    organisation: str
    region_name: str
    topics: list[str]
    notes: list[Entry]
    cases: list[Entry]


def visits_of_region(region: Region) -> list[RegionVisit]:
    """Visits of a region that took place, newest first; for a province with those of its regencies and cities. Four queries."""
    visits = list(
        completed_visits()
        .filter(Q(region=region) | Q(region__parent=region))
        .select_related("slot", "region")
        .prefetch_related("topics", "case_studies")
    )[:REGION_VISITS]
    known = entries_by_pk()
    notes: dict[int, dict[str, Entry]] = defaultdict(dict)
    for pk, visit_pk in VisitNotePage.objects.filter(visit__in=[visit.pk for visit in visits]).values_list("pk", "visit_id"):
        if entry := known.get(pk):
            notes[visit_pk][entry.key] = entry
    found = [
        RegionVisit(
            day_of(visit),
            visit.organisation,
            visit.region.name,
            [topic.name for topic in visit.topics.all()],
            list(notes[visit.pk].values()),
            list({entry.key: entry for case in visit.case_studies.all() if (entry := known.get(case.pk))}.values()),
        )
        for visit in visits
    ]
    return sorted(found, key=lambda visit: visit.date or dt.date.min, reverse=True)
