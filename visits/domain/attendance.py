"""Attendance: events are only added; the last one of a delegate counts, and a check-in counts until it is annulled.

Phones at the door send their events when they have network, so events may arrive late, twice, and in another order than they happened.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from knowledge_hub.models import User
from visits.domain import badges
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.domain.delegates import unprintable
from visits.domain.errors import Refused
from visits.domain.preconditions import require_session
from visits.enums import AttendanceKind, AttendanceSource, VisitStatus
from visits.models import AttendanceEvent, Delegate, Visit
from visits.models.delegation import person_key

PRESENT = frozenset({AttendanceKind.CHECKED_IN, AttendanceKind.WALK_IN})
"""Kinds of the last event of a delegate who attended."""

CLOCK_TOLERANCE = dt.timedelta(minutes=5)
"""By how much the clock of a phone may differ before the time of its events is uncertain."""


def with_last_event(visit: Visit) -> QuerySet[Delegate]:
    """The visit's delegates, each with ``last_kind`` and ``last_at``. Both are None without an event.

    For a person who is present they tell the check-in: the first one after which nothing was annulled, because two phones may have checked
    in the same person. Otherwise they tell the latest event.
    """
    return visit.delegates.annotate(last_kind=_counting("kind"), last_at=_counting("at"))


def attended(visit: Visit) -> QuerySet[Delegate]:
    """Delegates who attended, in the order of protocol."""
    return visit.delegates.annotate(last_kind=_counting("kind"), last_at=_counting("at")).filter(last_kind__in=PRESENT)


def _counting(name: str) -> Coalesce:
    """A field of the event that counts. An absence does not end a presence: the check-in may have waited on a phone without network."""
    events = AttendanceEvent.objects.filter(delegate=OuterRef("pk"))
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    annulled = AttendanceEvent.objects.filter(later, delegate=OuterRef("delegate"), kind=AttendanceKind.ANNULLED)
    arrivals = events.filter(~Exists(annulled), kind__in=PRESENT).order_by("at", "pk")
    return Coalesce(Subquery(arrivals.values(name)[:1]), Subquery(events.order_by("-at", "-pk").values(name)[:1]))


def require_receiving(visit: Visit) -> None:
    """Raises Refused unless guests of this visit can be checked in now."""
    if visit.status != VisitStatus.APPROVED:
        raise Refused(
            _("Guests are checked in for scheduled visits only; this one is “%(status)s”.") % {"status": visit.get_status_display()}
        )
    if local_date(timezone.now()) < local_date(require_session(visit).starts_at):
        raise Refused(_("Guests are checked in on the day of the visit."))


@dataclass(frozen=True)
class Entry:
    """An event as it was recorded at the door, perhaps hours ago and without network.

    Attributes:
        nonce: made where the event was recorded; the same one again is the same event.
        delegate: primary key; None for a code, or for a person who came unannounced.
        code: a scanned or typed code that the phone does not know.
        name, position, unit: of a person who came unannounced.
        device_at: time by the clock of the phone; None if the event happens now.
        clock_offset: what had to be added to that clock when the phone last reached the server.
        source: where it was recorded.
    """

    kind: AttendanceKind
    nonce: uuid.UUID = field(default_factory=uuid.uuid4)
    delegate: int | None = None
    code: str = ""
    name: str = ""
    position: str = ""
    unit: str = ""
    device_at: dt.datetime | None = None
    clock_offset: dt.timedelta = dt.timedelta()
    source: AttendanceSource = AttendanceSource.DESK


@dataclass(frozen=True)
class Receipt:
    """What became of an entry.

    Attributes:
        delegate: primary key of the person; None if it was refused.
        refusal: why it was not recorded, as a sentence.
        is_uncertain: the clock of the phone was wrong, so the time is an estimate.
        is_late: it was recorded now, after the visit was completed.
    """

    nonce: uuid.UUID
    delegate: int | None = None
    refusal: str = ""
    is_uncertain: bool = False
    is_late: bool = False


@transaction.atomic
def receive(
    visit_pk: int,
    entries: Sequence[Entry],
    *,
    by: User | None,
    device: str = "",
    clock_offset: dt.timedelta | None = None,
) -> list[Receipt]:
    """Add the events of a visit that are not known yet, and tell what became of each. A refused one does not keep the others back.

    Four queries for any number of events, and some more for each code and each person who came unannounced.

    Args:
        visit_pk: the visit.
        entries: in the order in which they were recorded.
        by: who sent them.
        device: name of the phone.
        clock_offset: what has to be added to its clock now; by it a clock that was set meanwhile is noticed.

    Raises:
        Visit.DoesNotExist: there is no such visit.
    """
    visit, people = _lock(visit_pk, {entry.delegate for entry in entries if entry.delegate})
    own = Q(visit=visit_pk, device=device) if device else Q()
    known = {event.nonce: event for event in AttendanceEvent.objects.filter(Q(nonce__in=[entry.nonce for entry in entries]) | own)}
    receipts, new = [], []
    for entry in entries:
        if (twin := known.get(entry.nonce)) is not None:
            receipts.append(_receipt_again(entry, twin, visit))
            continue
        try:
            _require_acceptable(visit, entry, is_late=bool(device))
            delegate, kind = _person_of(visit, entry, people)
        except Refused as refusal:
            receipts.append(Receipt(entry.nonce, refusal=str(refusal)))
            continue
        earlier = [event.at for event in known.values() if event.delegate_id == delegate.pk and event.device == device]
        at, is_uncertain = _moment(visit, entry, clock_offset, max(earlier, default=None) if device else None)
        event = AttendanceEvent(
            visit=visit,
            delegate=delegate,
            kind=kind,
            by=by,
            nonce=entry.nonce,
            source=entry.source,
            at=at,
            device_at=entry.device_at,
            device=device,
        )
        known[entry.nonce] = event
        new.append(event)
        is_late = visit.status == VisitStatus.COMPLETED
        receipts.append(Receipt(entry.nonce, delegate.pk, is_uncertain=is_uncertain, is_late=is_late))
    if new:
        AttendanceEvent.objects.bulk_create(new)
        _log(visit, new, {receipt.nonce for receipt in receipts if receipt.is_uncertain}, by)
    return receipts


def _lock(visit_pk: int, delegates: set[int]) -> tuple[Visit, dict[int, Delegate]]:
    """The visit with its row lock, and those of its delegates; one query if there is one of them."""
    rows = Delegate.objects.select_for_update(of=("visit",)).select_related("visit__slot").filter(visit=visit_pk, pk__in=delegates)
    people = {delegate.pk: delegate for delegate in rows} if delegates else {}
    if people:
        return next(iter(people.values())).visit, people
    return Visit.objects.select_for_update(of=("self",)).select_related("slot").get(pk=visit_pk), people


def _log(visit: Visit, events: Sequence[AttendanceEvent], uncertain: set[uuid.UUID], by: User | None) -> None:
    """Write all entries in one query; log() takes three for each."""
    content_type = ContentType.objects.get_for_model(visit)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=content_type,
            object_id=str(visit.pk),
            label=str(visit),
            action="visits.attendance",
            data={"event": event.kind, "delegate": event.delegate_id, "uncertain": event.nonce in uncertain},
            timestamp=timezone.now(),
            user=by,
        )
        for event in events
    )


def _receipt_again(entry: Entry, event: AttendanceEvent, visit: Visit) -> Receipt:
    if event.visit_id != visit.pk:
        return Receipt(entry.nonce, refusal=_("This entry was recorded for another visit."))
    return Receipt(entry.nonce, event.delegate_id)


def _require_acceptable(visit: Visit, entry: Entry, *, is_late: bool) -> None:
    """Raises Refused unless the event may be added; a phone without network may report after the visit is completed who came."""
    if is_late and visit.status == VisitStatus.COMPLETED:
        if entry.kind not in PRESENT:
            raise Refused(_("The visit is completed, so nothing can be annulled at the door any more. Tell the protocol division."))
        return
    require_receiving(visit)


def _person_of(visit: Visit, entry: Entry, people: dict[int, Delegate]) -> tuple[Delegate, AttendanceKind]:
    """The delegate, who is added to the list if nobody announced this person, and the kind of the event."""
    if entry.kind == AttendanceKind.WALK_IN and not entry.delegate:
        return _newcomer(visit, entry)
    if entry.code:
        found = badges.find(visit, entry.code)
        if found is None:
            raise Refused(_("Nobody has this code. Look for the name, or add the person."))
        if found.visit_id != visit.pk:
            raise Refused(
                _("This badge belongs to another visit: %(reference)s, %(organisation)s.")
                % {"reference": found.visit.reference or "–", "organisation": found.visit.organisation}
            )
        return found, entry.kind
    delegate = people.get(entry.delegate or 0)
    if delegate is None:
        raise Refused(_("This person is not on the list of this visit. Look at the list again."))
    return delegate, entry.kind


def _newcomer(visit: Visit, entry: Entry) -> tuple[Delegate, AttendanceKind]:
    """A person who came unannounced; one whom another phone has added meanwhile is checked in."""
    name, position, unit = entry.name.strip(), entry.position.strip(), entry.unit.strip()
    if not name:
        raise Refused(_("Enter the name of the person."))
    twin = visit.delegates.filter(person_key=person_key(name, position)).first()
    if twin:
        return twin, AttendanceKind.CHECKED_IN
    delegate = Delegate(visit=visit, name=name, position=position, unit=unit, walk_in=True, protocol_order=visit.delegates.count() + 1)
    if errors := unprintable(delegate):
        raise Refused(" ".join([*(error.message for error in errors), _("Add the person again.")]))
    badges.give(delegate, badges.codes_of(visit))
    delegate.save()
    return delegate, AttendanceKind.WALK_IN


def _moment(visit: Visit, entry: Entry, clock_offset: dt.timedelta | None, earlier: dt.datetime | None) -> tuple[dt.datetime, bool]:
    """When the event happened, and whether that is uncertain.

    The clock of a phone may be wrong: its time is corrected by what it was wrong at the last contact. A time that cannot be is replaced by
    now. Events of one phone about one person keep their order.
    """
    now = timezone.now()
    if entry.device_at is None:
        return now, False
    day = local_date(require_session(visit).starts_at)
    corrected = entry.device_at + entry.clock_offset
    was_set = clock_offset is not None and abs(clock_offset - entry.clock_offset) > CLOCK_TOLERANCE
    possible = dt.datetime.combine(day, dt.time.min, VENUE_ZONE) <= corrected <= now + CLOCK_TOLERANCE
    at = min(corrected, now) if possible else now
    return max(at, earlier or at), was_set or not possible


def record(
    delegate: Delegate,
    kind: AttendanceKind,
    *,
    by: User | None,
    nonce: uuid.UUID | None = None,
    source: AttendanceSource = AttendanceSource.DESK,
) -> AttendanceEvent:
    """Add an attendance event. The same ``nonce`` again (a double click, a list sent twice) returns the first event.

    Raises:
        Refused: the visit is not scheduled or its day has not come.
    """
    entry = Entry(kind, nonce or uuid.uuid4(), delegate=delegate.pk, source=source)
    [receipt] = receive(delegate.visit_id, [entry], by=by)
    if receipt.refusal:
        raise Refused(receipt.refusal)
    return AttendanceEvent.objects.get(nonce=entry.nonce)


@transaction.atomic
def record_absent(visit: Visit, *, by: User | None) -> int:
    """Record that those of whom nothing is known did not come; returns how many.

    Raises:
        Refused: the visit is not scheduled or its day has not come.
    """
    current = Visit.objects.select_for_update(of=("self",)).select_related("slot").get(pk=visit.pk)
    require_receiving(current)
    entries = [Entry(AttendanceKind.ABSENT, delegate=delegate.pk) for delegate in unrecorded(current)]
    return len(receive(current.pk, entries, by=by))


def unrecorded(visit: Visit) -> QuerySet[Delegate]:
    """Delegates of whom is not known whether they came: they were neither checked in nor recorded as absent."""
    return visit.delegates.annotate(last_kind=_counting("kind")).filter(Q(last_kind=None) | Q(last_kind=AttendanceKind.ANNULLED))


@transaction.atomic
def record_from_sheet(delegate: Delegate, *, by: User | None) -> None:
    """Record that a delegate attended, from the signed sheet; also after completion. Does nothing for one who is checked in.

    Raises:
        Refused: the visit did not take place or its day has not come.
    """
    visit = Visit.objects.select_for_update(of=("self",)).select_related("slot").get(pk=delegate.visit_id)
    if visit.status != VisitStatus.COMPLETED:
        require_receiving(visit)
    if attended(visit).filter(pk=delegate.pk).exists():
        return
    kind = AttendanceKind.WALK_IN if delegate.walk_in else AttendanceKind.CHECKED_IN
    AttendanceEvent.objects.create(visit=visit, delegate=delegate, kind=kind, by=by, source=AttendanceSource.SHEET, at=timezone.now())
    log(instance=visit, action="visits.attendance", user=by, data={"event": kind, "delegate": delegate.pk})


@transaction.atomic
def add_walk_in(
    visit: Visit, *, name: str, position: str = "", unit: str = "", by: User | None, nonce: uuid.UUID | None = None
) -> Delegate:
    """Add a person who came unannounced and check them in. The same nonce again returns the same person.

    Raises:
        Refused: no name was given, the person is on the list already, or as record() does.
    """
    entry = Entry(AttendanceKind.WALK_IN, nonce or uuid.uuid4(), name=name, position=position, unit=unit)
    # Under the lock that receive() takes again, so that nobody adds this person in between.
    current = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    is_known = AttendanceEvent.objects.filter(nonce=entry.nonce).exists()
    if not is_known and current.delegates.filter(person_key=person_key(name.strip(), position.strip())).exists():
        raise Refused(_("This person is on the list already. Check them in there."))
    [receipt] = receive(visit.pk, [entry], by=by)
    if receipt.refusal:
        raise Refused(receipt.refusal)
    return visit.delegates.get(attendance_events__nonce=entry.nonce)


def present_among(delegates: QuerySet[Delegate]) -> QuerySet[Delegate]:
    """Those of the delegates who attended; the delegates may be of any visits, also of a subquery."""
    return delegates.annotate(last_kind=_counting("kind")).filter(last_kind__in=PRESENT)
