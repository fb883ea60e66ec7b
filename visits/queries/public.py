"""Reads for public pages. Nothing here names a person."""

from django.db.models import F, OuterRef, Subquery

from visits.enums import ExceptionEffect, VisitStatus
from visits.models import CalendarException, Programme, Visit, VisitSlot


def recorded_visits() -> int:
    """How many visits took place, each recorded one by one."""
    return Visit.objects.filter(status=VisitStatus.COMPLETED).count()


def shown_in_visits(case_study) -> int:
    """In how many visits that took place a case study was on the list, in whichever language."""
    return Visit.objects.filter(status=VisitStatus.COMPLETED, case_studies__translation_key=case_study.translation_key).distinct().count()


def programmes_with_next_slot(now):
    """Active programmes, each with ``next_slot_at``: begin of the first open session with a free seat. One query."""
    free = VisitSlot.objects.filter(programme=OuterRef("pk"), is_open=True, starts_at__gt=now, used_persons__lt=F("capacity_persons"))
    return Programme.objects.filter(active=True).annotate(next_slot_at=Subquery(free.order_by("starts_at").values("starts_at")[:1]))


def programmes_with_hours():
    """Active programmes with their weekly hours, in two queries."""
    return Programme.objects.filter(active=True).prefetch_related("weekly_hours")


def closures(start, end):
    """Days from ``start`` to ``end`` on which no programme, or one of them, receives guests. One query."""
    return CalendarException.objects.filter(date__range=(start, end), effect=ExceptionEffect.CLOSED).select_related("programme")
