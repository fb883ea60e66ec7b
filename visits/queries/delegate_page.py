"""The page of a delegate: the agenda with the item that runs now, questions, the own certificate."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from visits.domain import agenda, questions
from visits.domain.agenda_times import TimedItem
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.domain.place import Place, place_of, rooms_of
from visits.enums import CertificateStatus, VisitStatus
from visits.models import AgendaItem, Certificate, Delegate, Question, Resource, Visit


@dataclass(frozen=True)
class PhoneItem:
    """An item of the agenda as a delegate sees it; ``state`` is ``past``, ``now``, ``next`` or empty."""

    row: TimedItem
    state: str

    @property
    def item(self) -> AgendaItem:
        """The item itself."""
        return self.row.item

    @property
    def has_slides(self) -> bool:
        """Whether its slides can be opened."""
        return bool(self.item.material and self.item.released_at)


@dataclass(frozen=True)
class PhonePage:
    """Everything on the page of a delegate, in about eight queries at any length of the agenda."""

    visit: Visit
    is_on: bool
    day: dt.date | None
    starts_at: dt.datetime | None
    place: Place
    wifi: list[tuple[str, str]]
    items: list[PhoneItem]
    questions: list[Question]
    can_ask: bool
    certificate: Certificate | None

    @property
    def now(self) -> list[PhoneItem]:
        """What runs now; several items if the group is split."""
        return [row for row in self.items if row.state == "now"]

    @property
    def next(self) -> list[PhoneItem]:
        """What comes next."""
        return [row for row in self.items if row.state == "next"]

    @property
    def is_over(self) -> bool:
        """Whether the visit is completed."""
        return self.visit.status == VisitStatus.COMPLETED


def phone_page(delegate: Delegate, now: dt.datetime) -> PhonePage:
    """Read the page of a delegate.

    Args:
        delegate: with visit, programme and session, as badges.by_token() gives it.
        now: the current time; it decides which item runs.
    """
    visit = delegate.visit
    is_on = visit.status in (VisitStatus.APPROVED, VisitStatus.COMPLETED) and visit.slot is not None
    begin = visit.slot.starts_at if is_on and visit.slot else None
    timed = agenda.agenda_of(visit) if is_on else []
    rooms = rooms_of(visit) if is_on else []
    is_today = begin is not None and local_date(begin) == local_date(now)
    certificate = delegate.certificates.filter(status=CertificateStatus.ISSUED).exclude(file="").first()
    return PhonePage(
        visit=visit,
        is_on=is_on,
        day=local_date(begin) if begin else None,
        starts_at=begin.astimezone(VENUE_ZONE) if begin else None,
        place=place_of(visit, rooms=rooms) if is_on else Place(),
        wifi=_wifi(visit, rooms, timed) if is_today else [],
        items=_with_states(timed, now),
        questions=list(shown_questions(visit)) if is_on else [],
        can_ask=questions.can_ask(visit),
        certificate=certificate if visit.status == VisitStatus.COMPLETED else None,
    )


def shown_questions(visit: Visit) -> QuerySet[Question]:
    """Accepted questions, the newest first, without the names of those who asked."""
    return visit.questions.filter(state=Question.State.ACCEPTED, by_delegate=True).select_related("item").order_by("-pk")


def _with_states(timed: list[TimedItem], now: dt.datetime) -> list[PhoneItem]:
    """The items with their state; the next ones are those that begin first after now."""
    later = [row.starts_at for row in timed if row.starts_at and row.starts_at > now]
    first = min(later, default=None)
    return [PhoneItem(row, _state(row, now, first)) for row in timed]


def _state(row: TimedItem, now: dt.datetime, first: dt.datetime | None) -> str:
    if row.starts_at is None or row.ends_at is None:
        return ""
    if row.ends_at <= now:
        return "past"
    if row.starts_at <= now:
        return "now"
    return "next" if row.starts_at == first else ""


def _wifi(visit: Visit, rooms: list[Resource], timed: list[TimedItem]) -> list[tuple[str, str]]:
    """Notes on the Wi-Fi with the name of the room: of the rooms of the day, else of the programme."""
    all_rooms = {room.pk: room for room in [*rooms, *(row.room for row in timed if row.room)]}
    notes = [(room.name, room.wifi_note) for room in all_rooms.values() if room.wifi_note]
    if not notes and visit.programme and visit.programme.wifi_note:
        notes = [("", visit.programme.wifi_note)]
    return notes
