"""Public visit notes: what is known of a visit, without the name of any person."""

import datetime as dt
from dataclasses import dataclass

from knowledge_hub.models import CaseStudyPage
from visits.domain.calendar_days import local_date
from visits.models import Visit, VisitNoteIndexPage, VisitNotePage


@dataclass(frozen=True)
class Note:
    """A note in the list."""

    page: VisitNotePage
    date: dt.date | None


@dataclass(frozen=True)
class Facts:
    """What is known of a visit; empty where nothing is recorded."""

    organisation: str
    region: str
    date: dt.date | None
    programme: str
    persons: int | None
    case_studies: list[CaseStudyPage]


def _date(visit: Visit | None) -> dt.date | None:
    if visit is None:
        return None
    return local_date(visit.slot.starts_at) if visit.slot_id else visit.recorded_date


def visit_notes(index_page: VisitNoteIndexPage) -> list[Note]:
    """The published notes below an index, newest visit first; one query."""
    pages = VisitNotePage.objects.child_of(index_page).live().public().select_related("visit__slot")
    notes = [Note(page, _date(page.visit)) for page in pages]
    return sorted(notes, key=lambda note: note.date or dt.date.min, reverse=True)


def visit_facts(page: VisitNotePage) -> Facts | None:
    """What the note says about its visit, or None if it belongs to none."""
    visit = Visit.objects.select_related("slot", "programme", "region").filter(pk=page.visit_id or 0).first()
    if visit is None:
        return None
    keys = visit.case_studies.values("translation_key")
    return Facts(
        organisation=visit.organisation,
        region=visit.region.name if visit.region else "",
        date=_date(visit),
        programme=visit.programme.name if visit.programme else "",
        persons=visit.group_size,
        case_studies=list(CaseStudyPage.objects.live().public().filter(translation_key__in=keys, locale=page.locale_id)),
    )
