"""Reads for the staff's list of visits: the order by urgency, the queues, and the time left for an answer."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.language import active_language
from knowledge_hub.models import ContactSettings, Region
from visits.domain.calendar_days import VENUE_ZONE, closed_dates, local_date
from visits.enums import AWAITS_DECISION, FINISHED, Actor, ExceptionEffect, VisitStatus
from visits.models import (
    Allocation,
    CalendarException,
    IncomingLetter,
    Programme,
    ProgrammeNeed,
    Proposal,
    SavedFilter,
    Visit,
    WaitlistEntry,
)
from visits.models.programme import working_days
from visits.queries.rows_as_json import JSONList, PreparedLists, ValuesAsJSON

_WAITS_FOR_A_PLACE = Q(status=VisitStatus.SUBMITTED, slot__isnull=True, answer_due_at__isnull=True)
_OFFERED = Q(status=VisitStatus.PROPOSED, answer_due_at__isnull=True)
"""The guest must answer a date that staff or the waiting list proposed."""

NOBODY = 0
"""Key of no user."""

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
        Visit.objects.select_related("programme", "slot", "region__parent", "assigned_to")
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


def listed(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """The visits of visits() with only those fields that the list shows."""
    return visits.select_related(None).select_related("programme", "slot", "region", "assigned_to").only(*_LISTED)


_LISTED = (
    "organisation",
    "reference",
    "status",
    "source",
    "group_size",
    "recorded_date",
    "answer_due_at",
    "programme__name_id",
    "programme__name_en",
    "slot__starts_at",
    "region__name",
    "assigned_to__username",
    "assigned_to__first_name",
    "assigned_to__last_name",
)


def _guest_asks() -> Exists:
    """Whether staff must answer the guest's proposal of another date."""
    return Exists(Proposal.objects.open().filter(visit=OuterRef("pk"), by=Actor.GUEST))


QUEUES = {
    "new": gettext_lazy("New, not taken yet"),
    "answer": gettext_lazy("Waiting for our answer"),
    "overdue": gettext_lazy("Answer overdue"),
    "room": gettext_lazy("Needs a room or host"),
    "guest": gettext_lazy("Waiting for the guest"),
    "waiting": gettext_lazy("On the waiting list"),
    "today": gettext_lazy("Today"),
    "week": gettext_lazy("This week"),
    "mine": gettext_lazy("Mine"),
}
"""The queues of the inbox, in the order of their tabs."""


def moments(now: dt.datetime) -> dict[str, dt.datetime]:
    """The moments that queue_conditions() compares with."""
    today = local_date(now)
    monday = today - dt.timedelta(days=today.isoweekday() - 1)
    start, end = day_bounds(today)
    return {
        "now": now,
        "today": start,
        "tomorrow": end,
        "monday": day_bounds(monday)[0],
        "next_monday": day_bounds(monday + dt.timedelta(days=7))[0],
    }


def queue_conditions(at: Mapping[str, Any], user: int) -> dict[str, Q]:
    """The condition of each queue.

    Args:
        at: see moments().
        user: primary key of the officer whose visits are “mine”.
    """
    host = Q(host_contact_phone="", programme__host_contact_phone="") & ~Q(Exists(ContactSettings.objects.exclude(phone="")))
    ahead = Q(status=VisitStatus.APPROVED, slot__starts_at__gte=at["now"])
    return {
        "new": _AWAITS_US & Q(assigned_to=None),
        "answer": _AWAITS_US | Q(_guest_asks()),
        "overdue": _AWAITS_US & Q(answer_due_at__lt=at["now"]),
        "room": ahead & (Q(_lacks_resources()) | _lacks_place() | host),
        "guest": Q(status=VisitStatus.NEEDS_INFO) | _OFFERED,
        "waiting": Q(Exists(WaitlistEntry.objects.filter(visit=OuterRef("pk"), is_open=True))),
        "today": Q(
            status__in=[VisitStatus.APPROVED, VisitStatus.COMPLETED], slot__starts_at__gte=at["today"], slot__starts_at__lt=at["tomorrow"]
        ),
        "week": Q(
            status__in=AWAITS_DECISION | {VisitStatus.APPROVED, VisitStatus.COMPLETED},
            slot__starts_at__gte=at["monday"],
            slot__starts_at__lt=at["next_monday"],
        ),
        "mine": Q(assigned_to=user, status__in=AWAITS_DECISION | {VisitStatus.APPROVED}),
    }


def _lacks_resources() -> Exists:
    """Whether a visit has fewer rooms, people or vehicles of a kind than its programme needs."""
    held = Allocation.objects.filter(visit=OuterRef(OuterRef("pk")), active=True, resource__kind=OuterRef("kind"))
    count = held.order_by().values("visit").annotate(number=Count("pk")).values("number")
    needs = ProgrammeNeed.objects.filter(programme=OuterRef("programme")).order_by()
    return Exists(needs.filter(quantity__gt=Coalesce(Subquery(count), 0)))


def _lacks_place() -> Q:
    """Whether guests cannot be told where to go: no link of an online session; no place of the visit, its rooms or its programme."""
    room = Allocation.objects.filter(visit=OuterRef("pk"), active=True, resource__kind__is_place=True)
    online = Q(programme__is_online=True, meeting_url="")
    return online | (Q(programme__is_online=False, place="", programme__venue_id="") & ~Q(Exists(room)))


def queue_filter(queue: str, now: dt.datetime, user: int = NOBODY) -> Q:
    """The condition of a queue, one of QUEUES."""
    return queue_conditions(moments(now), user)[queue]


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

    HORIZON = dt.timedelta(days=120)

    def __init__(self, now: dt.datetime, closed: Collection[dt.date] | None = None):
        self.now = now
        self.today = local_date(now)
        self.closed = closed_dates(self.today - self.HORIZON, self.today + self.HORIZON) if closed is None else closed

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


@dataclass(frozen=True)
class Surroundings:
    """What the inbox shows beside its rows.

    Attributes:
        counts: of visits by queue.
        programmes: keys and names.
        filters: those that the user keeps, as key, name and query.
        closed: days on which the office is closed.
    """

    counts: dict[str, int]
    programmes: list[tuple[int, str]]
    filters: list[tuple[int, str, str]]
    closed: set[dt.date]


def _surroundings(at: Mapping[str, Any]) -> dict[str, JSONList]:
    numbered = {queue: Count("pk", filter=condition) for queue, condition in queue_conditions(at, at["user"]).items()}
    counted = Visit.objects.order_by().values(everything=Value(1)).annotate(**numbered)
    closed = CalendarException.objects.filter(date__range=(at["from"], at["until"]), effect=ExceptionEffect.CLOSED, programme=None)
    return {
        "counts": ValuesAsJSON(counted, tuple(numbered)),
        "programmes": ValuesAsJSON(Programme.objects.order_by("sort_order", "slug"), ("pk", "name_id", "name_en")),
        "filters": ValuesAsJSON(SavedFilter.objects.filter(user=at["user"]).order_by("name"), ("pk", "name", "query")),
        "closed": ValuesAsJSON(closed.order_by(), ("date",)),
    }


_STATEMENT = PreparedLists(
    _surroundings, keys=("user",), moments=("now", "today", "tomorrow", "monday", "next_monday"), dates=("from", "until")
)


def surroundings(now: dt.datetime, user: int) -> Surroundings:
    """Counts of the queues, choices, and the user's filters; one query at any number of visits."""
    today = local_date(now)
    values = {**moments(now), "user": user, "from": today - WorkingDays.HORIZON, "until": today + WorkingDays.HORIZON}
    read = _STATEMENT.read(values)
    counts = next(iter(read["counts"].rows), [0] * len(QUEUES))
    names = 1 if active_language() == "id" else 2
    return Surroundings(
        dict(zip(QUEUES, counts, strict=True)),
        [(row[0], row[names]) for row in read["programmes"].rows],
        [tuple(row) for row in read["filters"].rows],
        {dt.date.fromisoformat(text) for (text,) in read["closed"].rows},
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
