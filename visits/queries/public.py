"""Reads for public pages. Nothing here names a person."""

import datetime as dt

from django.db.models import Count, F, Prefetch, Q, QuerySet

from knowledge_hub import cache
from knowledge_hub.models import CaseStudyPage
from visits.domain.availability import bookable_period
from visits.domain.calendar_days import VENUE_ZONE
from visits.enums import VisitSource, VisitStatus
from visits.models import CalendarException, Programme, ProgrammeNeed, Visit, VisitSlot


def took_place() -> QuerySet[Visit]:
    """Visits that took place; those that were made up for trying things out are none. Every public number starts here."""
    return Visit.objects.filter(status=VisitStatus.COMPLETED).exclude(source=VisitSource.DEMO)


def recorded_visits() -> int:
    """How many visits took place, each recorded one by one."""
    return cache.remember("recorded-visits", took_place().count)


def shown_in_visits(case_study) -> int:
    """In how many visits that took place a case study was on the list, in whichever language."""
    return cache.remember("shown-in-visits", _visits_of_cases).get(case_study.translation_key, 0)


def _visits_of_cases() -> dict:
    shown = took_place().filter(case_studies__isnull=False).values("case_studies__translation_key")
    return dict(shown.annotate(visits=Count("pk", distinct=True)).values_list("case_studies__translation_key", "visits"))


def in_language(case_study_pks, language: str) -> list[int]:
    """The same case studies in a language, where they are published in it; two queries."""
    keys = CaseStudyPage.objects.filter(pk__in=[pk for pk in case_study_pks if str(pk).isdecimal()]).values("translation_key")
    return list(
        CaseStudyPage.objects.live().public().filter(translation_key__in=keys, locale__language_code=language).values_list("pk", flat=True)
    )


def programmes_with_first_slot(now) -> list[Programme]:
    """Active programmes, each with ``first_slot``: the first session that its smallest group may request now, or None.

    One query for the programmes, one for each different period of notice, one for the sessions.
    """
    programmes = list(Programme.objects.filter(active=True))
    periods: dict[int, object] = {}
    wanted = Q(pk__in=[])
    for programme in programmes:
        if programme.lead_working_days not in periods:
            periods[programme.lead_working_days] = bookable_period(programme, now)[0]
        first = dt.datetime.combine(periods[programme.lead_working_days], dt.time.min, VENUE_ZONE)
        last = first.astimezone(VENUE_ZONE) + dt.timedelta(days=programme.horizon_days)
        seats = F("capacity_persons") - programme.min_persons
        wanted |= Q(programme=programme, starts_at__gte=first, starts_at__lt=last, used_persons__lte=seats)
    first_slots: dict[int, VisitSlot] = {}
    for slot in VisitSlot.objects.filter(wanted, is_open=True).order_by("starts_at"):
        first_slots.setdefault(slot.programme_id, slot)
    for programme in programmes:
        programme.first_slot = first_slots.get(programme.pk)
    return programmes


def programmes_with_hours():
    """Active programmes with their weekly hours and needs, in three queries."""
    return Programme.objects.filter(active=True).prefetch_related(
        "weekly_hours", Prefetch("needs", ProgrammeNeed.objects.select_related("kind"))
    )


def exceptions(start, end):
    """Days from ``start`` to ``end`` on which no programme, or one of them, receives guests, or at other hours. One query."""
    return CalendarException.objects.filter(date__range=(start, end)).select_related("programme")
