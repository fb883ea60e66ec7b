"""The report of a visit: letter, agenda, attendance, minutes, souvenirs and photos in one paper."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.personal_fields import personal
from visits.documents.declaration import EntryPage
from visits.documents.office.base import Kind, needs_day, photo_url
from visits.documents.office.minutes import TOLD, told
from visits.enums import VisitStatus
from visits.queries.dossier import Dossier


def body(dossier: Dossier) -> dict:
    """Every part; one of which nothing is known says so.

    Raises:
        PaperRefused: a photo is gone.
    """
    return {
        **told(dossier),
        "letter": dossier.letter,
        "reply": dossier.reply if dossier.reply and dossier.reply.number else None,
        "rows": dossier.agenda,
        "present": dossier.present,
        "photos": [(photo_url(photo.picture.name), photo) for photo in dossier.photos_with_consent],
    }


def missing(dossier: Dossier) -> list[str]:
    """The visit must be over."""
    over = dossier.visit.status == VisitStatus.COMPLETED
    return [*needs_day(dossier), *([] if over else [_("The visit is not completed yet.")])]


KIND = Kind(
    key="report",
    title=gettext_lazy("Visit report"),
    explanation=gettext_lazy("Letter, agenda, attendance, minutes, souvenirs and photos in one paper. Parts that are missing are named."),
    body=body,
    missing=missing,
    carries=(
        *personal("visits.Visit", "purpose"),
        *personal("visits.IncomingLetter", "signatory"),
        *personal("visits.AgendaItem", "filler"),
        *personal("visits.Resource", "name"),
        *personal("visits.Delegate", "name", "position", "unit"),
        *TOLD,
        *personal("visits.Gift", "giver", "receiver"),
        *personal("visits.VisitPhoto", "picture", "caption"),
    ),
    entry=EntryPage(name="visits_staff:photos", label=gettext_lazy("Photos")),
)
