"""Everything that the site holds about one person, found by the register of personal fields."""

import json
import re
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from knowledge_hub.core.encrypted import Encrypted, or_encrypted
from knowledge_hub.core.personal_fields import REGISTER, PersonalField
from visits.models import Certificate, Delegate, OfficePaper, OutboundMessage, Visit

SHORTEST = 4
"""Letters of a name that is looked for in texts; shorter ones stand in other words."""

ABOUT_READERS = ("PageFeedback", "FailedSearch", "Query", "ModelLogEntry", "DBTaskResult")
"""Models outside of visits in whose texts a guest can stand. Accounts of staff and published pages are the editors' concern."""

CONTACT = ("contact_name", "contact_position", "contact_email", "contact_phone")
OF_DELEGATE = ("name", "position", "unit", "rank", "nip", "needs", "person_key")


@dataclass(frozen=True)
class Person:
    """A person by the rows that are about nobody else.

    Attributes:
        delegates: primary keys of delegates.
        contact_of: primary keys of visits whose contact person it is.
        words: names, mail addresses, telephone and staff numbers; they are looked for in texts.
    """

    delegates: frozenset[int]
    contact_of: frozenset[int]
    words: frozenset[str]
    visits: frozenset[int] = field(default=frozenset())

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds any of the words as whole words, in upper or lower case; None without a word."""
        found = sorted((word for word in self.words if len(word) >= SHORTEST), key=len, reverse=True)
        return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in found), re.IGNORECASE) if found else None


@dataclass(frozen=True)
class Holding:
    """A value of a declared field that is about the person.

    Attributes:
        is_own: the row is about nobody else; otherwise the value mentions the person.
    """

    declared: PersonalField
    row: models.Model
    value: Any
    is_own: bool


def find(delegates: Collection[int], contact_of: Collection[int], *, words: Collection[str] = ()) -> Person:
    """The person whom these rows are about. ``words`` are further names or addresses."""
    rows = list(Delegate.objects.filter(pk__in=delegates))
    visits = list(Visit.objects.filter(pk__in=contact_of))
    known = {value for row in rows for value in (row.name, or_encrypted(row, "nip")) if not isinstance(value, Encrypted)}
    known |= {value for visit in visits for value in (visit.contact_name, visit.contact_email, visit.contact_phone)}
    return Person(
        frozenset(row.pk for row in rows),
        frozenset(visit.pk for visit in visits),
        frozenset(word.strip() for word in {*known, *words} if word.strip() and not is_removed(word)),
        frozenset({row.visit_id for row in rows} | {visit.pk for visit in visits}),
    )


def candidates(name: str, email: str, visit: Visit | None) -> tuple[QuerySet[Delegate], QuerySet[Visit]]:
    """Delegates of the same name, and visits with this contact address; staff decide which of them are the person."""
    of_address = Visit.objects.filter(contact_email__iexact=email) if email else Visit.objects.none()
    return Delegate.objects.filter(name__iexact=name.strip()).select_related("visit"), of_address


@cache
def path_to_visit(model: Any) -> str | None:
    """The shortest way of foreign keys from a model to its visit, as filters spell it; "pk" for visits; None without one."""
    if model is Visit:
        return "pk"
    waiting: deque[tuple[type[models.Model], str]] = deque([(model, "")])
    seen = {model}
    while waiting:
        current, path = waiting.popleft()
        for key in current._meta.concrete_fields:
            target = key.related_model
            if isinstance(target, type) and target is Visit:
                return f"{path}{key.name}"
            if isinstance(target, type) and target._meta.app_label == "visits" and target not in seen:
                seen.add(target)
                waiting.append((target, f"{path}{key.name}__"))
    return None


def holdings(person: Person, *, carrying: Any) -> Iterator[Holding]:
    """Every value about the person in a declared field; what is empty or was removed does not count.

    Args:
        carrying: the kinds of office papers on which a field stands (visits.documents.all_papers).
    """
    own_papers = {
        kind
        for (label, name), declared in REGISTER.items()
        if (label == "visits.Delegate" and person.delegates) or (label == "visits.Visit" and name in CONTACT and person.contact_of)
        for kind in carrying(declared)
    }
    for label, fields in groupby(sorted(REGISTER.values(), key=str), key=lambda declared: declared.model):
        declared = list(fields)
        for row in _rows(apps.get_model(label), declared, person):
            for one in declared:
                value = or_encrypted(row, one.field)
                is_own = _is_own(row, one.field, person, own_papers)
                if value and not is_removed(value) and (is_own or mentions(person, value)):
                    yield Holding(one, row, value, is_own)


def mentions(person: Person, value: Any) -> bool:
    """Whether a text or a JSON value contains one of the person's words. Files and encrypted values do not."""
    if person.pattern is None or isinstance(value, Encrypted | models.fields.files.FieldFile):
        return False
    if isinstance(value, dict | list):
        return any(mentions(person, part) for part in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and person.pattern.search(value) is not None


REMOVED = "[dihapus]"
"""Stands for what was removed where something must stand."""


def is_removed(value: Any) -> bool:
    """Whether a value says only that something was removed."""
    return value.startswith(REMOVED) if isinstance(value, str) else isinstance(value, dict) and "erased" in value


def _rows(model: type[models.Model], declared: list[PersonalField], person: Person) -> QuerySet:
    rows: QuerySet = model._default_manager.all()
    if model is OutboundMessage:
        # Mails about a request of the person go with the request.
        rows = rows.filter(data_request=None)
    if model._meta.app_label == "visits":
        path = path_to_visit(model)
        is_bound = path is not None and (model is Visit or not model._meta.get_field(path.split("__")[0]).null)
        within = Q(**{f"{path}__in": person.visits}) if path else Q(pk__in=[])
        return rows.filter(within if is_bound else within | _saying(declared, person))
    return rows.filter(_saying(declared, person)) if model.__name__ in ABOUT_READERS else rows.none()


def _saying(declared: list[PersonalField], person: Person) -> Q:
    """Rows of which a field may contain one of the words; mentions() decides."""
    found = Q(pk__in=[])
    for word in person.words:
        # JSON is stored with escapes.
        spellings = {word, json.dumps(word)[1:-1]} if len(word) >= SHORTEST else set()
        for one in declared:
            for spelling in spellings:
                found |= Q(**{f"{one.field}__icontains": spelling})
    return found


def _is_own(row: models.Model, name: str, person: Person, own_papers: set[str]) -> bool:
    match row:
        case Delegate():
            return row.pk in person.delegates
        case Visit():
            return row.pk in person.contact_of and name in CONTACT
        case Certificate():
            return row.delegate_id in person.delegates and name in ("snapshot", "credential", "file")
        case OfficePaper():
            return row.kind in own_papers and name == "file"
    return False
