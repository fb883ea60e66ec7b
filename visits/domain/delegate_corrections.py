"""Staff enter and correct delegates at any time with a reason; certificates concerned are made anew in the same step."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from wagtail.log_actions import log

from knowledge_hub.core.encrypted import Encrypted, or_encrypted
from knowledge_hub.models import User
from visits.domain import attendance, badges, certificates, conversation, outbox
from visits.domain.calendar_days import local_date
from visits.domain.delegates import FIELDS, PRINTED, DelegateRow, DelegatesRefused, RowError, check_people, for_log, is_masked, nip_digits
from visits.domain.errors import Refused
from visits.enums import AWAITS_DECISION, MessageKind, VisitStatus
from visits.models import Delegate, Visit
from visits.models.delegation import mask, person_key


@dataclass(frozen=True)
class CorrectedRow:
    """One person on the form of staff.

    Attributes:
        person: the values of the row.
        pk: primary key of the delegate; None for a new person.
        seen: fingerprint() of the values that the form showed; empty for a new person.
        came: the signed sheet says that the person attended.
        remove: the person is to be taken off the list.
    """

    person: DelegateRow
    pk: int | None = None
    seen: str = ""
    came: bool = False
    remove: bool = False


@dataclass
class Correction:
    """What was changed.

    Attributes:
        changed: for each corrected person the key and the values before and after, by field; NIP and special needs are hidden.
        added, removed: names.
        certificates: how many certificates are made anew or for the first time.
    """

    changed: list[dict] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    came: int = 0
    certificates: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.changed or self.added or self.removed or self.came)


def fingerprint(delegate: Delegate) -> str:
    """Tells whether somebody changed a delegate since a form was shown."""
    return hashlib.sha256("\0".join(or_encrypted(delegate, name) for name in FIELDS).encode()).hexdigest()[:16]


def staff_may_correct(visit: Visit) -> bool:
    """Whether staff may enter and correct delegates: from the confirmed request on, also after the visit."""
    return visit.status in AWAITS_DECISION | {VisitStatus.APPROVED, VisitStatus.COMPLETED} and visit.slot_id is not None


def day_has_come(visit: Visit) -> bool:
    """Whether the day of the visit is today or past."""
    return visit.slot is not None and local_date(visit.slot.starts_at) <= local_date(timezone.now())


@transaction.atomic
def correct(visit: Visit, rows: Sequence[CorrectedRow], *, by: User | None, reason: str) -> Correction:
    """Correct the list for staff: people who are not among ``rows`` stay as they are.

    Certificates concerned are replaced or made again in the same step, and the contact person is told. A second click changes
    nothing.

    Raises:
        DelegatesRefused: with the errors by row and cell; nothing is saved.
        Refused: the visit has no list, or no reason was given.
    """
    current = Visit.objects.select_for_update(of=("self",)).select_related("programme", "slot", "region").get(pk=visit.pk)
    if not staff_may_correct(current):
        raise Refused(_("The list of a visit that is “%(status)s” cannot be changed.") % {"status": current.get_status_display()})
    existing = {delegate.pk: delegate for delegate in current.delegates.all()}
    kept, errors = _changing(existing, rows)
    people = _people_after(existing, kept, rows)
    errors += [*_too_many(current, existing, people), *_errors_on_form(current, people, kept), *_not_removable(existing, rows)]
    if errors:
        raise DelegatesRefused(errors)
    done = Correction()
    _remove(existing, rows, done)
    saved = _save(current, existing, kept, done)
    came = [delegate for delegate, row in saved if row.came]
    done.came = _enter_attendance(current, came, by)
    if done.is_empty:
        return done
    reason = reason.strip()
    if not reason:
        raise Refused(_("Give a reason, so that the other side understands."))
    concerned = {change["delegate"] for change in done.changed if set(change["fields"]) & set(PRINTED)}
    made = [certificates.correct(delegate, by=by, reason=reason) for delegate, _row in saved if delegate.pk in concerned]
    done.certificates = sum(certificate is not None for certificate in made)
    if came and current.status == VisitStatus.COMPLETED:
        done.certificates += len(certificates.plan(current, only={delegate.pk for delegate in came}))
    changes = {"changed": done.changed, "added": done.added, "removed": done.removed, "came": done.came, "reason": reason}
    log(instance=current, action="visits.delegates_corrected", user=by, data=changes)
    _tell_guest(current, done, reason, by)
    return done


def _save(
    visit: Visit, existing: dict[int, Delegate], kept: Sequence[CorrectedRow], done: Correction
) -> list[tuple[Delegate, CorrectedRow]]:
    """Save the rows; those that changed are written into ``done``."""
    codes = badges.codes_of(visit)
    order = max((delegate.protocol_order for delegate in existing.values()), default=0)
    saved = []
    for row in kept:
        delegate = existing.get(row.pk or 0)
        if delegate is None:
            order += 1
            delegate = Delegate(visit=visit, protocol_order=order, walk_in=day_has_come(visit))
        if changes := _write(delegate, row.person):
            if delegate.pk:
                done.changed.append({"delegate": delegate.pk, "fields": changes})
            else:
                done.added.append(delegate.name)
            badges.give(delegate, codes)
            delegate.save()
        saved.append((delegate, row))
    return saved


def _enter_attendance(visit: Visit, came: Sequence[Delegate], by: User | None) -> int:
    """Record those who are not checked in yet as present; returns how many."""
    present = set(attendance.attended(visit).values_list("pk", flat=True)) if came else set()
    missing = [delegate for delegate in came if delegate.pk not in present]
    for delegate in missing:
        attendance.record_from_sheet(delegate, by=by)
    return len(missing)


def _changing(existing: dict[int, Delegate], rows: Sequence[CorrectedRow]) -> tuple[list[CorrectedRow], list[RowError]]:
    """Rows that may change something, and the errors of rows that somebody else changed or removed since the form was shown."""
    kept, errors = [], []
    known = {delegate.person_key: delegate for delegate in existing.values()}
    posted = {row.pk for row in rows}
    for row in rows:
        if row.remove:
            continue
        if row.pk is None:
            twin = known.get(person_key(row.person.name, row.person.position))
            if twin and twin.pk not in posted and not _differences(twin, row.person):
                # A second click: this person was added by the first.
                row = replace(row, pk=twin.pk)
            kept.append(row)
            continue
        delegate = existing.get(row.pk)
        if delegate is None:
            errors.append(RowError(row.person.row, "", _("Somebody else took this person off the list meanwhile. Look at the list again.")))
        elif not _differences(delegate, row.person) or fingerprint(delegate) == row.seen:
            kept.append(row)
        elif fingerprint(_as_typed(delegate, row.person)) == row.seen:
            # Only somebody else changed this row: it stays as it is now.
            kept.append(replace(row, person=_row_of(delegate, row.person.row)))
        else:
            errors.append(
                RowError(
                    row.person.row,
                    "",
                    _("Somebody else changed this person meanwhile; it now says: %(name)s, %(position)s. Look at it again.")
                    % {"name": delegate.name, "position": delegate.position or "–"},
                )
            )
    return kept, errors


def _values(delegate: Delegate, person: DelegateRow) -> dict[str, str]:
    """The values of a row as they are stored; a masked NIP means the stored one."""
    values = {name: getattr(person, name).strip() for name in FIELDS}
    values["nip"] = or_encrypted(delegate, "nip") if is_masked(values["nip"]) else nip_digits(values["nip"])
    return values


def _row_of(delegate: Delegate, number: int) -> DelegateRow:
    values = {name: or_encrypted(delegate, name) for name in FIELDS}
    # As a form would send it back: a masked number means the stored one.
    values["nip"] = mask(values["nip"]) if isinstance(values["nip"], Encrypted) else values["nip"]
    return DelegateRow(number, **values)


def _as_typed(delegate: Delegate, person: DelegateRow) -> Delegate:
    return Delegate(**_values(delegate, person))


def _differences(delegate: Delegate, person: DelegateRow) -> dict[str, str]:
    return {name: value for name, value in _values(delegate, person).items() if value != or_encrypted(delegate, name)}


def _write(delegate: Delegate, person: DelegateRow) -> dict[str, list[str]]:
    """Write the values; returns those before and after by field, as the log keeps them."""
    changes = {}
    for name, value in _differences(delegate, person).items():
        before = or_encrypted(delegate, name)
        setattr(delegate, name, value)
        changes[name] = [for_log(name, before), for_log(name, value)]
    return changes


def _people_after(existing: dict[int, Delegate], kept: Sequence[CorrectedRow], rows: Sequence[CorrectedRow]) -> list[DelegateRow]:
    """The whole list as it would be, people who are not on the form included (as rows without a number)."""
    on_form = {row.pk for row in kept} | {row.pk for row in rows if row.remove}
    others = [_row_of(one, 0) for pk, one in existing.items() if pk not in on_form]
    return others + [row.person for row in kept]


def _errors_on_form(visit: Visit, people: Sequence[DelegateRow], kept: Sequence[CorrectedRow]) -> list[RowError]:
    """Errors of the rows on the form; entries that were accepted before and are not on it are left alone."""
    numbers = {row.person.row for row in kept}
    return [error for error in check_people(visit, people) if error.row in numbers]


def _too_many(visit: Visit, existing: dict[int, Delegate], people: Sequence[DelegateRow]) -> list[RowError]:
    """Before the day there must be a seat for everybody; afterwards the list says who came."""
    if day_has_come(visit) or len(people) <= max(visit.seats_held, len(existing)):
        return []
    sentence = ngettext(
        "The visit holds %(count)d seat. Take people off the list, or give the visit more seats first.",
        "The visit holds %(count)d seats. Take people off the list, or give the visit more seats first.",
        visit.seats_held,
    )
    return [RowError(people[-1].row, "", sentence % {"count": visit.seats_held})]


def _not_removable(existing: dict[int, Delegate], rows: Sequence[CorrectedRow]) -> list[RowError]:
    """Errors of people who cannot be taken off the list, because they were recorded at the reception or have a certificate."""
    sentence = _("This person was recorded at the reception or has a certificate, and stays on the list.")
    wanted = [(existing[row.pk], row) for row in rows if row.remove and row.pk in existing]
    return [RowError(row.person.row, "", sentence) for one, row in wanted if one.attendance_events.exists() or one.certificates.exists()]


def _remove(existing: dict[int, Delegate], rows: Sequence[CorrectedRow], done: Correction) -> None:
    for row in rows:
        if row.remove and row.pk in existing:
            done.removed.append(existing[row.pk].name)
            existing.pop(row.pk).delete()


def _tell_guest(visit: Visit, done: Correction, reason: str, by: User | None) -> None:
    """Write what was corrected to the contact person, by mail and in the thread, in the guest's language."""
    with override(visit.language):
        names = []
        current = dict(visit.delegates.values_list("pk", "name"))
        for change in done.changed:
            name = current[change["delegate"]]
            before = change["fields"].get("name", [""])[0]
            names.append(f"{before} → {name}" if before else name)
        lines = [_("Corrected: %(names)s") % {"names": "; ".join(names)}] if names else []
        if done.added:
            lines.append(_("Added: %(names)s") % {"names": "; ".join(done.added)})
        if done.removed:
            lines.append(_("Taken off the list: %(names)s") % {"names": "; ".join(done.removed)})
        if done.came and not done.added:
            lines.append(_("Attendance was entered from the signed sheet."))
        if done.certificates:
            lines.append(
                _("The certificates concerned are made anew; earlier ones are not valid any more, and their verification page says so.")
            )
        lines.append(_("Reason: %(reason)s") % {"reason": reason})
    text = "\n".join(lines)[:4000]
    conversation.add_host_message(visit, text, author=by)
    outbox.queue(visit, MessageKind.CORRECTED, note=text)
