"""The list of delegates: guests save it as a whole or not at all, until the day before the visit. Staff: delegate_corrections.py."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from knowledge_hub.core.encrypted import or_encrypted
from knowledge_hub.models import User
from knowledge_hub.models.contact import how_to_reach_us
from knowledge_hub.papers import PaperRefused
from knowledge_hub.papers.names import clean_name
from visits.domain import badges, lifecycle
from visits.domain.calendar_days import local_date
from visits.domain.changes import differences, person
from visits.domain.errors import Refused
from visits.enums import AWAITS_DECISION, Actor, VisitStatus
from visits.models import Delegate, Visit
from visits.models.delegation import MASK, mask, person_key

FIELDS = ("name", "position", "unit", "rank", "nip", "needs")
NIP_DIGITS = 18


@dataclass(frozen=True)
class DelegateRow:
    """One person as typed or uploaded. ``row`` is the row number that the reader sees, counted as in the spreadsheet."""

    row: int
    name: str
    position: str = ""
    unit: str = ""
    rank: str = ""
    nip: str = ""
    needs: str = ""


@dataclass(frozen=True)
class RowError:
    """An error in a cell. ``field`` is a name of FIELDS, or empty for the whole row."""

    row: int
    field: str
    message: str


class DelegatesRefused(Refused):
    """The list has errors and was not saved. ``errors`` holds them by row and cell."""

    def __init__(self, errors: Sequence[RowError]):
        self.errors = tuple(errors)
        super().__init__(_("Nothing was saved yet: correct the marked entries first."))


def can_edit(visit: Visit) -> bool:
    """Whether guests may change the list: from the confirmed request until the day before the visit."""
    if visit.status not in AWAITS_DECISION | {VisitStatus.APPROVED} or not visit.slot:
        return False
    return local_date(timezone.now()) < local_date(visit.slot.starts_at)


PRINTED = {"name": 120, "position": 150, "unit": 200}
"""Fields on badges and certificates, and how many letters they hold."""


def check_rows(visit: Visit, rows: Sequence[DelegateRow]) -> list[RowError]:
    """All errors of a guest's list, by row and cell; empty if it can be saved."""
    errors = check_people(visit, rows)
    if len(rows) > visit.seats_held:
        errors.append(
            RowError(
                rows[visit.seats_held].row,
                "",
                ngettext(
                    "Your visit has %(count)d seat. Remove people, or ask us for more seats.",
                    "Your visit has %(count)d seats. Remove people, or ask us for more seats.",
                    visit.seats_held,
                )
                % {"count": visit.seats_held},
            )
        )
    return errors


def check_people(visit: Visit, rows: Sequence[DelegateRow]) -> list[RowError]:
    """The errors of single people, and people who are entered twice. Rows with the number 0 are not on the reader's form."""
    errors = []
    seen: dict[str, int] = {}
    for row in rows:
        delegate = Delegate(visit=visit, **{field: getattr(row, field).strip() for field in FIELDS})
        try:
            delegate.clean_fields(exclude=["visit", "person_key"])
        except ValidationError as error:
            errors += [RowError(row.row, field, " ".join(messages)) for field, messages in error.message_dict.items()]
        else:
            errors += unprintable(delegate, row.row)
        if not is_masked(row.nip) and (nip := nip_digits(row.nip)) and (len(nip) != NIP_DIGITS or not nip.isascii() or not nip.isdigit()):
            errors.append(RowError(row.row, "nip", _("A NIP has 18 digits. Correct it, or leave it empty.")))
        key = person_key(delegate.name, delegate.position)
        if delegate.name and key in seen:
            twin = seen[key]
            sentence = _("The same person is already in row %(row)d.") % {"row": twin} if twin else _("This person is on the list already.")
            errors.append(RowError(row.row, "name", sentence))
        seen.setdefault(key, row.row)
    return errors


def unprintable(delegate: Delegate, row: int = 0) -> list[RowError]:
    """Errors of texts with signs that no paper can show, such as emoji."""
    errors = []
    for name, longest in PRINTED.items():
        if value := getattr(delegate, name):
            try:
                clean_name(value, longest=longest)
            except PaperRefused as refusal:
                errors.append(RowError(row, name, str(refusal)))
    return errors


def nip_digits(nip: str) -> str:
    """A NIP without spaces, dots and dashes."""
    return re.sub(r"[\s.\-]", "", nip)


def for_log(name: str, value: str) -> str:
    """A value as the log keeps it: the history is kept longer than NIP and special needs, which may tell of the person's health."""
    if name == "nip":
        return mask(value)
    if name == "needs":
        return MASK if value else ""
    return value


def is_masked(nip: str) -> bool:
    """Whether a form sent back the masked NIP: then the stored one stays."""
    return nip.strip().startswith(MASK)


@transaction.atomic
def replace_list(visit: Visit, rows: Sequence[DelegateRow], *, user: User | None = None) -> list[Delegate]:
    """Replace the visit's delegates by this list; people who are in both keep their row.

    Raises:
        DelegatesRefused: with the errors by row and cell; nothing is saved.
        Refused: the list can no longer be changed, or the visit changed meanwhile.
    """
    current = lifecycle.lock(visit)
    if not can_edit(current) and user is None:
        raise Refused(
            _("The list can be changed until the day before the visit. Please contact us: %(contact)s") % {"contact": how_to_reach_us()}
        )
    errors = check_rows(current, rows)
    if errors:
        raise DelegatesRefused(errors)
    existing = {delegate.person_key: delegate for delegate in current.delegates.all()}
    numbers = {delegate.masked_nip: nip for delegate in existing.values() if (nip := or_encrypted(delegate, "nip"))}
    codes = {delegate.badge_code for delegate in existing.values()}
    changed, added, kept = [], [], []
    for order, row in enumerate(rows, start=1):
        values = {field: getattr(row, field).strip() for field in FIELDS}
        delegate = existing.pop(person_key(values["name"], values["position"]), None) or Delegate(visit=current)
        stored = or_encrypted(delegate, "nip")
        known = {delegate.masked_nip: stored} if stored else numbers
        values["nip"] = known.get(values["nip"], "") if is_masked(values["nip"]) else nip_digits(values["nip"])
        before = {field: for_log(field, stored if field == "nip" else getattr(delegate, field)) for field in FIELDS}
        for field, value in values.items():
            setattr(delegate, field, value)
        if delegate._state.adding:
            added.append(delegate.name)
        elif changes := differences(before, {field: for_log(field, value) for field, value in values.items()}):
            changed.append({"delegate": delegate.pk, "fields": changes})
        delegate.protocol_order = order
        badges.give(delegate, codes)
        delegate.save()
        kept.append(delegate)
    removed = [delegate for delegate in existing.values() if not delegate.attendance_events.exists()]
    Delegate.objects.filter(pk__in=[delegate.pk for delegate in removed]).delete()
    names = {"added": added, "removed": [delegate.name for delegate in removed], "changed": changed}
    by = Actor.GUEST if user is None else Actor.STAFF
    log(instance=current, action="visits.delegates", user=user, data={"count": len(kept), **names, "by": by, **person(current, by)})
    return kept
