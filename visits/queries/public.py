"""Reads for public pages. Nothing here names a person."""

from visits.enums import VisitStatus
from visits.models import Visit


def recorded_visits() -> int:
    """How many visits took place, each recorded one by one."""
    return Visit.objects.filter(status=VisitStatus.COMPLETED).count()


def shown_in_visits(case_study) -> int:
    """In how many visits that took place a case study was on the list, in whichever language."""
    return Visit.objects.filter(status=VisitStatus.COMPLETED, case_studies__translation_key=case_study.translation_key).distinct().count()
