"""What every move of a visit does besides changing its status.

The functions that make moves call queue_mails(), which reads the mails from this table. The other effects are in lifecycle.py and in
those functions; tests/visits/test_move_effects.py makes every move and compares. docs/visit-lifecycle.md is generated from this table.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

from visits.domain import outbox
from visits.enums import ALLOWED_MOVES, FREES_SEATS, Actor, MessageKind, VisitStatus
from visits.models import Visit

_S = VisitStatus
_GUEST, _STAFF, _CLOCK = Actor.GUEST, Actor.STAFF, Actor.CLOCK


@dataclass(frozen=True)
class Effects:
    """Effects of a move.

    Attributes:
        to: the new status.
        by: who makes the move.
        guest_mail: mail to the contact person.
        staff_mail: mail to all staff who may decide.
        sources: the states from which these effects follow; all allowed ones if empty.
        takes_offer: a guest takes the place that the waiting list was offered.
        others: further effects, in words.
    """

    to: VisitStatus
    by: Actor
    guest_mail: MessageKind | None = None
    staff_mail: MessageKind | None = None
    sources: tuple[VisitStatus, ...] = ()
    others: str = ""
    takes_offer: bool = False

    @property
    def frees_seats(self) -> bool:
        """Whether the visit gives back its seats."""
        return self.to in FREES_SEATS


_REQUESTS = (_S.SUBMITTED, _S.NEEDS_INFO, _S.PROPOSED)
_FINISHED = "An open proposal and a wish for more seats are withdrawn; an entry of the waiting list is closed."
_VISIT_CANCELLED = (
    f"{_FINISHED} Resources are free again; the calendar sequence increases; the mail cancels the guest's calendar entry; "
    "owners of open tasks and invited speakers are told."
)
_DISPLACES = "the calendar sequence increases; requests that lose their session are asked for a new date."
_VISIT_SCHEDULED = f"Resources are taken; the tasks of the programme begin; {_DISPLACES}"
_VISIT_MOVED = f"Seats and resources move; owners of open tasks are told, invited speakers asked again; {_DISPLACES}"

EFFECTS: tuple[Effects, ...] = (
    Effects(
        _S.SUBMITTED,
        _GUEST,
        MessageKind.RECEIPT,
        MessageKind.NEW_REQUEST,
        (_S.UNVERIFIED,),
        "The visit gets its reference; the answer gets its date.",
    ),
    Effects(
        _S.SUBMITTED,
        _STAFF,
        MessageKind.RECEIPT,
        MessageKind.NEW_REQUEST,
        (_S.UNVERIFIED,),
        "Entered for a guest: reference and date of the answer.",
    ),
    Effects(_S.SUBMITTED, _GUEST, None, MessageKind.GUEST_ACTED, (_S.NEEDS_INFO,), "The answer gets a new date."),
    Effects(_S.SUBMITTED, _GUEST, None, MessageKind.GUEST_ACTED, (_S.PROPOSED,), "The proposed session is free again."),
    Effects(
        _S.SUBMITTED,
        _GUEST,
        None,
        MessageKind.NEW_REQUEST,
        (_S.PROPOSED,),
        "The guest takes the place that the waiting list was offered: the visit gets that session, and the answer its date.",
        takes_offer=True,
    ),
    Effects(_S.SUBMITTED, _STAFF, MessageKind.PROPOSAL_ENDED, None, (_S.PROPOSED,), "The proposed session is free again."),
    Effects(_S.SUBMITTED, _CLOCK, MessageKind.PROPOSAL_ENDED, None, (_S.PROPOSED,), "The proposed session is free again."),
    Effects(_S.NEEDS_INFO, _STAFF, MessageKind.NEEDS_INFO, others="The date of the answer is suspended."),
    Effects(_S.PROPOSED, _STAFF, MessageKind.PROPOSAL, others="The proposed session is held; the old one too."),
    Effects(_S.PROPOSED, _GUEST, None, MessageKind.GUEST_ACTED, others="The proposed session is held; the old one too."),
    Effects(_S.PROPOSED, _CLOCK, MessageKind.PROPOSAL, others="A place is offered to the waiting list."),
    Effects(
        _S.APPROVED,
        _STAFF,
        MessageKind.INVITATION,
        None,
        (_S.SUBMITTED, _S.PROPOSED),
        _VISIT_SCHEDULED,
    ),
    Effects(
        _S.APPROVED,
        _GUEST,
        MessageKind.INVITATION,
        MessageKind.GUEST_ACTED,
        (_S.PROPOSED,),
        _VISIT_SCHEDULED,
    ),
    Effects(_S.APPROVED, _STAFF, MessageKind.MOVED, None, (_S.APPROVED,), _VISIT_MOVED),
    Effects(
        _S.APPROVED,
        _GUEST,
        MessageKind.MOVED,
        MessageKind.GUEST_ACTED,
        (_S.APPROVED,),
        _VISIT_MOVED,
    ),
    Effects(_S.DECLINED, _STAFF, MessageKind.DECLINED, others=_FINISHED),
    Effects(_S.EXPIRED, _CLOCK, None, None, (_S.UNVERIFIED,), _FINISHED),
    Effects(_S.EXPIRED, _CLOCK, MessageKind.EXPIRED, None, (_S.SUBMITTED, _S.NEEDS_INFO), _FINISHED),
    Effects(_S.CANCELLED_BY_GUEST, _GUEST, MessageKind.CANCELLED, None, (_S.UNVERIFIED,), _FINISHED),
    Effects(_S.CANCELLED_BY_GUEST, _GUEST, MessageKind.CANCELLED, MessageKind.GUEST_ACTED, _REQUESTS, _FINISHED),
    Effects(_S.CANCELLED_BY_GUEST, _GUEST, MessageKind.CANCELLED, MessageKind.GUEST_ACTED, (_S.APPROVED,), _VISIT_CANCELLED),
    Effects(_S.CANCELLED_BY_HOST, _STAFF, MessageKind.CANCELLED, None, (_S.UNVERIFIED, *_REQUESTS), _FINISHED),
    Effects(_S.CANCELLED_BY_HOST, _STAFF, MessageKind.CANCELLED, None, (_S.APPROVED,), _VISIT_CANCELLED),
    Effects(
        _S.COMPLETED,
        _STAFF,
        MessageKind.THANKS,
        others="Certificates are planned for everybody who attended; the pack is made; who spoke where is written down.",
    ),
    Effects(_S.NO_SHOW, _STAFF),
)


def rows_of(source: VisitStatus, to: VisitStatus, by: Actor) -> list[Effects]:
    """The rows for a move."""
    return [row for row in EFFECTS if row.to == to and row.by == by and (not row.sources or source in row.sources)]


def effects_of(source: VisitStatus, to: VisitStatus, by: Actor, *, takes_offer: bool = False) -> Effects:
    """The row for a move. Raises LookupError if the table has none."""
    for row in rows_of(source, to, by):
        if row.takes_offer == takes_offer:
            return row
    raise LookupError(f"No effects of the move from {source} to {to} by {by}")


def queue_mails(
    visit: Visit,
    source: VisitStatus,
    by: Actor,
    *,
    to: VisitStatus | None = None,
    note: str = "",
    news: Promise | str = "",
    sequence: int | None = None,
    takes_offer: bool = False,
) -> None:
    """Queue the mails of a move to guest and staff, in the caller's transaction.

    Args:
        visit: after the move.
        source: its status before the move.
        by: who made the move.
        to: the move whose mails are sent, if the visit kept its status; its status by default.
        note: text for the guest.
        news: a lazy sentence for staff, without personal data, that says what the guest did.
        sequence: number of the mail to the guest; the next one of its kind by default.
        takes_offer: see Effects.

    Raises:
        LookupError: the table has no such move.
    """
    row = effects_of(source, to or VisitStatus(visit.status), by, takes_offer=takes_offer)
    if row.guest_mail:
        outbox.queue(visit, row.guest_mail, sequence=sequence, note=note)
    if row.staff_mail:
        outbox.notify_staff(visit, news, row.staff_mail)


def as_markdown() -> str:
    """The table as docs/visit-lifecycle.md shows it, in English."""
    lines = [
        "# What the moves of a visit do",
        "",
        "Written from `visits/domain/move_effects.py`; a test makes every move and compares. Moves that are missing are refused.",
        "",
        "| from | to | by | mail to the guest | mail to staff | seats | other effects |",
        "|---|---|---|---|---|---|---|",
    ]
    for source, moves in ALLOWED_MOVES.items():
        for to, actors in moves.items():
            for by in sorted(actors):
                for row in rows_of(source, to, by):
                    seats = "free" if row.frees_seats else ""
                    cells = (source, to, by, row.guest_mail or "", row.staff_mail or "", seats, row.others)
                    lines.append("| " + " | ".join(str(getattr(cell, "value", cell)) for cell in cells) + " |")
    return "\n".join(lines) + "\n"
