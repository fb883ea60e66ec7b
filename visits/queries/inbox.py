"""Reads for the staff's list of visits: the order by urgency, the queues, and the time left for an answer."""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from knowledge_hub.models import Region
from visits.domain.calendar_days import VENUE_ZONE, closed_dates, local_date
from visits.enums import AWAITS_DECISION, FINISHED, Actor, VisitStatus
from visits.models import CalendarException, IncomingLetter, Proposal, Visit, WaitlistEntry
from visits.models.programme import working_days

_WAITS_FOR_A_PLACE = Q(status=VisitStatus.SUBMITTED, slot__isnull=True, answer_due_at__isnull=True)
_OFFERED = Q(status=VisitStatus.PROPOSED, answer_due_at__isnull=True)
"""The guest must answer a date that staff or the waiting list proposed."""

_AWAITS_US = Q(status__in=[VisitStatus.SUBMITTED, VisitStatus.PROPOSED]) & ~_WAITS_FOR_A_PLACE & ~_OFFERED


def day_bounds(date: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Start of a date and of the next one at the venue."""
    return dt.datetime.combine(date, dt.time.min, VENUE_ZONE), dt.datetime.combine(date + dt.timedelta(days=1), dt.time.min, VENUE_ZONE)


def visits() -> QuerySet[Visit]:
    """All visits with the data of the list, the most urgent first; one query.

    Order: requests that wait for staff, by the date of the answer, and scheduled visits whose guest asks for another date
    (``asks_for_date``); requests that wait for the guest or for a place; scheduled visits by date; unconfirmed requests; finished
    visits, the latest first.
    """
    has_letter = IncomingLetter.objects.filter(visit=OuterRef("pk")).exclude(file="")
    waiting = WaitlistEntry.objects.filter(visit=OuterRef("pk"), is_open=True)
    return (
        Visit.objects.select_related("programme", "slot", "region__parent")
        .annotate(
            has_letter=Exists(has_letter),
            asks_for_date=_guest_asks(),
            waits_from=Subquery(waiting.values("from_date")[:1]),
            waits_until=Subquery(waiting.values("until_date")[:1]),
            urgency=Case(
                When(_AWAITS_US | Q(_guest_asks()), then=0),
                When(status__in=[VisitStatus.NEEDS_INFO, VisitStatus.SUBMITTED, VisitStatus.PROPOSED], then=1),
                When(status=VisitStatus.APPROVED, then=2),
                When(status=VisitStatus.UNVERIFIED, then=3),
                default=4,
                output_field=IntegerField(),
            ),
        )
        .order_by(
            "urgency",
            F("answer_due_at").asc(nulls_last=True),
            Case(When(status__in=FINISHED, then=None), default=F("slot__starts_at")).asc(nulls_last=True),
            F("slot__starts_at").desc(nulls_last=True),
            "-pk",
        )
    )


def _guest_asks() -> Exists:
    """Whether staff must answer the guest's proposal of another date."""
    return Exists(Proposal.objects.open().filter(visit=OuterRef("pk"), by=Actor.GUEST))


def queue_filter(queue: str, now: dt.datetime) -> Q:
    """The condition of a queue: ``answer``, ``overdue``, ``guest``, ``waiting``, ``today``, ``week``."""
    today = local_date(now)
    start, end = day_bounds(today)
    monday = today - dt.timedelta(days=today.isoweekday() - 1)
    return {
        "answer": _AWAITS_US | Q(_guest_asks()),
        "overdue": _AWAITS_US & Q(answer_due_at__lt=now),
        "guest": Q(status=VisitStatus.NEEDS_INFO) | _OFFERED,
        "waiting": Q(waitlist_entries__is_open=True),
        "today": Q(status__in=[VisitStatus.APPROVED, VisitStatus.COMPLETED], slot__starts_at__gte=start, slot__starts_at__lt=end),
        "week": Q(
            status__in=AWAITS_DECISION | {VisitStatus.APPROVED, VisitStatus.COMPLETED},
            slot__starts_at__gte=day_bounds(monday)[0],
            slot__starts_at__lt=day_bounds(monday + dt.timedelta(days=7))[0],
        ),
    }[queue]


def in_period(start: dt.date | None, end: dt.date | None) -> Q:
    """Visits from ``start`` to ``end`` (both included), also recorded ones without a session."""
    condition = Q()
    if start:
        condition &= Q(slot__starts_at__gte=day_bounds(start)[0]) | Q(slot__isnull=True, recorded_date__gte=start)
    if end:
        condition &= Q(slot__starts_at__lt=day_bounds(end)[1]) | Q(slot__isnull=True, recorded_date__lte=end)
    return condition


@dataclass(frozen=True)
class Due:
    """When an answer is due, in words, and how urgent it is: ``late``, ``soon``, ``calm``, or empty if none is due."""

    text: str
    tone: str = ""


class WorkingDays:
    """Counts working days around today; closed days are read once for all rows."""

    def __init__(self, now: dt.datetime, *, horizon: int = 120):
        self.now = now
        self.today = local_date(now)
        self.closed = closed_dates(self.today - dt.timedelta(days=horizon), self.today + dt.timedelta(days=horizon))

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after ``start`` up to and including ``end``; 0 if ``end`` is not later."""
        days = (start + dt.timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(1 for day in days if day.isoweekday() <= 5 and day not in self.closed)

    def due(self, visit: Visit) -> Due:
        """The time that is left to answer a request."""
        if getattr(visit, "asks_for_date", False) and visit.status not in AWAITS_DECISION:
            return Due(_("Guest asks for another date"), "soon")
        if visit.status not in AWAITS_DECISION:
            return Due("")
        if visit.answer_due_at is None and visit.slot_id is None:
            return Due(_("Waiting list"))
        if visit.answer_due_at is None:
            return Due(_("Clock stopped"))
        date = local_date(visit.answer_due_at)
        if visit.answer_due_at < self.now:
            late = max(1, self.between(date, self.today))
            return Due(_("%(time)s overdue") % {"time": working_days(late)}, "late")
        left = self.between(self.today, date)
        if left == 0:
            return Due(_("Answer due today"), "soon")
        return Due(_("%(time)s left") % {"time": working_days(left)}, "soon" if left <= 2 else "calm")


@dataclass(frozen=True)
class Counts:
    """Data of the panel on the home page."""

    waiting: int
    overdue: int
    today: list[Visit]


def counts(now: dt.datetime) -> Counts:
    """Requests that wait for an answer, those whose answer is late, and the visits of today; three queries."""
    return Counts(
        waiting=Visit.objects.filter(queue_filter("answer", now)).count(),
        overdue=Visit.objects.filter(queue_filter("overdue", now)).count(),
        today=list(Visit.objects.select_related("programme", "slot").filter(queue_filter("today", now)).order_by("slot__starts_at")),
    )


def visits_on(exception: CalendarException) -> int:
    """Number of open and scheduled visits on the day of a calendar entry, for its programme or for all."""
    start, end = day_bounds(exception.date)
    visits_of_day = Visit.objects.filter(
        status__in=AWAITS_DECISION | {VisitStatus.APPROVED}, slot__starts_at__gte=start, slot__starts_at__lt=end
    )
    return visits_of_day.filter(programme=exception.programme).count() if exception.programme_id else visits_of_day.count()


def provinces() -> list[tuple[str, str]]:
    """Codes and names of the provinces for the filter; cached for five minutes."""
    return cache.get_or_set(
        "visits.provinces", lambda: list(Region.objects.filter(parent__isnull=True).order_by("name").values_list("code", "name")), 300
    )
