"""Which actions the desk offers: only moves that the table allows, at a time at which the domain would accept them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.domain import lifecycle
from visits.domain.calendar_days import local_date
from visits.enums import Actor, VisitStatus
from visits.models import Visit
from visits.permissions import CERTIFY, DECIDE, RECEIVE


@dataclass(frozen=True)
class Offer:
    """An action with its button. Hiding a button protects nothing: views and domain check again."""

    name: str
    label: str | Promise
    icon: str
    permission: str
    possible: Callable[[Visit], bool]
    weight: str = "secondary"

    def is_possible(self, visit: Visit) -> bool:
        """Whether the action makes sense for the visit now."""
        return self.possible(visit)


def _may_become(target: VisitStatus) -> Callable[[Visit], bool]:
    return lambda visit: visit.slot_id is not None and target in lifecycle.allowed_moves(visit, Actor.STAFF)


def _has_begun(visit: Visit) -> bool:
    return bool(visit.slot_id) and visit.slot.starts_at <= timezone.now()


def _is_visiting_day(visit: Visit) -> bool:
    return visit.status == VisitStatus.APPROVED and bool(visit.slot_id) and local_date(visit.slot.starts_at) <= local_date(timezone.now())


def _may_approve(visit: Visit) -> bool:
    # "Approved to approved" in the table is a move to another session, which is no approval.
    return visit.status != VisitStatus.APPROVED and _may_become(VisitStatus.APPROVED)(visit)


APPROVE = Offer("approve", _("Approve"), "check", DECIDE, _may_approve, "primary")
ASK = Offer("ask", _("Ask for information"), "comment", DECIDE, _may_become(VisitStatus.NEEDS_INFO))
DECLINE = Offer("decline", _("Decline"), "cross", DECIDE, _may_become(VisitStatus.DECLINED), "danger")
CANCEL = Offer(
    "cancel",
    _("Cancel the visit"),
    "cross",
    DECIDE,
    lambda visit: visit.status == VisitStatus.APPROVED and not _has_begun(visit) and _may_become(VisitStatus.CANCELLED_BY_HOST)(visit),
    "danger",
)
RECEPTION = Offer("reception", _("Check in guests"), "user", RECEIVE, _is_visiting_day, "primary")
COMPLETE = Offer(
    "complete", _("Complete the visit"), "success", RECEIVE, lambda visit: _has_begun(visit) and _may_become(VisitStatus.COMPLETED)(visit)
)
NO_SHOW = Offer(
    "no_show",
    _("Guests did not come"),
    "no-view",
    RECEIVE,
    lambda visit: _has_begun(visit) and _may_become(VisitStatus.NO_SHOW)(visit),
    "danger",
)
CERTIFICATES = Offer(
    "issue_certificates",
    _("Issue missing certificates"),
    "rotate",
    CERTIFY,
    lambda visit: visit.status == VisitStatus.COMPLETED and bool(visit.slot_id),
)

OFFERS = (APPROVE, ASK, RECEPTION, COMPLETE, DECLINE, CANCEL, NO_SHOW)
"""In the order of their buttons on the desk page."""


def for_desk(visit: Visit, may: Callable[[str], bool]) -> list[Offer]:
    """The actions that a member of staff can take now.

    Args:
        visit: with its session.
        may: whether the person has a permission, for example ``decide``.
    """
    return [offer for offer in OFFERS if may(offer.permission) and offer.is_possible(visit)]
