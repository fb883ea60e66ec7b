"""What every move of a visit does besides changing its status.

The effects are implemented in decisions.py, scheduling.py and booking.py; tests/visits/test_move_effects.py makes every move and
compares. docs/visit-lifecycle.md is generated from this table.
"""

from dataclasses import dataclass

from visits.enums import ALLOWED_MOVES, FREES_SEATS, Actor, MessageKind, VisitStatus

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
        others: further effects, in words.
    """

    to: VisitStatus
    by: Actor
    guest_mail: MessageKind | None = None
    staff_mail: MessageKind | None = None
    sources: tuple[VisitStatus, ...] = ()
    others: str = ""

    @property
    def frees_seats(self) -> bool:
        """Whether the visit gives back its seats."""
        return self.to in FREES_SEATS


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
        "Resources are taken; the calendar sequence increases.",
    ),
    Effects(
        _S.APPROVED,
        _GUEST,
        MessageKind.INVITATION,
        MessageKind.GUEST_ACTED,
        (_S.PROPOSED,),
        "Resources are taken; the calendar sequence increases.",
    ),
    Effects(_S.APPROVED, _STAFF, MessageKind.MOVED, None, (_S.APPROVED,), "Seats and resources move; the calendar sequence increases."),
    Effects(
        _S.APPROVED,
        _GUEST,
        MessageKind.MOVED,
        MessageKind.GUEST_ACTED,
        (_S.APPROVED,),
        "Seats and resources move; the calendar sequence increases.",
    ),
    Effects(_S.DECLINED, _STAFF, MessageKind.DECLINED),
    Effects(_S.EXPIRED, _CLOCK, None, None, (_S.UNVERIFIED,)),
    Effects(_S.EXPIRED, _CLOCK, MessageKind.EXPIRED, None, (_S.SUBMITTED, _S.NEEDS_INFO)),
    Effects(_S.CANCELLED_BY_GUEST, _GUEST, MessageKind.CANCELLED, None, (_S.UNVERIFIED,)),
    Effects(
        _S.CANCELLED_BY_GUEST,
        _GUEST,
        MessageKind.CANCELLED,
        MessageKind.GUEST_ACTED,
        (_S.SUBMITTED, _S.NEEDS_INFO, _S.PROPOSED, _S.APPROVED),
        "Resources are free again, unless the day has come.",
    ),
    Effects(_S.CANCELLED_BY_HOST, _STAFF, MessageKind.CANCELLED, others="Resources are free again, unless the day has come."),
    Effects(_S.COMPLETED, _STAFF, others="Certificates are planned for everybody who attended."),
    Effects(_S.COMPLETED, _CLOCK, others="Certificates are planned for everybody who attended."),
    Effects(_S.NO_SHOW, _STAFF),
)


def effects_of(source: VisitStatus, to: VisitStatus, by: Actor) -> Effects | None:
    """The row for a move; None if the move is allowed by the table of moves but no function makes it."""
    rows = (row for row in EFFECTS if row.to == to and row.by == by and (not row.sources or source in row.sources))
    return next(rows, None)


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
                if row := effects_of(source, to, by):
                    seats = "free" if row.frees_seats else ""
                    cells = (source, to, by, row.guest_mail or "", row.staff_mail or "", seats, row.others)
                    lines.append("| " + " | ".join(str(getattr(cell, "value", cell)) for cell in cells) + " |")
    return "\n".join(lines) + "\n"
