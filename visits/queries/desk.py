"""Reads for the desk page of one visit."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from wagtail.models import ModelLogEntry

from visits.domain import attendance, rule_checks, waiting_list
from visits.domain.availability import WAITING_COLUMNS, WaitingGuest, count_visits, waiting_entries, waiting_from, weeks_around
from visits.domain.calendar_days import closures_needed_for_notice, day_of, local_date
from visits.domain.errors import Violation
from visits.domain.place import place_of
from visits.domain.resource_conflicts import TakenResources, TakenTime, session_span, taken_during_sessions, unix_timestamp
from visits.domain.resources import NEED_COLUMNS, Need, buffers_of, needs_from
from visits.domain.rules import RULES, BookingContext, Settled
from visits.enums import AWAITS_DECISION, AttendanceKind, CertificateStatus, ExceptionEffect, VisitStatus
from visits.models import (
    Allocation,
    CalendarException,
    Delegate,
    Disposition,
    Programme,
    Proposal,
    Question,
    ReplyLetter,
    SpeakerInvitation,
    Visit,
    VisitSlot,
    WaitlistEntry,
)
from visits.models.certificate import WITHDRAWN
from visits.queries import planner
from visits.queries.day import Picture, picture
from visits.queries.missing import Facts, Missing, missing
from visits.queries.rows_as_json import JSONList, PreparedLists, ReadList, RowsAsJSON, ValuesAsJSON, moment

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class RuleResult:
    """A booking rule on the checklist."""

    text: str | Promise
    passed: bool
    explanation: str = ""
    overridable: bool = False


def checklist(visit: Visit, violations: Iterable[Violation] | None = None, *, settled: Settled | None = None) -> list[RuleResult]:
    """All booking rules as questions, passed or failed.

    Args:
        visit: the visit.
        violations: result of an earlier check; if None, the visit's own session is checked.
        settled: rules that are settled by this step are left out.
    """
    failed = {violation.code: violation for violation in (rule_checks.violations(visit, visit.slot) if violations is None else violations)}
    results = []
    for rule in RULES:
        if rule.on_checklist and settled not in rule.settled_by:
            violation = next((failed[code] for code in rule.codes if code in failed), None)
            results.append(RuleResult(rule.question, violation is None, str(violation or ""), bool(violation and violation.overridable)))
    return results


@dataclass(frozen=True)
class Clipped:
    """The rows of a list that the page shows, and how many it leaves out."""

    rows: list
    hidden: int = 0


LIMITS = {
    "letters": 2,
    "missing": 7,
    "delegates": 6,
    "certificates": 5,
    "thread": 5,
    "mail": 4,
    "answers": 4,
    "gifts": 4,
    "proposals": 4,
    "history": 5,
    "lanes": 5,
}
"""Rows of each list that the desk page shows at first."""


def clip(name: str, rows: list, *, everything: bool = False) -> Clipped:
    """The first rows of a list up to its limit."""
    limit = LIMITS[name]
    return Clipped(rows) if everything or len(rows) <= limit else Clipped(rows[:limit], len(rows) - limit)


def _clipped(name: str, read: ReadList, *, everything: bool) -> Clipped:
    """The first rows of a list that was read, or the last of the conversation, up to its limit."""
    limit, count = LIMITS[name], len(read.raw)
    return Clipped(read.rows) if everything or count <= limit else Clipped(read.part(limit, last=name == "thread"), count - limit)


@dataclass(frozen=True)
class PastVisit:
    """An earlier visit from the same region, with what its guests asked."""

    visit: Visit
    questions: list[Question]


@dataclass(frozen=True)
class Desk:
    """Data of the desk page of a visit."""

    lists: dict[str, Clipped]
    topics: list[str]
    allocations: list[Allocation]
    alternatives: list[VisitSlot]
    open_proposal: Proposal | None
    replies: list[ReplyLetter]
    invitations: list[SpeakerInvitation]
    missing: list[Missing]
    earlier: list[PastVisit]
    named: int = 0
    present: int = 0
    certified: int = 0
    certificates: Counter[str] = field(default_factory=Counter)
    day: Picture | None = None
    waiting: WaitlistEntry | None = None
    place: int = 0
    rules: list[RuleResult] = field(default_factory=list)

    @property
    def without_certificate(self) -> int:
        """How many of those who came have no certificate."""
        return self.present - self.certified

    @property
    def certificates_total(self) -> int:
        """How many certificates there are, withdrawn ones included."""
        return self.certificates.total()

    @property
    def issued(self) -> int:
        """How many certificates are valid."""
        return self.certificates[CertificateStatus.ISSUED]

    @property
    def unfinished(self) -> int:
        """How many certificates are being prepared or failed."""
        return self.certificates[CertificateStatus.PLANNED] + self.certificates[CertificateStatus.FAILED]

    @property
    def rules_failed(self) -> int:
        """How many rules are not met."""
        return sum(1 for rule in self.rules if not rule.passed)


HISTORY_ENTRIES, EARLIER_VISITS, EARLIER_QUESTIONS = 15, 3, 8
"""How many of them the page shows at most."""

MOST_VISITS = 12
"""Visits of the day that are drawn at most."""


_UNSEEN_OF_MAIL = (
    *("note", "tries", "next_try_at", "problem", "handed_over", "claimed_at", "message_key"),
    *("subject", "text", "language", "calendar", "calendar_method"),
)
"""Fields of outgoing mail that the desk page does not show."""


def _open_dispositions(visit: Visit) -> QuerySet[Disposition]:
    """Dispositions on letters of a visit that stand in somebody's queue."""
    return Disposition.objects.filter(letter__visit=visit, addressee__isnull=False, done_at=None).order_by("written_at", "pk")


def _rows_of(at: Mapping[str, Any], *, has_slot: bool, is_open: bool) -> dict[str, JSONList]:
    """All lists that the page needs besides the visit itself.

    Args:
        at: keys and times by name, see _values().
        has_slot: whether the visit has a session.
        is_open: whether the request waits for a decision.
    """
    visit, programme = Visit(pk=at["visit"], programme_id=at["programme"]), Programme(pk=at["programme"])
    log = ModelLogEntry.objects.filter(content_type=at["content_type"], object_id=at["object_id"])
    earlier = Visit.objects.filter(region=at["region"], status=VisitStatus.COMPLETED).exclude(pk=at["visit"])
    asked = Question.objects.filter(visit__in=earlier, state=Question.State.ACCEPTED).order_by("-pk")
    rows = {
        "letters": RowsAsJSON(visit.letters.order_by("-received_at", "-pk")),
        "delegates": RowsAsJSON(attendance.with_last_event(visit).order_by("protocol_order", "pk"), computed=("last_kind", "last_at")),
        "thread": RowsAsJSON(visit.thread.order_by("created_at", "pk"), related={"author": {}}),
        "answers": RowsAsJSON(visit.answers.filter(turn=None).order_by("-read_at", "-pk"), without=("key",)),
        "certificates": RowsAsJSON(visit.certificates.order_by("number"), without=("credential", "made_with")),
        "gifts": RowsAsJSON(visit.gifts.order_by("pk")),
        "mail": RowsAsJSON(visit.messages.order_by("-created_at", "-pk"), without=_UNSEEN_OF_MAIL),
        "history": RowsAsJSON(log.order_by("-timestamp", "-pk")[:HISTORY_ENTRIES], related={"user": {}}),
        "topics": RowsAsJSON(visit.topics.all()),
        "case_studies": ValuesAsJSON(visit.case_studies.order_by("title"), ("title",)),
        "allocations": RowsAsJSON(
            visit.allocations.filter(active=True).order_by("resource__kind", "resource__name"), related={"resource": {"kind": {}}}
        ),
        "alternatives": RowsAsJSON(visit.alternative_slots.order_by("starts_at"), related={"programme": {}}),
        "proposals": RowsAsJSON(visit.proposals.order_by("-created_at", "-pk"), related={"slot": {"programme": {}}, "author": {}}),
        "seat_requests": RowsAsJSON(visit.seat_requests.order_by("-created_at", "-pk")),
        "waiting": RowsAsJSON(visit.waitlist_entries.filter(is_open=True)),
        "tasks": RowsAsJSON(visit.tasks.filter(done_at=None).order_by("-days_before", "pk")),
        "agenda": RowsAsJSON(visit.agenda_items.order_by("sort_order", "pk")),
        "invitations": RowsAsJSON(SpeakerInvitation.objects.filter(item__visit=visit).order_by("pk"), related={"speaker": {}, "item": {}}),
        "replies": RowsAsJSON(visit.replies.order_by("pk"), without=("opening", "body", "closing", "copies")),
        "dispositions": RowsAsJSON(_open_dispositions(visit), related={"addressee": {}}),
        "earlier": RowsAsJSON(earlier.order_by("-slot__starts_at", "-recorded_date", "-pk")[:EARLIER_VISITS], related={"slot": {}}),
        "earlier_questions": RowsAsJSON(asked[:EARLIER_QUESTIONS]),
        "needs": RowsAsJSON(programme.needs.order_by("pk"), related={"kind": {}}),
    }
    if has_slot:
        around = planner.allocations_between(at["day_before"], at["day_after_next"])
        rows["day_allocations"] = RowsAsJSON(around, related={"resource": {"kind": {}}})
        of_day = planner.visits_between(at["day"], at["next_day"]).order_by("slot__starts_at", "pk")[:MOST_VISITS]
        rows["day_visits"] = RowsAsJSON(of_day, related={"programme": {}, "slot": {}}, computed=planner.COMPUTED)
    if has_slot and is_open:
        closed = CalendarException.objects.filter(date__range=(at["today"], at["until"]), effect=ExceptionEffect.CLOSED)
        week = programme.slots.filter(starts_at__gte=at["monday"], starts_at__lt=at["next_monday"], used_visits__gt=0)
        rows |= {
            "closures": RowsAsJSON(closed.filter(Q(programme=None) | Q(programme=programme)).order_by("date")),
            "needs_with_candidates": ValuesAsJSON(programme.needs.order_by("pk"), NEED_COLUMNS),
            "week": RowsAsJSON(week.order_by("starts_at")),
            "waiting_guests": ValuesAsJSON(waiting_entries(programme, except_visit=visit), WAITING_COLUMNS),
        }
    return rows


NO_KEY = -1
"""Key of a programme or region that the visit does not have."""


def _values(visit: Visit, now: dt.datetime) -> dict[str, Any]:
    """Keys and times that _rows_of() asks for."""
    today = local_date(now)
    date = day_of(visit) or today
    monday, next_monday = weeks_around(date, date)
    midnight = planner.midnight(date)
    return {
        "visit": visit.pk,
        "programme": visit.programme_id or NO_KEY,
        "region": visit.region_id or str(NO_KEY),
        "content_type": ContentType.objects.get_for_model(Visit).pk,
        "object_id": str(visit.pk),
        "day": midnight,
        "next_day": midnight + ONE_DAY,
        "day_before": midnight - ONE_DAY,
        "day_after_next": midnight + 2 * ONE_DAY,
        "monday": monday,
        "next_monday": next_monday,
        "today": today,
        "until": max(closures_needed_for_notice(visit.programme, today), date) if visit.programme else today,
    }


_STATEMENT = PreparedLists(
    _rows_of,
    keys=("visit", "programme", "content_type"),
    texts=("region", "object_id"),
    moments=("day", "next_day", "day_before", "day_after_next", "monday", "next_monday"),
    dates=("today", "until"),
)


class KnownContext(BookingContext):
    """What the booking rules read, of rows that were read before; makes no query."""

    def __init__(self, visit: Visit, read: Mapping[str, ReadList], now: dt.datetime):
        super().__init__(visit.programme, now, local_date(visit.slot.starts_at))
        self._visit, self._read = visit, read

    @cached_property
    def closures(self) -> dict[dt.date, set[int | None]]:
        closures: dict[dt.date, set[int | None]] = defaultdict(set)
        for closed in self._read["closures"].rows:
            closures[closed.date].add(closed.programme_id)
        return closures

    @cached_property
    def needs(self) -> list[Need]:
        rows = (
            [*row[:-2], *(dt.time.fromisoformat(text) if text else None for text in row[-2:])]
            for row in self._read["needs_with_candidates"].rows
        )
        return needs_from(rows, [self._visit.programme_id])[self._visit.programme_id]

    def closure_reason(self, date: dt.date) -> str:
        return next((closed.reason for closed in self._read["closures"].rows if closed.date == date), "")

    def visits_around(self, date: dt.date, except_visit: Visit | None) -> tuple[Counter, Counter]:
        holders = [self._visit, *(proposal for proposal in self._read["proposals"].rows if proposal.seats_held)]
        own = [holder.slot_id for holder in holders if holder.seats_held]
        return count_visits(((slot.pk, slot.starts_at, slot.used_visits) for slot in self._read["week"].rows), own)

    def waiting(self, except_visit: Visit | None) -> list[WaitingGuest]:
        return waiting_from(
            (pk, persons, dt.date.fromisoformat(start), dt.date.fromisoformat(end), slot)
            for pk, persons, start, end, slot in self._read["waiting_guests"].rows
        )

    def taken(self, session: VisitSlot, ignoring: Visit | None) -> TakenResources:
        buffers = {pk: int(buffer.total_seconds()) for pk, buffer in buffers_of(self.needs).items()}
        times = (
            TakenTime(unix_timestamp(each.starts_at), unix_timestamp(each.ends_at), frozenset([each.resource_id]) & buffers.keys())
            for each in self._read["day_allocations"].rows
            if each.visit_id is None or each.visit_id != self._visit.pk
        )
        return taken_during_sessions([session_span(session)], times, buffers)

    def kind_names(self, kinds: Collection[int]) -> list[str]:
        return [need.kind.name for need in self._read["needs"].rows if need.kind_id in kinds]


def read_visits() -> QuerySet[Visit]:
    """The visit of a desk page, without its rows, which desk() reads."""
    return Visit.objects.select_related("programme", "slot", "region__parent", "decided_by", "assigned_to")


def desk(visit: Visit, *, may: Callable[[str], bool], everything: bool = False, now: dt.datetime | None = None) -> Desk:
    """Read the data of the desk page of a visit of read_visits(), in one query; two if it waits for a place.

    Args:
        visit: gets the rows that its properties and domain functions read, such as its proposals.
        may: whether the reader has a permission, for example ``dispose``.
        everything: read long lists completely.
    """
    now = now or timezone.now()
    read = _STATEMENT.read(_values(visit, now), has_slot=visit.slot is not None, is_open=visit.status in AWAITS_DECISION)
    for name in ("allocations", "proposals", "seat_requests"):
        _remember(visit, name, read[name].rows)
    waiting = next(iter(read["waiting"].rows), None)
    if waiting:
        waiting.visit = visit
    facts = Facts(
        visit,
        named=len(read["delegates"].raw),
        place=place_of(visit),
        letter=next(iter(read["letters"].part(1)), None),
        has_letter=_has_letter(read),
        taken=read["day_allocations"].rows if visit.slot else (),
        **{name: read[name].rows for name in ("dispositions", "replies", "allocations", "needs", "agenda", "invitations", "tasks")},
    )
    lists = {name: _clipped(name, read[name], everything=everything) for name in LIMITS.keys() & read.keys() - {"proposals"}}
    for delegate in lists["delegates"].rows:
        delegate.last_at = moment(delegate.last_at) if delegate.last_at else None
    ended = [proposal for proposal in read["proposals"].rows if not proposal.is_open]
    day = _day(visit, read) if visit.slot else None
    return Desk(
        lists=lists
        | {
            "proposals": clip("proposals", ended, everything=everything),
            "lanes": clip("lanes", day.lanes if day else [], everything=everything),
        },
        topics=[topic.name for topic in read["topics"].rows] + [title for (title,) in read["case_studies"].rows],
        allocations=read["allocations"].rows,
        alternatives=read["alternatives"].rows,
        open_proposal=visit.open_proposal,
        replies=read["replies"].rows,
        invitations=read["invitations"].rows,
        missing=missing(facts, may=may),
        earlier=_earlier(read),
        named=facts.named,
        present=sum(1 for row in read["delegates"].raw if row["last_kind"] in attendance.PRESENT),
        certified=sum(1 for row in read["certificates"].raw if row["delegate_id"] and row["status"] not in WITHDRAWN),
        certificates=Counter(row["status"] for row in read["certificates"].raw),
        day=day,
        waiting=waiting,
        place=waiting_list.position(waiting) if waiting else 0,
        rules=_rules(visit, read, now) if "closures" in read else [],
    )


def _remember(visit: Visit, name: str, rows: list) -> None:
    """Let ``visit.<name>.all()`` return rows that were read, as after prefetch_related()."""
    known = getattr(visit, name).all()
    known._result_cache, known._prefetch_done = rows, True
    visit.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known


def _has_letter(read: Mapping[str, ReadList]) -> bool:
    return any(row["file"] for row in read["letters"].raw)


def _rules(visit: Visit, read: Mapping[str, ReadList], now: dt.datetime) -> list[RuleResult]:
    return checklist(
        visit, rule_checks.violations(visit, visit.slot, now=now, known=KnownContext(visit, read, now), has_letter=_has_letter(read))
    )


def _earlier(read: Mapping[str, ReadList]) -> list[PastVisit]:
    return [PastVisit(past, [each for each in read["earlier_questions"].rows if each.visit_id == past.pk]) for past in read["earlier"].rows]


def _day(visit: Visit, read: Mapping[str, ReadList]) -> Picture:
    for each in read["day_visits"].rows:
        each.proposed_start, each.proposed_end = (moment(text) if text else None for text in (each.proposed_start, each.proposed_end))
    return picture(local_date(visit.slot.starts_at), planner.entries_of(read["day_visits"].rows, read["day_allocations"].rows), visit)


@dataclass(frozen=True)
class Reception:
    """The list of delegates at the reception desk."""

    delegates: list[Delegate]
    expected: int

    @property
    def present(self) -> int:
        """How many are checked in."""
        return sum(1 for delegate in self.delegates if delegate.last_kind in attendance.PRESENT)

    @property
    def walk_ins(self) -> int:
        """How many came unannounced."""
        return sum(1 for delegate in self.delegates if delegate.walk_in)

    @property
    def unknown(self) -> int:
        """Of how many is not known whether they came."""
        return sum(1 for delegate in self.delegates if not (delegate.is_present or delegate.is_absent))


def reception(visit: Visit) -> Reception:
    """Delegates in the order of protocol, with ``is_present`` and ``is_absent``; one query."""
    delegates = list(attendance.with_last_event(visit))
    for delegate in delegates:
        delegate.is_present = delegate.last_kind in attendance.PRESENT
        delegate.is_absent = delegate.last_kind == AttendanceKind.ABSENT
    return Reception(delegates, visit.group_size or 0)
