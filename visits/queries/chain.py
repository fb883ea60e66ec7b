"""The chain of a case study: who was shown it, what they asked, who adopted it. One place for all public numbers.

Everything is read at once and kept until a visit, a question or an adoption changes (knowledge_hub/core/content_cache.py).
Nothing here names a person.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from knowledge_hub.core import content_cache
from knowledge_hub.models import CaseStudyPage, Region
from visits.enums import ADOPTED, AdoptionMode, AdoptionStatus
from visits.models import Adoption, Question
from visits.queries.public import completed_visits


@dataclass(frozen=True)
class AdoptionRow:
    """An adoption as the public sees it; ``case_key`` is the same in all languages."""

    pk: int
    region: str
    region_code: str
    province_code: str
    organisation: str
    case_key: str
    title: str
    status: AdoptionStatus
    mode: str
    stop_reason: str
    description: str
    evidence_url: str
    figure: str
    figure_before: str
    figure_after: str
    learnt_from: str
    inbound: bool
    source: str
    changed_on: dt.date

    @property
    def status_label(self) -> str:
        """The status in words, in the active language."""
        return str(self.status.label)

    @property
    def mode_label(self) -> str:
        """How it is adopted, in words; empty if nobody said."""
        return str(AdoptionMode(self.mode).label) if self.mode else ""

    @property
    def is_adopted(self) -> bool:
        """Whether something is in use."""
        return self.status in ADOPTED

    @property
    def is_stopped(self) -> bool:
        """Whether it was given up."""
        return self.status is AdoptionStatus.STOPPED


@dataclass
class Sums:
    """Numbers of a region, a province or a case study."""

    visits: int = 0
    people: int = 0
    questions: int = 0
    provinces: set[str] = field(default_factory=set)
    adoptions: list[AdoptionRow] = field(default_factory=list)

    @property
    def adopted(self) -> int:
        """Regions in which something is in use."""
        return len({row.region_code for row in self.adoptions if row.is_adopted})

    @property
    def stopped(self) -> list[AdoptionRow]:
        """Adoptions that were given up."""
        return [row for row in self.adoptions if row.is_stopped]

    @property
    def wanted(self) -> list[AdoptionRow]:
        """Interest and plans."""
        return [row for row in self.adoptions if not row.is_adopted and not row.is_stopped]


@dataclass(frozen=True)
class Chain:
    """All sums. ``regions`` holds provinces with what happened in their name, without their regencies and cities."""

    regions: dict[str, Sums]
    cases: dict[str, Sums]
    inbound: tuple[AdoptionRow, ...]
    names: dict[str, str]
    parents: dict[str, str]

    @property
    def visits(self) -> int:
        """Visits that took place, also those whose region is not known."""
        return sum(sums.visits for sums in self.regions.values())

    @property
    def people(self) -> int:
        """Members of all delegations, as far as the number is known."""
        return sum(sums.people for sums in self.regions.values())

    @property
    def visiting(self) -> list[str]:
        """Codes of regions from which somebody came."""
        return [code for code, sums in self.regions.items() if code and sums.visits]

    @property
    def adoptions(self) -> list[AdoptionRow]:
        """What other regions adopted."""
        return [row for sums in self.regions.values() for row in sums.adoptions]

    @property
    def adopters(self) -> int:
        """Regions in which something is in use."""
        return len({row.region_code for row in self.adoptions if row.is_adopted})

    def province_of(self, code: str) -> str:
        """Code of the province of a region, or its own."""
        return self.parents.get(code) or code

    @property
    def provinces(self) -> dict[str, Sums]:
        """Sums of each province with its regencies and cities."""
        found: dict[str, Sums] = defaultdict(Sums)
        for code, sums in self.regions.items():
            if code:
                into = found[self.province_of(code)]
                into.visits += sums.visits
                into.people += sums.people
                into.adoptions.extend(sums.adoptions)
        return dict(found)


def chain() -> Chain:
    """All sums; cached. Never change it."""
    return content_cache.get_or_set("chain", _read)


def of_case(case: CaseStudyPage) -> Sums:
    """The sums of a case study in any language."""
    return chain().cases.get(str(case.translation_key), Sums())


def of_region(region: Region) -> Sums:
    """The sums of a region; of a province with its regencies and cities."""
    found = chain()
    return found.regions.get(region.pk, Sums()) if region.parent_id else found.provinces.get(region.pk, Sums())


def _read() -> Chain:
    regions: dict[str, Sums] = defaultdict(Sums)
    cases: dict[str, Sums] = defaultdict(Sums)
    known = {code: (name, parent or "") for code, name, parent in Region.objects.values_list("pk", "name", "parent_id")}
    by_region = completed_visits().order_by().values_list("region_id").annotate(Count("pk"), Sum("group_size"))
    for code, count, people in by_region:
        regions[code or ""].visits, regions[code or ""].people = count, people or 0
    shown = completed_visits().filter(case_studies__isnull=False).order_by()
    by_case = shown.values_list("case_studies__translation_key", Coalesce("region__parent_id", "region_id")).annotate(
        Count("pk", distinct=True)
    )
    for key, province, count in by_case:
        cases[str(key)].visits += count
        if province:
            cases[str(key)].provinces.add(province)
    asked = Question.objects.filter(state=Question.State.ACCEPTED, visit__in=completed_visits()).exclude(answer="").order_by()
    for key, count in asked.values_list("case_study__translation_key").annotate(Count("pk")):
        if key:
            cases[str(key)].questions = count
    rows = list(_adoptions())
    for row in rows:
        if not row.inbound:
            regions[row.region_code].adoptions.append(row)
            cases[row.case_key].adoptions.append(row)
    return Chain(
        regions=dict(regions),
        cases=dict(cases),
        inbound=tuple(row for row in rows if row.inbound),
        names={code: name for code, (name, _parent) in known.items()},
        parents={code: parent for code, (_name, parent) in known.items()},
    )


def _adoptions() -> Iterable[AdoptionRow]:
    found = (
        Adoption.objects.filter(is_demo=False).select_related("region", "case_study", "learnt_from__region").order_by("-changed_on", "-pk")
    )
    for one in found:
        yield AdoptionRow(
            pk=one.pk,
            region=one.region.name,
            region_code=one.region_id,
            province_code=one.region.parent_id or one.region_id,
            organisation=one.organisation,
            case_key=str(one.case_study.translation_key) if one.case_study else "",
            title=one.what,
            status=AdoptionStatus(one.status),
            mode=one.mode,
            stop_reason=one.stop_reason,
            description=one.description,
            evidence_url=one.evidence_url,
            figure=one.figure,
            figure_before=one.figure_before,
            figure_after=one.figure_after,
            learnt_from=one.learnt_from.region.name if one.learnt_from else "",
            inbound=one.inbound,
            source=one.source,
            changed_on=one.changed_on,
        )
