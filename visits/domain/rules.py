"""Every booking rule as a small named check: a code, a sentence for the guest, and whether staff may override it.

The same checks run on the form, at submission and at approval.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.domain import engagements, promised, resources
from visits.domain.availability import bookable_period, exceptions_for, visit_counts
from visits.domain.calendar_days import local_date, reach
from visits.domain.errors import Violation
from visits.enums import ExceptionEffect
from visits.models import CalendarException, Programme, Visit, VisitSlot


class House:
    """What the rules must know besides the request and what others have booked; read once, when first asked for.

    It changes when staff change it, not when guests book, so it may be read before anybody waits for a lock.
    """

    def __init__(self, programme: Programme, now: dt.datetime, date: dt.date | None = None):
        self._programme, self._now, self._date = programme, now, date

    def read(self) -> "House":
        """Read everything now; two queries."""
        _ = self.closures, self.needs
        return self

    @cached_property
    def closures(self) -> dict[dt.date, set[int | None]]:
        """Closed days up to the first possible date, and the day of the visit: whose they are, None for all programmes."""
        today = local_date(self._now)
        until = max(reach(today, self._programme.lead_working_days), self._date or today)
        closures: dict[dt.date, set[int | None]] = defaultdict(set)
        days = CalendarException.objects.filter(date__range=(today, until), effect=ExceptionEffect.CLOSED).order_by()
        for date, programme in days.values_list("date", "programme"):
            if programme in (None, self._programme.pk):
                closures[date].add(programme)
        return closures

    @cached_property
    def period(self) -> tuple[dt.date, dt.date]:
        """First and last date that may be booked now."""
        return bookable_period(self._programme, self._now, closed={date for date, whose in self.closures.items() if None in whose})

    @cached_property
    def needs(self) -> list[resources.Need]:
        """What a visit of the programme needs."""
        return resources.needs_of(self._programme)


@dataclass(frozen=True)
class Request:
    """What the rules look at.

    ``has_seats`` is true when the visit already holds its seats of the slot. Without ``slot`` the guest waits for a place:
    only the rules of WITHOUT_SESSION apply. ``visit`` is the visit that moves, which never stands in its own way. ``is_offer``
    is true for a place that the waiting list offers. Without ``spoken_language`` nobody asks for one. ``known`` is the house,
    where it was read before.
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
    known: House | None = None

    @cached_property
    def house(self) -> House:
        """The house, read as far as the rules ask."""
        return self.known or House(self.programme, self.now, self.slot and local_date(self.slot.starts_at))


def programme_is_offered(request: Request) -> Violation | None:
    """The programme takes bookings and the slot belongs to it."""
    if request.programme.active and (request.slot is None or request.slot.programme_id == request.programme.pk):
        return None
    return Violation("programme_not_offered", _("This programme does not take bookings. Choose another one."))


def group_fits(request: Request) -> Violation | None:
    """The group is neither too small nor too large."""
    programme = request.programme
    if request.persons < programme.min_persons:
        return Violation(
            "group_too_small",
            ngettext(
                "This programme needs a group of at least %(count)d person.",
                "This programme needs a group of at least %(count)d people.",
                programme.min_persons,
            )
            % {"count": programme.min_persons},
            overridable=True,
        )
    if request.persons > programme.max_persons:
        return Violation(
            "group_too_large",
            ngettext(
                "This programme receives at most %(count)d person. Split the group into several visits.",
                "This programme receives at most %(count)d people. Split the group into several visits.",
                programme.max_persons,
            )
            % {"count": programme.max_persons},
            overridable=True,
        )
    return None


def language_is_spoken(request: Request) -> Violation | None:
    """The programme is given in the language that the guests want."""
    if not request.spoken_language or request.spoken_language in request.programme.languages:
        return None
    return Violation(
        "language_not_offered",
        _("This programme is given in: %(languages)s. Choose one of these languages.")
        % {"languages": request.programme.get_languages_display()},
        overridable=True,
    )


def notice_is_given(request: Request) -> Violation | None:
    """The request arrives the required number of working days before the visit."""
    first, _last = request.house.period
    if local_date(request.slot.starts_at) >= first or request.has_seats:
        return None
    return Violation(
        "notice_too_short",
        _("A request must reach us %(days)d working days ahead. The first possible date is %(date)s.")
        % {"days": request.programme.lead_working_days, "date": formats.date_format(first)},
        overridable=True,
    )


def within_horizon(request: Request) -> Violation | None:
    """The date is not further away than the programme can be booked."""
    _first, last = request.house.period
    if local_date(request.slot.starts_at) <= last:
        return None
    return Violation(
        "too_far_ahead",
        _("Visits can be booked up to %(date)s. Choose an earlier date.") % {"date": formats.date_format(last)},
        overridable=True,
    )


def not_in_the_past(request: Request) -> Violation | None:
    """Nobody visits yesterday."""
    if request.slot.starts_at > request.now:
        return None
    return Violation("in_the_past", _("This date has passed. Choose a later one."))


def day_is_open(request: Request) -> Violation | None:
    """The day was not closed since it was offered."""
    date = local_date(request.slot.starts_at)
    if date not in request.house.closures:
        return None
    closure = exceptions_for(request.programme, date, date).filter(effect=ExceptionEffect.CLOSED).first()
    return closure and Violation(
        "day_closed",
        _("We receive no guests on %(date)s (%(reason)s). Choose another date.")
        % {"date": formats.date_format(date), "reason": closure.reason},
        overridable=True,
    )


def session_is_open(request: Request) -> Violation | None:
    """The session was not closed by hand or by new opening hours."""
    if request.slot.is_open:
        return None
    return Violation("slot_closed", _("This session is not offered any more. Choose another one."), overridable=True)


def limits_leave_room(request: Request) -> Violation | None:
    """The day and the week do not have all the visits they may have."""
    if request.has_seats:
        return None
    date = local_date(request.slot.starts_at)
    by_day, by_week = visit_counts(request.programme, date, date, except_visit=request.visit)
    if by_day[date] >= request.programme.max_per_day:
        return Violation("day_full", _("This day has all the visits it may have. Choose another date."), overridable=True)
    if by_week[date.isocalendar()[:2]] >= request.programme.max_per_week:
        return Violation("week_full", _("This week has all the visits it may have. Choose another week."), overridable=True)
    return None


def seats_are_free(request: Request) -> Violation | None:
    """The session has seats for the whole group. The conditional update of booking.take_seats() has the last word."""
    if request.has_seats or request.slot.free_persons >= request.persons:
        return None
    return Violation(
        "slot_full",
        ngettext(
            "Only %(count)d seat is left in this session. Choose another one.",
            "Only %(count)d seats are left in this session. Choose another one.",
            request.slot.free_persons,
        )
        % {"count": request.slot.free_persons}
        if request.slot.free_persons
        else _("This session is full. Choose another one."),
    )


def letter_is_there(request: Request) -> Violation | None:
    """The request letter is attached where the programme asks for one."""
    if request.has_letter or not request.programme.letter_required:
        return None
    return Violation("letter_missing", _("The request letter is missing. Attach it as a PDF."), overridable=True)


def waiting_guests_come_first(request: Request) -> Violation | None:
    """Seats that became free go to those on the waiting list before anybody else."""
    if request.has_seats or request.is_offer:
        return None
    entries = promised.waiting(request.programme, except_visit=request.visit)
    if not any(entry.is_served_by(request.slot) for entry in entries):
        return None
    needs = request.house.needs
    buffers = resources.buffers_of(needs)
    engaged = engagements.around([request.slot], buffers, ignoring=[request.visit] if request.visit else [])
    if promised.not_promised([request.slot], entries, needs, engaged):
        return None
    return Violation(
        "promised", _("The free seats of this session go to guests on the waiting list. Choose another one."), overridable=True
    )


def resources_are_free(request: Request) -> Violation | None:
    """Rooms, speakers and whatever else the programme needs are free."""
    return next(iter(resources.missing(request.visit, request.house.needs, request.slot, request.persons)), None)


Rule = Callable[[Request], Violation | None]

RULES: tuple[Rule, ...] = (
    programme_is_offered,
    group_fits,
    language_is_spoken,
    not_in_the_past,
    notice_is_given,
    within_horizon,
    day_is_open,
    session_is_open,
    limits_leave_room,
    seats_are_free,
    waiting_guests_come_first,
    resources_are_free,
    letter_is_there,
)

WITHOUT_SESSION: tuple[Rule, ...] = (programme_is_offered, group_fits, language_is_spoken, letter_is_there)
"""The rules that a guest on the waiting list must meet."""


AT_A_GLANCE: tuple[Rule, ...] = (programme_is_offered, group_fits, not_in_the_past, session_is_open, seats_are_free)
"""The rules that need nothing but the session itself: who fails here is told so without waiting for anybody."""

FIELDS_AT_A_GLANCE = (
    *("programme__active", "programme__min_persons", "programme__max_persons"),
    *("programme_id", "starts_at", "is_open", "capacity_persons", "used_persons"),
)
"""What these rules look at, of a session; more costs another query."""


def glance(request: Request) -> list[Violation]:
    """The rules of AT_A_GLANCE that a request for a session does not meet; no query."""
    return [violation for rule in AT_A_GLANCE if (violation := rule(request))]


def check(request: Request) -> list[Violation]:
    """Every rule that the request does not meet, in the order of RULES; sentences are in the active language."""
    return [violation for rule in (RULES if request.slot else WITHOUT_SESSION) if (violation := rule(request))]
