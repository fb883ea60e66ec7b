"""What is missing until a visit takes place: one list with owner and day, for the desk page. KINDS holds each kind of missing thing.

To add a kind: write its function here with the decorator; tests/visits/test_missing.py goes over all of them.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.domain import preparation
from visits.domain.agenda_times import minutes_of
from visits.domain.calendar_days import day_of, local_date
from visits.domain.place import Place
from visits.enums import AWAITS_DECISION, Actor, VisitStatus
from visits.models import (
    AgendaItem,
    Allocation,
    Disposition,
    IncomingLetter,
    PreparationTask,
    ProgrammeNeed,
    ReplyLetter,
    SpeakerInvitation,
    Visit,
)
from visits.permissions import ANY_OF_VISIT, AUDIT, DISPOSE

LETTER_DAYS, AGENDA_DAYS, NAMES_DAYS = 7, 3, 1
"""Days before the visit by which the reply letter is issued and the place is known, the agenda stands, and the delegates are named."""


@dataclass(frozen=True)
class Facts:
    """What the list is made of; read by queries.desk in a fixed number of queries.

    Attributes:
        named: how many delegates are named.
        place: where the visit takes place, as far as it is known.
        letter: the latest request letter.
        has_letter: whether there is a request letter with a file.
        dispositions: those that stand in somebody's queue.
        agenda: its items, in their order.
        taken: rooms, people and vehicles that somebody has around the day, with the visit of each.
        invitations: of speakers, with their items.
        tasks: those that are open.
        needs: how many rooms, people and vehicles the programme asks for.
    """

    visit: Visit
    named: int = 0
    place: Place = field(default_factory=Place)
    letter: IncomingLetter | None = None
    has_letter: bool = False
    dispositions: Collection[Disposition] = ()
    replies: Collection[ReplyLetter] = ()
    allocations: Collection[Allocation] = ()
    needs: Collection[ProgrammeNeed] = ()
    agenda: Sequence[AgendaItem] = ()
    taken: Collection[Allocation] = ()
    invitations: Collection[SpeakerInvitation] = ()
    tasks: Collection[PreparationTask] = ()

    @property
    def is_scheduled(self) -> bool:
        """Whether the visit is approved; also after its day, until it is closed."""
        return self.visit.status == VisitStatus.APPROVED

    def before(self, days: int) -> dt.date | None:
        """The date some days before the visit."""
        day = day_of(self.visit)
        return day - dt.timedelta(days=days) if day else None


@dataclass(frozen=True)
class Missing:
    """One thing that is missing.

    Attributes:
        text: what it is.
        owner: who has to do it, in words.
        due: by when; None if there is no day.
        page: name of the staff's page on which it is settled; empty if only the owner can settle it.
        key: see Kind.
    """

    text: str
    owner: str
    due: dt.date | None = None
    page: str = ""
    key: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of missing thing.

    Attributes:
        key: its stable name.
        find: what is missing of this kind.
        seen_by: any of these permissions sees it.
    """

    key: str
    find: Callable[[Facts], Iterable[Missing]]
    seen_by: tuple[str, ...] = ANY_OF_VISIT


KINDS: dict[str, Kind] = {}


def _kind(key: str, *, seen_by: tuple[str, ...] = ANY_OF_VISIT) -> Callable:
    def declare(find: Callable[[Facts], Iterator[Missing]]) -> Callable:
        KINDS[key] = Kind(key, find, seen_by)
        return find

    return declare


def missing(facts: Facts, *, may: Callable[[str], bool]) -> list[Missing]:
    """Everything that is missing, the earliest day first; nothing for a visit that is over or called off. Makes no query.

    Args:
        facts: the visit with its rows.
        may: whether the reader has a permission, for example ``dispose``.
    """
    if facts.visit.status not in AWAITS_DECISION | {VisitStatus.APPROVED}:
        return []
    found = [
        Missing(each.text, each.owner, each.due, each.page, kind.key)
        for kind in KINDS.values()
        if any(may(permission) for permission in kind.seen_by)
        for each in kind.find(facts)
    ]
    return sorted(found, key=lambda each: (each.due is None, each.due or dt.date.max))


def _staff() -> str:
    return str(Actor.STAFF.label)


def _guest(visit: Visit) -> str:
    return visit.contact_name or str(Actor.GUEST.label)


def _day(moment: dt.datetime | None) -> dt.date | None:
    return local_date(moment) if moment else None


@_kind("decision")
def decision(facts: Facts) -> Iterator[Missing]:
    """The request waits for staff."""
    visit = facts.visit
    if visit.status == VisitStatus.SUBMITTED and visit.answer_due_at:
        yield Missing(_("The request is not decided"), str(visit.assigned_to or _staff()), _day(visit.answer_due_at))


@_kind("question")
def question(facts: Facts) -> Iterator[Missing]:
    """The guest was asked for something."""
    if facts.visit.status == VisitStatus.NEEDS_INFO:
        yield Missing(_("The guest has not answered our question"), _guest(facts.visit), _day(facts.visit.hold_until))


@_kind("proposal")
def proposal(facts: Facts) -> Iterator[Missing]:
    """A proposed date waits for an answer."""
    if opened := facts.visit.open_proposal:
        if opened.by == Actor.GUEST:
            yield Missing(_("The guest asks for another date"), _staff(), _day(opened.expires_at), "accept_date")
        else:
            yield Missing(_("The guest has not answered the proposed date"), _guest(facts.visit), _day(opened.expires_at))


@_kind("seats")
def more_seats(facts: Facts) -> Iterator[Missing]:
    """The guest asks for more people."""
    if opened := facts.visit.open_seat_request:
        sentence = _("The guest asks for %(count)d people") % {"count": opened.group_size}
        yield Missing(sentence, _staff(), facts.before(NAMES_DAYS), "grant_seats")


@_kind("request_letter")
def request_letter(facts: Facts) -> Iterator[Missing]:
    """No request letter with a file, although the programme asks for one or the guest promised it."""
    visit = facts.visit
    wanted = visit.letter_due_on or (visit.programme and visit.programme.letter_required)
    if wanted and not facts.has_letter:
        yield Missing(_("The request letter is missing"), _guest(visit), visit.letter_due_on or facts.before(LETTER_DAYS), "correspondence")


@_kind("registration")
def registration(facts: Facts) -> Iterator[Missing]:
    """The request letter is not registered."""
    if facts.letter and not facts.letter.agenda_number:
        yield Missing(_("The request letter is not registered"), _staff(), None, "register")


@_kind("disposition", seen_by=(DISPOSE, AUDIT))
def open_disposition(facts: Facts) -> Iterator[Missing]:
    """A disposition stands in somebody's queue."""
    for each in facts.dispositions:
        if each.addressee_id and not each.done_at:
            yield Missing(
                _("Disposition not done: %(to)s") % {"to": each.to_positions}, str(each.addressee), each.deadline, "correspondence"
            )


@_kind("place")
def place(facts: Facts) -> Iterator[Missing]:
    """Guests cannot be told where to go or whom to call."""
    if unknown := facts.place.missing:
        page = "place" if facts.is_scheduled else "approve"
        yield Missing(_("Not known yet: %(what)s") % {"what": ", ".join(unknown)}, _staff(), facts.before(LETTER_DAYS), page)


@_kind("resources")
def rooms_and_people(facts: Facts) -> Iterator[Missing]:
    """The programme needs more rooms, people or vehicles than the scheduled visit has."""
    if not facts.is_scheduled:
        return
    for need in facts.needs:
        left = need.quantity - sum(1 for allocation in facts.allocations if allocation.resource.kind_id == need.kind_id)
        if left > 0:
            sentence = _("Not allocated: %(count)d × %(kind)s") % {"count": left, "kind": need.kind.name}
            yield Missing(sentence, _staff(), facts.before(LETTER_DAYS), "place")


@_kind("reply")
def reply_letter(facts: Facts) -> Iterator[Missing]:
    """The reply letter of a scheduled visit is not issued, or its signed copy is not kept."""
    if not facts.is_scheduled:
        return
    issued = [reply for reply in facts.replies if reply.state == ReplyLetter.State.ISSUED]
    if not issued:
        yield Missing(_("The reply letter is not issued"), _staff(), facts.before(LETTER_DAYS), "correspondence")
    elif not any(reply.signed_file for reply in issued):
        yield Missing(_("The signed copy of the reply letter is not kept"), _staff(), facts.before(LETTER_DAYS), "correspondence")


@_kind("delegates")
def list_of_delegates(facts: Facts) -> Iterator[Missing]:
    """Not everybody of a scheduled visit is named."""
    left = (facts.visit.group_size or 0) - facts.named
    if facts.is_scheduled and left > 0:
        sentence = ngettext("%(count)d delegate is not named", "%(count)d delegates are not named", left) % {"count": left}
        yield Missing(sentence, _guest(facts.visit), facts.before(NAMES_DAYS), "delegates")


@_kind("agenda")
def agenda(facts: Facts) -> Iterator[Missing]:
    """A scheduled visit has no agenda."""
    if facts.is_scheduled and not facts.agenda:
        yield Missing(_("The agenda is not written"), _staff(), facts.before(AGENDA_DAYS), "agenda")


@_kind("agenda_clash")
def agenda_clash(facts: Facts) -> Iterator[Missing]:
    """A room or person that staff chose for an item is taken at its time, as after a move of the visit."""
    if not facts.is_scheduled or facts.visit.slot is None:
        return
    begin = facts.visit.slot.starts_at
    for item, (first, last) in zip(facts.agenda, minutes_of(facts.agenda), strict=True):
        start, end = (begin + dt.timedelta(minutes=minutes) for minutes in (first, last))
        chosen = {item.room_id, item.speaker_id} - {None}
        for each in facts.taken:
            if each.resource_id in chosen and each.visit_id != facts.visit.pk and each.starts_at < end and each.ends_at > start:
                words = {"item": item.name, "resource": each.resource.name}
                yield Missing(_("“%(item)s”: %(resource)s is taken at that time") % words, _staff(), facts.before(AGENDA_DAYS), "agenda")
                break


@_kind("speakers")
def speakers(facts: Facts) -> Iterator[Missing]:
    """A speaker has not answered, or declined and nobody else was found."""
    state = SpeakerInvitation.State
    settled = {each.item_id for each in facts.invitations if each.state in (state.OPEN, state.ACCEPTED)}
    for each in facts.invitations:
        names = {"speaker": each.speaker.name, "item": each.item.name}
        if each.state == state.OPEN:
            yield Missing(_("%(speaker)s has not answered: %(item)s") % names, each.speaker.name, _day(each.expires_at), "agenda")
        elif each.state in (state.DECLINED, state.SUBSTITUTE) and each.item_id not in settled:
            settled.add(each.item_id)
            yield Missing(_("%(speaker)s does not come: %(item)s") % names, _staff(), facts.before(AGENDA_DAYS), "agenda")


@_kind("task")
def tasks(facts: Facts) -> Iterator[Missing]:
    """A task of preparation is open."""
    for task in facts.tasks:
        if facts.is_scheduled:
            yield Missing(task.title, task.responsible or _("nobody is named yet"), preparation.due_on(task, facts.visit), "preparation")
