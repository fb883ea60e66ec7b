"""Reads about souvenirs: the register of a year."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import DateField, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from visits.domain.calendar_days import VENUE_ZONE
from visits.models import Gift


@dataclass(frozen=True)
class Totals:
    """What the register adds up to; the value counts what was estimated."""

    given: int
    received: int
    to_review: int
    value: int


def register() -> QuerySet[Gift]:
    """Every souvenir with its visit and the day of it at the venue (``day``), in the order of the days."""
    day = Coalesce(TruncDate("visit__slot__starts_at", tzinfo=VENUE_ZONE), "visit__recorded_date", output_field=DateField())
    return Gift.objects.select_related("visit").annotate(day=day).order_by("day", "visit_id", "pk")


def of_year(year: int) -> QuerySet[Gift]:
    """Those of one year."""
    return register().filter(day__year=year)


def years() -> list[int]:
    """The years of which there are souvenirs, the latest first."""
    days = register().order_by().exclude(day=None).values_list("day", flat=True).distinct()
    return sorted({day.year for day in days}, reverse=True)


def totals(gifts: Sequence[Gift]) -> Totals:
    """Count them."""
    given = sum(gift.given_by_host for gift in gifts)
    return Totals(
        given=given,
        received=len(gifts) - given,
        to_review=sum(gift.needs_review for gift in gifts),
        value=sum(gift.estimated_value or 0 for gift in gifts),
    )
