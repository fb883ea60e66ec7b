"""The actions of staff on a visit, and when each is possible."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.domain import assignment, lifecycle
from visits.domain.calendar_days import local_date
from visits.enums import Actor, VisitStatus
from visits.models import Visit
from visits.permissions import CERTIFY, DECIDE, RECEIVE


@dataclass(frozen=True)
class Action:
    """An action with its button. Views and domain check permission and state again.

    Attributes:
        name: URL name and part of the URL.
        permission: for example ``decide``.
        is_possible: whether the visit is in a state for it.
        weight: style of the button: ``primary``, ``secondary`` or ``danger``.
    """

    name: str
    label: str | Promise
    icon: str
    permission: str
    is_possible: Callable[[Visit], bool]
    weight: str = "secondary"

    def url_for(self, visit: Visit) -> str:
        """URL of its page."""
        return reverse(f"visits_staff:{self.name}", args=[visit.pk])


def _may_become(target: VisitStatus) -> Callable[[Visit], bool]:
    return lambda visit: target in lifecycle.allowed_moves(visit, Actor.STAFF)


def _has_begun(visit: Visit) -> bool:
    return bool(visit.slot_id) and visit.slot.starts_at <= timezone.now()


def _is_visiting_day(visit: Visit) -> bool:
    return visit.status == VisitStatus.APPROVED and bool(visit.slot_id) and local_date(visit.slot.starts_at) <= local_date(timezone.now())


def _may_approve(visit: Visit) -> bool:
    # The move from approved to approved is another session, not an approval.
    return visit.status != VisitStatus.APPROVED and bool(visit.slot_id) and _may_become(VisitStatus.APPROVED)(visit)


def _is_scheduled_ahead(visit: Visit) -> bool:
    return visit.status == VisitStatus.APPROVED and bool(visit.slot_id) and not _has_begun(visit)


def _may_propose(visit: Visit) -> bool:
    waits = visit.status in (VisitStatus.SUBMITTED, VisitStatus.NEEDS_INFO)
    return (waits or _is_scheduled_ahead(visit)) and visit.open_proposal is None


def _proposed_by(*actors: Actor) -> Callable[[Visit], bool]:
    return lambda visit: (proposal := visit.open_proposal) is not None and proposal.by in actors


def _asks_for_seats(visit: Visit) -> bool:
    return visit.status == VisitStatus.APPROVED and visit.open_seat_request is not None


APPROVE = Action("approve", _("Approve"), "check", DECIDE, _may_approve, "primary")
ACCEPT_DATE = Action("accept_date", _("Accept the guest's date"), "check", DECIDE, _proposed_by(Actor.GUEST), "primary")
REFUSE_DATE = Action("refuse_date", _("Refuse the guest's date"), "cross", DECIDE, _proposed_by(Actor.GUEST))
WITHDRAW_DATE = Action("withdraw_date", _("Withdraw the proposed date"), "undo", DECIDE, _proposed_by(Actor.STAFF, Actor.CLOCK))
MOVE = Action("move", _("Move to another session"), "calendar-alt", DECIDE, _is_scheduled_ahead)
PLACE = Action("place", _("Place and contact"), "site", DECIDE, _is_scheduled_ahead)
PROPOSE = Action("propose", _("Propose another date"), "calendar-alt", DECIDE, _may_propose)
GRANT_SEATS = Action("grant_seats", _("Accept more people"), "check", DECIDE, _asks_for_seats, "primary")
REFUSE_SEATS = Action("refuse_seats", _("Refuse more people"), "cross", DECIDE, _asks_for_seats)
ASK = Action("ask", _("Ask for information"), "comment", DECIDE, _may_become(VisitStatus.NEEDS_INFO))
DECLINE = Action("decline", _("Decline"), "cross", DECIDE, _may_become(VisitStatus.DECLINED), "danger")
CANCEL = Action(
    "cancel",
    _("Cancel the visit"),
    "cross",
    DECIDE,
    lambda visit: _is_scheduled_ahead(visit) and _may_become(VisitStatus.CANCELLED_BY_HOST)(visit),
    "danger",
)
RECEPTION = Action("reception", _("Check in guests"), "user", RECEIVE, _is_visiting_day, "primary")
COMPLETE = Action(
    "complete", _("Complete the visit"), "success", RECEIVE, lambda visit: _has_begun(visit) and _may_become(VisitStatus.COMPLETED)(visit)
)
NO_SHOW = Action(
    "no_show",
    _("Guests did not come"),
    "no-view",
    RECEIVE,
    lambda visit: _has_begun(visit) and _may_become(VisitStatus.NO_SHOW)(visit),
    "danger",
)
ASSIGN = Action("assign", _("Assign to an officer"), "user", DECIDE, assignment.can_assign)
CERTIFICATES = Action(
    "issue_certificates",
    _("Issue missing certificates"),
    "rotate",
    CERTIFY,
    lambda visit: visit.status == VisitStatus.COMPLETED and bool(visit.slot_id),
)

ACTIONS = (
    ACCEPT_DATE,
    REFUSE_DATE,
    GRANT_SEATS,
    REFUSE_SEATS,
    APPROVE,
    RECEPTION,
    MOVE,
    PLACE,
    PROPOSE,
    WITHDRAW_DATE,
    ASK,
    COMPLETE,
    DECLINE,
    CANCEL,
    NO_SHOW,
)
"""Order of the buttons on the desk page."""


def possible_actions(visit: Visit, may: Callable[[str], bool]) -> list[Action]:
    """The actions that a member of staff can take now.

    Args:
        visit: with its session.
        may: whether the user has a permission, for example ``decide``.
    """
    return [action for action in ACTIONS if may(action.permission) and action.is_possible(visit)]
