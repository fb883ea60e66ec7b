"""The life of a request in plain words, for its guest. Nothing internal."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from visits.domain.calendar_days import VENUE_ZONE
from visits.enums import VisitStatus
from visits.models import Visit


@dataclass(frozen=True)
class Step:
    """One step: what it is, what is known about it, and whether it is done, current or still to come."""

    title: str
    text: str = ""
    state: str = "open"


def _date(moment) -> str:
    return formats.date_format(moment.astimezone(VENUE_ZONE).date()) if moment else ""


_POSITION = {
    VisitStatus.UNVERIFIED: 0,
    VisitStatus.SUBMITTED: 1,
    VisitStatus.NEEDS_INFO: 1,
    VisitStatus.PROPOSED: 1,
    VisitStatus.APPROVED: 2,
    VisitStatus.COMPLETED: 4,
}


def timeline(visit: Visit) -> list[Step]:
    """Steps from the request to the certificates; a visit that ended early shows how far it came and why it ended."""
    if visit.status not in _POSITION:
        reason = visit.reason or ""
        return [
            Step(_("Request received"), _date(visit.submitted_at), "done"),
            Step(visit.get_status_display(), reason, "current"),
        ]
    position = _POSITION[visit.status]
    answer = _("You will have our answer by %(date)s.") % {"date": _date(visit.answer_due_at)} if visit.answer_due_at else ""
    if visit.status == VisitStatus.NEEDS_INFO:
        answer = _("We have a question. Please answer below; until then the clock stands still.")
    steps = [
        (_("Request received"), _date(visit.submitted_at)),
        (_("Decision"), answer if position == 1 else _date(visit.decided_at)),
        (_("Preparation"), _("Name your delegates by the day before the visit.") if position == 2 else ""),
        (_("Visit"), _date(visit.starts_at)),
        (_("Certificates"), ""),
    ]
    return [
        Step(title, text, "done" if index < position or position == 4 else "current" if index == position else "open")
        for index, (title, text) in enumerate(steps)
    ]
