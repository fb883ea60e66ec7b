"""Programme and session of a visit, for decisions that need them. Visits from a published source may have neither."""

from django.utils.translation import gettext as _

from visits.domain.errors import Refused
from visits.models import Programme, Visit, VisitSlot


def require_programme(visit: Visit) -> Programme:
    """The programme of a visit. Raises Refused without one."""
    if visit.programme is None:
        raise Refused(_("This visit is known from a published source only."))
    return visit.programme


def require_session(visit: Visit) -> VisitSlot:
    """The session of a visit. Raises Refused without one."""
    if visit.slot is None:
        raise Refused(_("The visit has no session yet."))
    return visit.slot
