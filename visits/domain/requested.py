"""What a visit has that guests asked for, and what one that is known from a published source only may lack."""

from django.utils.translation import gettext as _

from visits.domain.errors import MoveRefused
from visits.models import Programme, Visit, VisitSlot


def programme_of(visit: Visit) -> Programme:
    """The programme of a visit. Raises MoveRefused where it has none."""
    if visit.programme is None:
        raise MoveRefused(_("This visit is known from a published source only."))
    return visit.programme


def session_of(visit: Visit) -> VisitSlot:
    """The session of a visit. Raises MoveRefused where it has none (yet)."""
    if visit.slot is None:
        raise MoveRefused(_("The visit has no session yet."))
    return visit.slot
