"""National holidays and collective leave in the calendar of exceptions.

Days come from the ``holidays`` package (the joint decree of the three ministers, as far as the package knows it). An import adds
missing days and never changes or duplicates existing entries.
"""

import datetime as dt
from dataclasses import dataclass

import holidays
from django.db import transaction
from holidays.constants import GOVERNMENT, PUBLIC

from visits.enums import ExceptionEffect, ExceptionSource
from visits.models import CalendarException

IMPORTED = (ExceptionSource.HOLIDAY, ExceptionSource.COLLECTIVE_LEAVE)
WARN_FROM_MONTH = 9
"""The decree for a year is usually published in the autumn before it."""

_ESTIMATED = {"id": " (perkiraan)", "en": " (estimated)"}


@dataclass(frozen=True)
class Holiday:
    """One day off with its name in both languages; ``estimated`` if it depends on the sighting of the moon."""

    date: dt.date
    name_id: str
    name_en: str
    source: ExceptionSource
    estimated: bool


def _names(year: int, category: str, language: str) -> dict[dt.date, str]:
    return dict(holidays.Indonesia(years=year, categories=(category,), language=language).items())


def holidays_of(year: int) -> list[Holiday]:
    """All holidays and days of collective leave of a year that the package knows, in order."""
    found: dict[dt.date, Holiday] = {}
    for category, source in ((PUBLIC, ExceptionSource.HOLIDAY), (GOVERNMENT, ExceptionSource.COLLECTIVE_LEAVE)):
        english = _names(year, category, "en_US")
        for date, name in _names(year, category, "id").items():
            # A day that is a holiday needs no collective leave.
            found.setdefault(
                date,
                Holiday(
                    date,
                    name.replace(_ESTIMATED["id"], "")[:150],
                    english[date].replace(_ESTIMATED["en"], "")[:150],
                    source,
                    _ESTIMATED["id"] in name,
                ),
            )
    return [found[date] for date in sorted(found)]


@transaction.atomic
def import_holidays(year: int) -> int:
    """Add the year's holidays and collective leave for all programmes; returns how many days are new.

    Days that already have an imported entry stay unchanged, even if staff renamed them.
    """
    known = set(
        CalendarException.objects.filter(date__year=year, programme__isnull=True, source__in=IMPORTED).values_list("date", flat=True)
    )
    new = [
        CalendarException(
            date=holiday.date,
            effect=ExceptionEffect.CLOSED,
            reason_id=holiday.name_id,
            reason_en=holiday.name_en,
            source=holiday.source,
            estimated=holiday.estimated,
        )
        for holiday in holidays_of(year)
        if holiday.date not in known
    ]
    # Staff may have entered the same day with the same name.
    CalendarException.objects.bulk_create(new, ignore_conflicts=True)
    return CalendarException.objects.filter(date__year=year, programme__isnull=True, source__in=IMPORTED).count() - len(known)


def has_been_imported(year: int) -> bool:
    """Whether holidays of the year were imported."""
    return CalendarException.objects.filter(date__year=year, source__in=IMPORTED).exists()


@dataclass(frozen=True)
class NextYear:
    """What is missing in next year's calendar: no holidays at all, no collective leave, or dates that are only estimated."""

    year: int
    has_holidays: bool
    has_decree: bool
    estimated: int


def missing_for_next_year(today: dt.date) -> NextYear | None:
    """What is missing in next year's calendar; None before September or if nothing is missing.

    Collective leave is set by the decree only, so a year without it has no decree yet.
    """
    if today.month < WARN_FROM_MONTH:
        return None
    year = today.year + 1
    entries = CalendarException.objects.filter(date__year=year, programme__isnull=True, source__in=IMPORTED)
    status = NextYear(
        year=year,
        has_holidays=entries.filter(source=ExceptionSource.HOLIDAY).exists(),
        has_decree=entries.filter(source=ExceptionSource.COLLECTIVE_LEAVE).exists(),
        estimated=entries.filter(estimated=True).count(),
    )
    return None if status.has_holidays and status.has_decree and not status.estimated else status
