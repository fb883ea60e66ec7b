"""The minutes of the meeting, with questions and answers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.documents.office.base import Kind, lines, needs_day, times_of
from visits.queries.dossier import Dossier


def told(dossier: Dossier) -> dict:
    """What was said, in paragraphs and lists."""
    minutes = dossier.minutes
    return {
        "minutes": minutes,
        "discussion": lines(minutes.discussion) if minutes else [],
        "conclusions": lines(minutes.conclusions) if minutes else [],
        "follow_up": lines(minutes.follow_up) if minutes else [],
        "questions": dossier.questions,
        "times": times_of(dossier),
        "signer": dossier.records_signer,
    }


def missing(dossier: Dossier) -> list[str]:
    """A day and minutes."""
    return [*needs_day(dossier), *([] if dossier.minutes else [_("The minutes are not written yet.")])]


KIND = Kind(
    key="minutes",
    title=gettext_lazy("Minutes of the meeting"),
    explanation=gettext_lazy("What was presented, asked and agreed, to be signed."),
    body=told,
    missing=missing,
)
