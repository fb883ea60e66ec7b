"""Personal data that is deleted when its purpose is over."""

import datetime as dt
from collections.abc import Callable, Collection

from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log

from knowledge_hub.core.personal_fields import REGISTER, PersonalField
from visits.domain.stored_files import delete_after_commit
from visits.models import Delegate, OfficePaper, Visit

NEEDS_KEPT_FOR = dt.timedelta(days=7)
"""Special needs tell of a person's health; a week after the visit nobody needs them."""

NIP_KEPT_FOR = dt.timedelta(days=180)
"""Until the travel papers of the delegation are settled."""


def purge(now: dt.datetime, *, carrying: Callable[[PersonalField], Collection[str]]) -> int:
    """Empty the fields of delegates whose time is over, visits that were called off included; returns how many were emptied.

    Args:
        carrying: the kinds of office papers on which a field stands; papers that were made of them are deleted with it.
    """
    times = ((field, field.kept.length) for field in purged_fields())
    return sum(_empty(field, now - length, carrying(field)) for field, length in times if length is not None)


def purged_fields() -> list[PersonalField]:
    """Fields that the register says purge() deletes; all belong to delegates."""
    name = f"{purge.__module__}.{purge.__name__}"
    return [field for field in REGISTER.values() if field.kept.deleted_by == name]


@transaction.atomic
def _empty(field: PersonalField, before: dt.datetime, kinds: Collection[str]) -> int:
    rows = Delegate.objects.filter(visit__slot__ends_at__lt=before).exclude(**{field.field: ""})
    visits = list(Visit.objects.filter(pk__in=rows.values("visit")).distinct())
    emptied = rows.update(**{field.field: ""})
    remove_papers(OfficePaper.objects.filter(visit__in=visits, kind__in=kinds))
    for visit in visits:
        log(instance=visit, action="visits.purged", data={"field": field.field})
    return emptied


@transaction.atomic
def remove_papers(papers: QuerySet[OfficePaper]) -> int:
    """Delete office papers with their files, which go when the transaction is kept; returns how many."""
    found = list(papers)
    for paper in found:
        delete_after_commit(paper.file)
    papers.filter(pk__in=[paper.pk for paper in found]).delete()
    return len(found)
