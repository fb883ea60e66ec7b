"""Reads about adoptions for guests and staff; the public numbers are in chain.py."""

from django.db.models import QuerySet

from knowledge_hub.models import CaseStudyPage
from visits.domain.adoptions import TEXTS
from visits.models import Adoption, AdoptionReport, Visit


def cases_to_choose() -> QuerySet[CaseStudyPage]:
    """Published case studies in their first language, by title."""
    return CaseStudyPage.objects.live().public().filter(locale__language_code="id").order_by("title")


def reports_of(visit: Visit) -> list[AdoptionReport]:
    """What was told about a visit, newest first."""
    return list(visit.adoption_reports.select_related("case_study"))


def last_told(visit: Visit) -> dict[int, dict[str, str]]:
    """The latest facts of the visit's region by case study, for a form: what is accepted, or what was told since."""
    found: dict[int, dict[str, str]] = {}
    for adoption in Adoption.objects.filter(region=visit.region_id, inbound=False).exclude(case_study=None):
        found[adoption.case_study_id] = {name: getattr(adoption, name) for name in TEXTS}
    for told in visit.adoption_reports.filter(state=AdoptionReport.State.WAITING).exclude(case_study=None).order_by("pk"):
        found[told.case_study_id] = {name: getattr(told, name) for name in TEXTS}
    return found
