"""Making a person anonymous: a plan without effect, the removal with its proof, and the same again after a backup was restored.

Numbers stay: how many came, from where, when, and who attended. What the archives law keeps (letters, minutes, registers) stays as long
as its schedule says, and the report names it.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.log_actions import log

from knowledge_hub.core import backups
from knowledge_hub.core.personal_fields import REGISTER, Event, PersonalField
from knowledge_hub.models import User
from visits.domain import draft_letters, people
from visits.domain.people import REMOVED, Holding, Person
from visits.domain.privacy import remove_papers
from visits.domain.stored_files import delete_after_commit
from visits.enums import CertificateStatus
from visits.models import AgendaItem, Certificate, DataRequest, Erasure, Gift, OfficePaper, SavedDraft, Visit, VisitPhoto

Carrying = Callable[[PersonalField], Collection[str]]

PROOF = "visits.DataRequest"
"""Kept for its own time, because it proves that we answered."""

REDRAWN = ("visits.OfficePaper", "visits.Certificate", "wagtailcore.ModelLogEntry")
"""Archived too, but made of rows: papers and certificates go with the person; the log keeps what was done and by whom."""

VISITS_A_DAY = 200
"""Old visits that are made anonymous in one run, so that the clock goes on."""


@dataclass(frozen=True)
class Plan:
    """What an erasure removes, keeps and cannot see.

    Attributes:
        removed: declared fields with the number of values that go.
        kept: fields with the number of values that the archives law keeps.
        by_hand: files in which only a person can see whether somebody is on them.
    """

    removed: dict[str, int]
    kept: dict[str, int]
    by_hand: dict[str, int]


class Incomplete(Exception):
    """Something about the person is left after the removal; nothing was changed. ``str()`` names the fields."""


def is_archived(declared: PersonalField) -> bool:
    """Whether the law keeps a field, whoever asks."""
    return declared.model == PROOF or (declared.kept.since == Event.ARCHIVED and declared.model not in REDRAWN)


def plan(person: Person, *, carrying: Carrying) -> Plan:
    """What erase() would do; changes nothing."""
    removed: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for holding in people.holdings(person, carrying=carrying):
        (kept if is_archived(holding.declared) else removed)[str(holding.declared)] += 1
    visits = Visit.objects.filter(pk__in=person.visits)
    files = {
        "visits.VisitPhoto.picture": VisitPhoto.objects.filter(visit__in=visits).count(),
        "visits.Gift.photo": Gift.objects.filter(visit__in=visits).exclude(photo="").count(),
        "visits.AgendaItem.material": AgendaItem.objects.filter(visit__in=visits).exclude(material="").count(),
        "visits.IncomingLetter.file": sum(visit.letters.exclude(file="").count() for visit in visits),
    }
    return Plan(dict(removed), dict(kept), {name: count for name, count in files.items() if count})


@transaction.atomic
def erase(person: Person, *, by: User | None, carrying: Carrying, request: DataRequest | None = None) -> Erasure:
    """Remove a person from every declared field that the archives law does not keep; returns the proof.

    Raises:
        Incomplete: something is left; the transaction must be rolled back.
    """
    before = plan(person, carrying=carrying)
    for holding in list(people.holdings(person, carrying=carrying)):
        if not is_archived(holding.declared):
            _remove(holding, person)
    left = {str(one.declared) for one in people.holdings(person, carrying=carrying) if not is_archived(one.declared)}
    if left:
        raise Incomplete(", ".join(sorted(left)))
    report = {"removed": before.removed, "kept": before.kept, "by_hand": before.by_hand, "left": 0}
    for visit in Visit.objects.filter(pk__in=person.visits):
        log(instance=visit, action="visits.erased", user=by, data={"values": sum(before.removed.values())})
    delegates, contact_of = sorted(person.delegates), sorted(person.contact_of)
    transaction.on_commit(lambda: _note(delegates, contact_of, person))
    return Erasure.objects.create(request=request, by=by, delegates=delegates, contact_of=contact_of, report=report)


def _remove(holding: Holding, person: Person) -> None:
    row, name = holding.row, holding.declared.field
    field: Any = row._meta.get_field(name)
    if isinstance(row, OfficePaper) and isinstance(field, models.FileField):
        remove_papers(OfficePaper.objects.filter(pk=row.pk))
    elif isinstance(row, SavedDraft):
        _delete_draft(row)
    elif name == "query_string":
        # A search for a name says nothing else, and two of them would become one.
        row._meta.model._base_manager.filter(pk=row.pk).delete()
    elif isinstance(row, Certificate) and holding.is_own:
        _withdraw(row, person)
    elif holding.is_own:
        _write(row, name, _nothing(row, field))
    else:
        _write(row, name, _without(field, row, person))


def _delete_draft(draft: SavedDraft) -> None:
    """Delete a saved request with its letter; one that was deleted already is fine."""
    if stored := draft.values.get("letter_file", {}).get("stored"):
        transaction.on_commit(partial(draft_letters.delete, stored))
    SavedDraft.objects.filter(pk=draft.pk).delete()


def _withdraw(certificate: Certificate, person: Person) -> None:
    """Keep number and date of a certificate, and say that it is withdrawn."""
    own = {value for key in ("name", "position", "unit", "rank") if (value := certificate.snapshot.get(key))}
    words = frozenset({*person.words, *(word for word in own if not people.is_removed(word))})
    delete_after_commit(certificate.file)
    Certificate.objects.filter(pk=certificate.pk).update(
        status=CertificateStatus.REPLACED if certificate.replaced_by_id else CertificateStatus.REVOKED,
        withdrawn_at=certificate.withdrawn_at or timezone.now(),
        withdrawal_reason=REMOVED,
        snapshot=_replaced(certificate.snapshot, Person(frozenset(), frozenset(), words)) | {"erased": REMOVED},
        credential="",
        file="",
    )


def _nothing(row: models.Model, field: models.Field) -> str:
    """What stands in an own field afterwards: nothing, or that something was removed where it must not be empty or unique."""
    if field.name == "person_key":
        return f"{REMOVED} {row.pk}"
    return REMOVED if field.name in ("name", "contact_name") else ""


def _without(field: models.Field, row: models.Model, person: Person) -> Any:
    """A value that mentions the person, without the person; an address that must be there becomes one that does not exist."""
    value = getattr(row, field.name)
    if isinstance(field, models.EmailField):
        return "" if field.blank else f"dihapus-{row.pk}@contoh.invalid"
    if isinstance(field, models.JSONField):
        return _replaced(value, person)
    limit = getattr(field, "max_length", None)
    return _replaced(value, person)[:limit]


def _replaced(value: Any, person: Person) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(part, person) for key, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, person) for part in value]
    return person.pattern.sub(REMOVED, value) if isinstance(value, str) and person.pattern else value


def _write(row: models.Model, name: str, value: Any) -> None:
    # By update(): no save() may compute anything anew from what is removed.
    row._meta.model._base_manager.filter(pk=row.pk).update(**{name: value})
    setattr(row, name, value)


# Restored backups hold everybody again; this file is beside the database, and knows keys only.


def list_of_erasures() -> Path:
    """The file with the keys of everybody who was erased, one line each; backups hold copies."""
    return settings.VAR_DIR / backups.ERASURES


def _hash(word: str) -> str:
    return salted_hmac("visits.erasure", word.casefold(), settings.SIGNING_KEY, algorithm="sha256").hexdigest()


def _note(delegates: list[int], contact_of: list[int], person: Person) -> None:
    line = {"delegates": delegates, "contact_of": contact_of, "words": sorted(_hash(word) for word in person.words if "@" in word)}
    with list_of_erasures().open("a") as file:
        file.write(json.dumps(line) + "\n")


def apply_again(*, carrying: Carrying, lists: Iterable[Path] = ()) -> int:
    """Erase everybody once more who was erased before; run after a restore. Returns how many had come back.

    Args:
        lists: further lists, of the backups at hand.
    """
    paths, count = [path for path in (list_of_erasures(), *lists) if path.exists()], 0
    lines = {line for path in paths for line in path.read_text().splitlines() if line.strip()}
    for line in sorted(lines):
        known = json.loads(line)
        for draft in SavedDraft.objects.all():
            if _hash(draft.email) in known["words"]:
                _delete_draft(draft)
        person = people.find(known["delegates"], known["contact_of"])
        if any(not is_archived(one.declared) for one in people.holdings(person, carrying=carrying)):
            erase(person, by=None, carrying=carrying)
            count += 1
    return count


# What goes by itself after a time.


def anonymised_fields() -> list[PersonalField]:
    """Fields that the register says anonymise_old() removes."""
    name = f"{anonymise_old.__module__}.{anonymise_old.__name__}"
    return [declared for declared in REGISTER.values() if declared.kept.deleted_by == name]


def anonymise_old(now: dt.datetime, *, carrying: Carrying) -> int:
    """Make visits anonymous that ended so long ago that nobody may be named any more; returns how many.

    Visits that never took place count from the day of the request. Times of attendance stay: without a name they are numbers.
    """
    declared = anonymised_fields()
    length = max(one.kept.length or dt.timedelta(0) for one in declared)
    ended = Q(slot__ends_at__lt=now - length) | Q(slot=None, recorded_date__lt=(now - length).date())
    never = Q(slot=None, recorded_date=None, created_at__lt=now - length)
    visits = list(Visit.objects.filter(ended | never, anonymised_at=None).order_by("pk")[:VISITS_A_DAY])
    for visit in visits:
        _anonymise(visit, declared, now, carrying)
    return len(visits)


@transaction.atomic
def _anonymise(visit: Visit, declared: list[PersonalField], now: dt.datetime, carrying: Carrying) -> None:
    for one in declared:
        model: Any = apps.get_model(one.model)
        name = one.field
        field: Any = model._meta.get_field(name)
        rows = model._base_manager.filter(**{f"{people.path_to_visit(model)}": visit.pk})
        if isinstance(field, models.FileField):
            for row in rows.exclude(**{name: ""}):
                delete_after_commit(getattr(row, name))
            rows.update(**{name: ""})
        elif isinstance(field, models.JSONField):
            rows.update(**{name: field.get_default()})
        elif isinstance(field, models.EmailField | models.CharField | models.TextField):
            for row in rows:
                _write(row, name, _emptied(row, field))
    kinds = {kind for one in declared for kind in carrying(one)}
    remove_papers(OfficePaper.objects.filter(visit=visit, kind__in=kinds))
    Visit.objects.filter(pk=visit.pk).update(anonymised_at=now, revision=F("revision") + 1)
    log(instance=visit, action="visits.erased", data={"values": len(declared)})


def _emptied(row: models.Model, field: models.Field) -> str:
    if isinstance(field, models.EmailField) and not field.blank:
        return f"dihapus-{row.pk}@contoh.invalid"
    if field.blank and field.name not in ("name", "contact_name"):
        return ""
    return f"{REMOVED} {row.pk}" if field.name == "person_key" else REMOVED
