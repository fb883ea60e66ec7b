"""The booking rules. Each is one object that declares everything about it; RULES holds them in the order in which they are checked.

To add a rule: write its function here, with a decorator that declares the rest. The form, submission, approval, the desk's
checklist and the offer of other sessions follow; tests/visits/test_rules.py goes over all of them.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits.domain import resource_conflicts, resources
from visits.domain.availability import (
    WaitingGuest,
    bookable_period,
    exceptions_for,
    visit_counts,
    waiting_guests,
    without_reserved,
)
from visits.domain.calendar_days import closures_needed_for_notice, local_date
from visits.domain.errors import Violation
from visits.domain.resource_conflicts import TakenResources
from visits.enums import ExceptionEffect
from visits.models import CalendarException, Programme, Visit, VisitSlot


class BookingContext:
    """Data the rules need besides the request: closed days, bookable period and resource needs. Read once, when first needed.

    It changes only when staff change it, not when guests book, so it may be read before a lock is taken.
    """

    def __init__(self, programme: Programme, now: dt.datetime, date: dt.date | None = None):
        self._programme, self._now, self._date = programme, now, date

    def read(self) -> "BookingContext":
        """Read everything now; two queries."""
        _ = self.closures, self.needs
        return self

    @cached_property
    def closures(self) -> dict[dt.date, set[int | None]]:
        """Closed days up to the first possible date and on the day of the visit; values are programme keys, None for all programmes."""
        today = local_date(self._now)
        until = max(closures_needed_for_notice(self._programme, today), self._date or today)
        closures: dict[dt.date, set[int | None]] = defaultdict(set)
        days = CalendarException.objects.filter(date__range=(today, until), effect=ExceptionEffect.CLOSED).order_by()
        for date, programme in days.values_list("date", "programme"):
            if programme in (None, self._programme.pk):
                closures[date].add(programme)
        return closures

    @cached_property
    def period(self) -> tuple[dt.date, dt.date]:
        """First and last date that can be booked now."""
        return bookable_period(self._programme, self._now, closed={date for date, keys in self.closures.items() if None in keys})

    @cached_property
    def needs(self) -> list[resources.Need]:
        """Resources that a visit of the programme needs."""
        return resources.needs_of(self._programme)

    def closure_reason(self, date: dt.date) -> str:
        """Why the programme receives no guests on a date; empty if it does."""
        closure = exceptions_for(self._programme, date, date).filter(effect=ExceptionEffect.CLOSED).first()
        return closure.reason if closure else ""

    def visits_around(self, date: dt.date, except_visit: Visit | None) -> tuple[Counter, Counter]:
        """Visits by day and by week around a date, see availability.visit_counts()."""
        return visit_counts(self._programme, date, date, except_visit=except_visit)

    def waiting(self, except_visit: Visit | None) -> list[WaitingGuest]:
        """Guests on the waiting list of the programme, in order."""
        return waiting_guests(self._programme, except_visit=except_visit)

    def taken(self, session: VisitSlot, ignoring: Visit | None) -> TakenResources:
        """Resources that others take during a session, of those that a visit needs."""
        buffers = resources.buffers_of(self.needs)
        return resource_conflicts.taken_resources([session], buffers, ignoring=[ignoring] if ignoring else [])

    def kind_names(self, kinds: Collection[int]) -> list[str]:
        """Names of kinds of resources by their primary keys."""
        return resources.kind_names(kinds)


@dataclass(frozen=True)
class Request:
    """What the rules check.

    Attributes:
        programme: the requested programme.
        slot: the requested session; None while the guest waits for a place.
        persons: size of the group.
        now: the moment of the check (aware).
        has_letter: whether the request letter is attached or may follow.
        has_seats: whether the visit already holds its seats in this session.
        visit: the existing visit, which never conflicts with itself; None for a new request.
        is_offer: whether the waiting list offers this place.
        spoken_language: language of the visit; empty if the guest did not choose one.
        is_duplicate: whether the region already has an open request with the same letter number.
        known: the context, if it was read before.
    """

    programme: Programme
    slot: VisitSlot | None
    persons: int
    now: dt.datetime
    has_letter: bool = True
    has_seats: bool = False
    visit: Visit | None = None
    is_offer: bool = False
    spoken_language: str = ""
    is_duplicate: bool = False
    known: BookingContext | None = None

    @property
    def required_slot(self) -> VisitSlot:
        """The session, for the rules that need one. Raises ValueError without one."""
        if self.slot is None:
            raise ValueError("this rule needs a session")
        return self.slot

    @cached_property
    def context(self) -> BookingContext:
        """The context; read as far as the rules need it."""
        return self.known or BookingContext(self.programme, self.now, local_date(self.slot.starts_at) if self.slot else None)


class Settled(Enum):
    """A step after which a rule is no longer checked for this visit."""

    REQUEST = "request"
    """The visit was requested: what was known then does not prevent another date."""

    PROPOSAL = "proposal"
    """A date was proposed: its seats are held, and it was proposed in time."""


Answer = tuple[str, str] | str | None
"""What a rule's function returns: None if the rule is met, else a sentence; with its code before it if the rule has several."""


@dataclass(frozen=True)
class Rule:
    """One booking rule.

    Attributes:
        codes: stable codes of its violations; most rules have one.
        question: what must be true, for the checklist of staff.
        answer: checks a request.
        overridable: whether staff may override it with a reason.
        needs_session: whether it can only be checked with a session; the others also apply to the waiting list.
        quick: whether it reads only the session itself and makes no query.
        reads: fields of the session that a quick rule reads.
        other_session_helps: whether another session may meet it.
        settled_by: steps after which it is no longer checked.
        stays_for_guest: whether it is checked again when a guest accepts a date for which staff may have overridden it.
        on_checklist: whether staff see it on the checklist.
    """

    codes: tuple[str, ...]
    question: str | Promise
    answer: Callable[[Request], Answer]
    overridable: bool = False
    needs_session: bool = True
    quick: bool = False
    reads: tuple[str, ...] = ()
    other_session_helps: bool = False
    settled_by: frozenset[Settled] = frozenset()
    stays_for_guest: bool = False
    on_checklist: bool = True

    def check(self, request: Request) -> Violation | None:
        """The violation of this rule, with a sentence in the active language; None if the rule is met."""
        answer = self.answer(request)
        if answer is None:
            return None
        code, message = (self.codes[0], answer) if isinstance(answer, str) else answer
        return Violation(code, message, overridable=self.overridable)

    def violation(self, message: str, *, overridable: bool | None = None) -> Violation:
        """A violation that was found while writing, for example because seats were taken in the same moment."""
        return Violation(self.codes[0], message, overridable=self.overridable if overridable is None else overridable)


_declared: list[Rule] = []


def rule(*codes: str, question: str | Promise, settled_by: Iterable[Settled] = (), **properties: Any) -> Callable[..., Rule]:
    """Decorator that declares a rule; see Rule for its properties. The order of declarations is the order of checks."""

    def declare(answer: Callable[[Request], Answer]) -> Rule:
        _declared.append(Rule(codes, question, answer, settled_by=frozenset(settled_by), **properties))
        return _declared[-1]

    return declare


@rule(
    "programme_not_offered",
    question=gettext_lazy("The programme takes bookings"),
    needs_session=False,
    quick=True,
    reads=("programme__active", "programme_id"),
)
def programme_is_offered(request: Request) -> Answer:
    """The programme takes bookings, and the session belongs to it."""
    if request.programme.active and (request.slot is None or request.slot.programme_id == request.programme.pk):
        return None
    return _("This programme does not take bookings. Choose another one.")


@rule(
    "group_too_small",
    "group_too_large",
    question=gettext_lazy("The group has the right size"),
    overridable=True,
    needs_session=False,
    quick=True,
    reads=("programme__min_persons", "programme__max_persons"),
)
def group_fits(request: Request) -> Answer:
    """The group is neither too small nor too large for the programme."""
    programme = request.programme
    if request.persons < programme.min_persons:
        return "group_too_small", ngettext(
            "This programme needs a group of at least %(count)d person.",
            "This programme needs a group of at least %(count)d people.",
            programme.min_persons,
        ) % {"count": programme.min_persons}
    if request.persons > programme.max_persons:
        return "group_too_large", ngettext(
            "This programme receives at most %(count)d person. Split the group into several visits.",
            "This programme receives at most %(count)d people. Split the group into several visits.",
            programme.max_persons,
        ) % {"count": programme.max_persons}
    return None


@rule(
    "language_not_offered",
    question=gettext_lazy("The visit is in a language that the programme offers"),
    overridable=True,
    needs_session=False,
)
def language_is_spoken(request: Request) -> Answer:
    """The programme is offered in the language of the visit."""
    if not request.spoken_language or request.spoken_language in request.programme.languages:
        return None
    return _("This programme is given in: %(languages)s. Choose one of these languages.") % {
        "languages": request.programme.get_languages_display()
    }


@rule("in_the_past", question=gettext_lazy("The date lies ahead"), quick=True, reads=("starts_at",), other_session_helps=True)
def not_in_the_past(request: Request) -> Answer:
    """The session has not begun."""
    if request.required_slot.starts_at > request.now:
        return None
    return _("This date has passed. Choose a later one.")


@rule(
    "notice_too_short",
    question=gettext_lazy("The request came early enough"),
    overridable=True,
    other_session_helps=True,
    settled_by=[Settled.PROPOSAL],
)
def notice_is_given(request: Request) -> Answer:
    """The request arrives as long before the visit as the programme asks for."""
    first, _last = request.context.period
    if local_date(request.required_slot.starts_at) >= first or request.has_seats:
        return None
    return _("A request must reach us %(notice)s ahead, so not for a day before %(date)s.") % {
        "notice": request.programme.notice,
        "date": formats.date_format(first),
    }


@rule("too_far_ahead", question=gettext_lazy("The date is not too far ahead"), overridable=True, other_session_helps=True)
def within_horizon(request: Request) -> Answer:
    """The date is within the booking horizon of the programme."""
    _first, last = request.context.period
    if local_date(request.required_slot.starts_at) <= last:
        return None
    return _("Visits can be booked up to %(date)s. Choose an earlier date.") % {"date": formats.date_format(last)}


@rule("day_closed", question=gettext_lazy("Guests are received on that day"), overridable=True, other_session_helps=True)
def day_is_open(request: Request) -> Answer:
    """The day was not closed after the session was offered."""
    date = local_date(request.required_slot.starts_at)
    if date not in request.context.closures:
        return None
    if not (reason := request.context.closure_reason(date)):
        return None
    return _("We receive no guests on %(date)s (%(reason)s). Choose another date.") % {"date": formats.date_format(date), "reason": reason}


@rule(
    "slot_closed",
    question=gettext_lazy("The session is open"),
    overridable=True,
    quick=True,
    reads=("is_open",),
    other_session_helps=True,
)
def session_is_open(request: Request) -> Answer:
    """The session was not closed by staff or by new opening hours."""
    if request.required_slot.is_open:
        return None
    return _("This session is not offered any more. Choose another one.")


@rule(
    "day_full",
    "week_full",
    question=gettext_lazy("Day and week have room for another visit"),
    overridable=True,
    other_session_helps=True,
    settled_by=[Settled.PROPOSAL],
)
def limits_leave_room(request: Request) -> Answer:
    """Neither the day nor the week has reached its limit of visits."""
    if request.has_seats:
        return None
    date = local_date(request.required_slot.starts_at)
    by_day, by_week = request.context.visits_around(date, request.visit)
    if by_day[date] >= request.programme.max_per_day:
        return "day_full", _("This day has all the visits it may have. Choose another date.")
    if by_week[date.isocalendar()[:2]] >= request.programme.max_per_week:
        return "week_full", _("This week has all the visits it may have. Choose another week.")
    return None


@rule(
    "slot_full",
    question=gettext_lazy("The session has seats for the group"),
    quick=True,
    reads=("capacity_persons", "used_persons"),
    other_session_helps=True,
    settled_by=[Settled.PROPOSAL],
)
def seats_are_free(request: Request) -> Answer:
    """The session has seats for the whole group. seats.take() decides in the end, with a conditional update."""
    if request.has_seats or request.required_slot.free_persons >= request.persons:
        return None
    if not request.required_slot.free_persons:
        return _("This session is full. Choose another one.")
    return ngettext(
        "Only %(count)d seat is left in this session. Choose another one.",
        "Only %(count)d seats are left in this session. Choose another one.",
        request.required_slot.free_persons,
    ) % {"count": request.required_slot.free_persons}


@rule(
    "reserved_for_waiting_list",
    question=gettext_lazy("Nobody on the waiting list comes first"),
    overridable=True,
    other_session_helps=True,
    settled_by=[Settled.PROPOSAL],
)
def waiting_guests_come_first(request: Request) -> Answer:
    """The free seats are not reserved for guests on the waiting list."""
    if request.has_seats or request.is_offer:
        return None
    entries = request.context.waiting(request.visit)
    if not any(entry.is_served_by(request.required_slot) for entry in entries):
        return None
    taken = request.context.taken(request.required_slot, request.visit)
    if without_reserved([request.required_slot], entries, request.context.needs, taken):
        return None
    return _("The free seats of this session go to guests on the waiting list. Choose another one.")


@rule(
    "resource_missing",
    question=gettext_lazy("Rooms, speakers and whatever else is needed are free"),
    overridable=True,
    other_session_helps=True,
    stays_for_guest=True,
)
def resources_are_free(request: Request) -> Answer:
    """The resources that the programme needs are free."""
    if not (needs := request.context.needs):
        return None
    slot = request.required_slot
    short = resources.kinds_short_of(needs, slot, request.persons, request.context.taken(slot, request.visit))
    if not short:
        return None
    return _("Not enough of what the visit needs is free then: %(kinds)s.") % {"kinds": ", ".join(request.context.kind_names(short))}


@rule(
    "letter_missing",
    question=gettext_lazy("The request letter is there"),
    overridable=True,
    needs_session=False,
    settled_by=[Settled.REQUEST, Settled.PROPOSAL],
)
def letter_is_there(request: Request) -> Answer:
    """The request letter is attached, if the programme asks for one."""
    if request.has_letter or not request.programme.letter_required:
        return None
    return _("The request letter is missing. Attach it as a PDF.")


@rule(
    "duplicate_letter",
    question=gettext_lazy("The letter was not sent twice"),
    overridable=True,
    needs_session=False,
    settled_by=[Settled.REQUEST, Settled.PROPOSAL],
    on_checklist=False,
)
def letter_is_new(request: Request) -> Answer:
    """The region has no open request with the same letter number. Only checked when a request is submitted."""
    if not request.is_duplicate:
        return None
    return _("We already have a request with this letter number from your region. Use the link in its mail to change it.")


RULES: tuple[Rule, ...] = tuple(_declared)


def slot_removed() -> Violation:
    """The violation for a session that new opening hours removed after it was shown; nobody can override it."""
    return session_is_open.violation(_("This session is not offered any more. Choose another one."), overridable=False)


QUICK_FIELDS = tuple(name for each in RULES if each.quick for name in each.reads)
"""Fields of a session that the quick rules read; others would cost another query."""


def quick_check(request: Request) -> list[Violation]:
    """Violations of the quick rules for a request with a session; makes no query."""
    return _check((each for each in RULES if each.quick), request)


def check(request: Request, *, settled: Settled | None = None, skip_quick: bool = False) -> list[Violation]:
    """Violations of all rules that apply, in the order of RULES, with sentences in the active language.

    Args:
        request: with a session; without one, only the rules that need none are checked.
        settled: leave out the rules that this step has settled.
        skip_quick: leave out the quick rules, because quick_check() was called just before.
    """
    applicable = (each for each in RULES if settled not in each.settled_by and (request.slot or not each.needs_session))
    return _check((each for each in applicable if not (skip_quick and each.quick)), request)


def _check(rules: Iterable[Rule], request: Request) -> list[Violation]:
    return [violation for each in rules if (violation := each.check(request))]


def by_code(code: str) -> Rule | None:
    """The rule with this code; None for conflicts that no rule declares, such as a resource taken in the same moment."""
    return next((each for each in RULES if code in each.codes), None)


def another_session_may_help(codes: Collection[str]) -> bool:
    """Whether a request that failed with these codes may succeed with another session."""
    return any((found := by_code(code)) and found.other_session_helps for code in codes)
