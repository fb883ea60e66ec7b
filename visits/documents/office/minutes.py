"""The minutes of the meeting, with questions and answers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.personal_fields import personal
from visits.documents.declaration import EntryPage
from visits.documents.office.base import OFFICIAL, Kind, lines, needs_day, times_of
from visits.queries.dossier import Dossier

TOLD = (
    *personal("visits.Minutes", "discussion", "conclusions", "follow_up"),
    *personal("visits.Question", "asked_by", "question", "answer"),
    *OFFICIAL,
)


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
    carries=(*TOLD, *personal("visits.Minutes", "chair", "note_taker")),
    entry=EntryPage(name="visits_staff:minutes", label=gettext_lazy("Minutes and questions")),
    in_pack=True,
)
