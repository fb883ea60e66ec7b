"""Adoptions: what regions report, what staff accept of it, and what Binjai adopted itself.

A report changes nothing that is public; accepting it does. Success and stopping are reported in the same way.
"""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.files.base import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from knowledge_hub.models import CaseStudyPage, Region, User
from knowledge_hub.papers.names import without_controls
from visits.domain import outbox
from visits.domain.calendar_days import day_of, local_date
from visits.domain.errors import Refused
from visits.enums import AdoptionStatus, VisitSource, VisitStatus
from visits.models import Adoption, AdoptionReport, FollowUpAnswer, Visit

State = AdoptionReport.State

MONTHS = (3, 6, 12)
"""When the contact person of a visit is asked what became of it."""

MOST_WAITING = 40
"""Reports of a visit, or of a region without a visit, that may wait for staff."""

REPORTER_KEPT_FOR = dt.timedelta(days=365)
"""So long the name and address of who reported are kept, for questions of staff."""


@dataclass(frozen=True)
class Facts:
    """What is told about an adoption; the fields of AdoptionFacts with the same names."""

    status: str
    mode: str = ""
    organisation: str = ""
    description: str = ""
    stop_reason: str = ""
    plan: str = ""
    evidence_url: str = ""
    evidence_file: File | None = None
    figure: str = ""
    figure_before: str = ""
    figure_after: str = ""


TEXTS = tuple(field.name for field in fields(Facts) if field.name != "evidence_file")


@dataclass(frozen=True)
class Reporter:
    """Who reports without a visit, for questions of staff."""

    name: str = ""
    email: str = ""


def clean(facts: Facts) -> dict[str, Any]:
    """The values as they are saved. Raises Refused if something is missing or too long."""
    values: dict[str, Any] = {name: without_controls(getattr(facts, name)).strip() for name in TEXTS}
    if values["status"] not in AdoptionStatus.values:
        raise Refused(_("Say how far you came."))
    if values["status"] == AdoptionStatus.STOPPED and not values["stop_reason"]:
        raise Refused(_("Say in a few words why it was stopped; others learn from it."))
    for name, value in values.items():
        field: Any = AdoptionReport._meta.get_field(name)
        limit = field.max_length or next((one.limit_value for one in field.validators if hasattr(one, "limit_value")), None)
        if limit and len(value) > limit:
            raise Refused(
                _("“%(field)s” has %(count)d letters; at most %(most)d are possible.")
                % {"field": field.verbose_name, "count": len(value), "most": limit}
            )
    if values["status"] != AdoptionStatus.STOPPED:
        values["stop_reason"] = ""
    if facts.evidence_file:
        values["evidence_file"] = facts.evidence_file
    return values


def canonical(case: CaseStudyPage | None) -> CaseStudyPage | None:
    """The case study in the language in which it was written first: adoptions of all its translations are the same."""
    if case is None or case.locale.language_code == "id":
        return case
    return CaseStudyPage.objects.filter(translation_key=case.translation_key, locale__language_code="id").first() or case


def cases_of(visit: Visit) -> list[CaseStudyPage]:
    """The case studies that a visit was about or was shown, each once, in their first language."""
    shown = CaseStudyPage.objects.filter(
        Q(pk__in=visit.case_studies.values("pk")) | Q(pk__in=visit.agenda_items.exclude(case_study=None).values("case_study"))
    ).select_related("locale")
    found = {case.translation_key: case for case in map(canonical, shown) if case and case.live}
    return sorted(found.values(), key=lambda case: case.title)


def round_of(visit: Visit, now: dt.datetime) -> int | None:
    """The latest question after a visit that is due: 3, 6 or 12 months, 0 before the first; None for a visit that did not take place."""
    day = day_of(visit)
    if visit.status != VisitStatus.COMPLETED or day is None:
        return None
    today = local_date(now)
    return max((months for months in MONTHS if day + relativedelta(months=months) <= today), default=0)


@transaction.atomic
def answer(visit: Visit, told: dict[CaseStudyPage, Facts], *, now: dt.datetime | None = None) -> list[AdoptionReport]:
    """Save what the contact person tells of a visit: reports about cases, or nothing, which ends the reminder too.

    Raises:
        Refused: the visit did not take place, or see report().
    """
    locked = Visit.objects.select_for_update(of=("self",)).select_related("slot", "region").get(pk=visit.pk)
    months = round_of(locked, now or timezone.now())
    if months is None or locked.region is None:
        raise Refused(_("This can be told after the visit has taken place."))
    reports = [
        report(locked.region, case, facts, visit=locked) for case, facts in told.items() if not _is_known(locked.region, case, facts)
    ]
    FollowUpAnswer.objects.get_or_create(visit=locked, months=months)
    if reports:
        outbox.notify_staff(
            locked,
            gettext_lazy("The guest told what became of the visit. Please read it under “Adoptions”."),
            pause=outbox.PAUSE_BETWEEN_NEWS,
        )
    return reports


def _is_known(region: Region, case: CaseStudyPage, facts: Facts) -> bool:
    """Whether staff accepted the same before, so that nobody has to read it again."""
    return (
        not facts.evidence_file
        and Adoption.objects.filter(region=region, case_study=canonical(case), inbound=False, **clean(facts)).exists()
    )


@transaction.atomic
def report(
    region: Region, case: CaseStudyPage | None, facts: Facts, *, visit: Visit | None = None, reporter: Reporter | None = None
) -> AdoptionReport:
    """Save a report for staff. The same report again, while it waits, returns the first one.

    Raises:
        Refused: something is missing or too long, or very many reports wait already.
    """
    reporter = reporter or Reporter()
    case, values = canonical(case), clean(facts)
    waiting = AdoptionReport.objects.filter(state=State.WAITING, region=region, visit=visit)
    texts = {name: value for name, value in values.items() if name != "evidence_file"}
    if twin := waiting.filter(case_study=case, reporter_email=reporter.email, **texts).first():
        return twin
    if waiting.count() >= MOST_WAITING:
        raise Refused(_("Many reports of your region wait to be read. Please wait until we have read them."))
    return AdoptionReport.objects.create(
        region=region, case_study=case, visit=visit, reporter_name=reporter.name, reporter_email=reporter.email, **values
    )


@transaction.atomic
def accept(told: AdoptionReport, facts: Facts, *, case: CaseStudyPage | None = None, by: User | None) -> Adoption:
    """Accept a report, as staff edited it: the adoption of the region and case is made or brought up to date.

    Args:
        facts: what becomes public.
        case: which case it is about, if the reporter named none or another one.

    Raises:
        Refused: somebody decided meanwhile, no case is named, or see clean().
    """
    current = _undecided(told)
    case = canonical(case or current.case_study)
    if case is None:
        raise Refused(_("Choose the case study that was adopted."))
    values, today = clean(facts), local_date(timezone.now())
    is_demo = bool(current.visit and current.visit.source == VisitSource.DEMO)
    adoption, created = Adoption.objects.select_for_update().get_or_create(
        region=current.region,
        case_study=case,
        inbound=False,
        defaults={**values, "visit": current.visit, "is_demo": is_demo, "reported_on": local_date(current.created_at), "changed_on": today},
    )
    if not created:
        if adoption.status != values["status"]:
            adoption.changed_on = today
        # What a later report leaves empty stays as it was told before, but for the reason of a stop that is over.
        for name, value in values.items():
            if value or name in ("status", "stop_reason"):
                setattr(adoption, name, value)
        adoption.visit = adoption.visit or current.visit
        adoption.save()
    if current.evidence_file and not values.get("evidence_file"):
        Adoption.objects.filter(pk=adoption.pk).update(evidence_file=current.evidence_file.name)
    _decide(current, State.ACCEPTED, by=by, adoption=adoption)
    log(instance=adoption, action="wagtail.create" if created else "wagtail.edit", user=by)
    return adoption


@transaction.atomic
def refuse(told: AdoptionReport, *, by: User | None) -> None:
    """Put a report aside; nothing becomes public. Raises Refused if somebody decided meanwhile."""
    _decide(_undecided(told), State.REFUSED, by=by)


@transaction.atomic
def save(adoption: Adoption, *, by: User | None) -> Adoption:
    """Save what staff know themselves about an adoption, for instance one that Binjai took over from another region."""
    today = local_date(timezone.now())
    before = Adoption.objects.select_for_update().filter(pk=adoption.pk).first() if adoption.pk else None
    adoption.case_study = canonical(adoption.case_study)
    adoption.reported_on = before.reported_on if before else today
    adoption.changed_on = before.changed_on if before and before.status == adoption.status else today
    adoption.save()
    log(instance=adoption, action="wagtail.edit" if before else "wagtail.create", user=by)
    return adoption


@transaction.atomic
def remove(adoption: Adoption, *, by: User | None) -> None:
    """Delete an adoption that was entered by mistake; its reports go with it."""
    log(instance=adoption, action="wagtail.delete", user=by)
    adoption.delete()


def forget_reporters(now: dt.datetime) -> int:
    """Remove names and addresses of those who reported long ago; returns how many."""
    named = AdoptionReport.objects.filter(created_at__lt=now - REPORTER_KEPT_FOR).exclude(reporter_name="", reporter_email="")
    return named.update(reporter_name="", reporter_email="")


def waiting() -> QuerySet[AdoptionReport]:
    """Reports that nobody decided on, the oldest first."""
    return AdoptionReport.objects.filter(state=State.WAITING).order_by("created_at", "pk")


def _undecided(told: AdoptionReport) -> AdoptionReport:
    current = AdoptionReport.objects.select_for_update(of=("self",)).select_related("region", "visit").get(pk=told.pk)
    if current.state != State.WAITING:
        raise Refused(_("Somebody else has decided on this report meanwhile: %(state)s.") % {"state": current.get_state_display()})
    return current


def _decide(current: AdoptionReport, state: State, *, by: User | None, adoption: Adoption | None = None) -> None:
    current.state, current.adoption, current.decided_at, current.decided_by = state, adoption, timezone.now(), by
    current.save(update_fields=["state", "adoption", "decided_at", "decided_by"])
