"""Reads for the register of souvenirs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import DateField, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from visits.domain.calendar_days import VENUE_ZONE
from visits.models import Gift


@dataclass(frozen=True)
class Totals:
    """Totals of the register; ``value`` is the sum of the estimated values."""

    given: int
    received: int
    to_review: int
    value: int


def register() -> QuerySet[Gift]:
    """Souvenirs that were handed over, with their visits and the day of the visit (``day``), ordered by day."""
    day = Coalesce(TruncDate("visit__slot__starts_at", tzinfo=VENUE_ZONE), "visit__recorded_date", output_field=DateField())
    return Gift.objects.filter(is_planned=False).select_related("visit").annotate(day=day).order_by("day", "visit_id", "pk")


def of_year(year: int) -> QuerySet[Gift]:
    """Souvenirs of visits in a year."""
    return register().filter(day__year=year)


def years() -> list[int]:
    """Years with souvenirs, the latest first."""
    days = register().order_by().exclude(day=None).values_list("day", flat=True).distinct()
    return sorted({day.year for day in days}, reverse=True)


def totals(gifts: Sequence[Gift]) -> Totals:
    given = sum(gift.given_by_host for gift in gifts)
    return Totals(
        given=given,
        received=len(gifts) - given,
        to_review=sum(gift.needs_review for gift in gifts),
        value=sum(gift.estimated_value or 0 for gift in gifts),
    )
