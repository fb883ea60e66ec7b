"""Attendance: events are only added; the last one of a delegate counts."""

import uuid

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import badges
from visits.domain.calendar_days import local_date
from visits.domain.errors import Refused
from visits.domain.preconditions import require_session
from visits.enums import AttendanceKind, AttendanceSource, VisitStatus
from visits.models import AttendanceEvent, Delegate, Visit
from visits.models.delegation import person_key

PRESENT = frozenset({AttendanceKind.CHECKED_IN, AttendanceKind.WALK_IN})
"""Kinds of the last event of a delegate who attended."""


def with_last_event(visit: Visit) -> QuerySet[Delegate]:
    """The visit's delegates, each with ``last_kind`` and ``last_at`` of the latest event (None without an event)."""
    return visit.delegates.annotate(last_kind=_last("kind"), last_at=_last("at"))


def _last(field: str) -> Subquery:
    events = AttendanceEvent.objects.filter(delegate=OuterRef("pk")).order_by("-at", "-pk")
    return Subquery(events.values(field)[:1])


def attended(visit: Visit) -> QuerySet[Delegate]:
    """Delegates who attended, in the order of protocol."""
    return with_last_event(visit).filter(last_kind__in=PRESENT)


def _refuse_unless_receiving(visit: Visit) -> None:
    if visit.status != VisitStatus.APPROVED:
        raise Refused(
            _("Guests are checked in for scheduled visits only; this one is “%(status)s”.") % {"status": visit.get_status_display()}
        )
    if local_date(timezone.now()) < local_date(require_session(visit).starts_at):
        raise Refused(_("Guests are checked in on the day of the visit."))


@transaction.atomic
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
    nonce = nonce or uuid.uuid4()
    visit = Visit.objects.select_for_update(of=("self",)).select_related("slot").get(pk=delegate.visit_id)
    existing = AttendanceEvent.objects.filter(nonce=nonce).first()
    if existing:
        return existing
    _refuse_unless_receiving(visit)
    event = AttendanceEvent.objects.create(visit=visit, delegate=delegate, kind=kind, by=by, nonce=nonce, source=source, at=timezone.now())
    log(instance=visit, action="visits.attendance", user=by, data={"event": kind, "delegate": delegate.pk})
    return event


@transaction.atomic
def record_from_sheet(delegate: Delegate, *, by: User | None) -> None:
    """Record that a delegate attended, from the signed sheet; also after completion. Does nothing for one who is checked in.

    Raises:
        Refused: the visit did not take place or its day has not come.
    """
    visit = Visit.objects.select_for_update(of=("self",)).select_related("slot").get(pk=delegate.visit_id)
    if visit.status != VisitStatus.COMPLETED:
        _refuse_unless_receiving(visit)
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
    nonce = nonce or uuid.uuid4()
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    existing = AttendanceEvent.objects.filter(nonce=nonce).select_related("delegate").first()
    if existing:
        return existing.delegate
    name, position, unit = name.strip(), position.strip(), unit.strip()
    if not name:
        raise Refused(_("Enter the name of the person."))
    if visit.delegates.filter(person_key=person_key(name, position)).exists():
        raise Refused(_("This person is on the list already. Check them in there."))
    delegate = Delegate(visit=visit, name=name, position=position, unit=unit, walk_in=True, protocol_order=visit.delegates.count() + 1)
    badges.give(delegate, badges.codes_of(visit))
    delegate.save()
    record(delegate, AttendanceKind.WALK_IN, by=by, nonce=nonce)
    return delegate
