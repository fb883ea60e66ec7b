"""The record of souvenirs that were handed over."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.personal_fields import personal
from visits.documents.declaration import EntryPage
from visits.documents.office.base import OFFICIAL, Kind, needs_day, photo_url
from visits.queries.dossier import Dossier


def body(dossier: Dossier) -> dict:
    """What went which way, with photos.

    Raises:
        PaperRefused: a photo is gone.
    """
    return {
        "groups": [
            (label, [gift for gift in dossier.gifts if gift.given_by_host is given])
            for given, label in ((True, _("Given by the host")), (False, _("Given by the guests")))
        ],
        "photos": [(photo_url(gift.photo.name), gift) for gift in dossier.gifts if gift.photo],
        "signer": dossier.records_signer,
    }


def missing(dossier: Dossier) -> list[str]:
    """A day and a souvenir that is named."""
    named = any(gift.item for gift in dossier.gifts)
    return [*needs_day(dossier), *([] if named else [_("No souvenir is entered yet.")])]


KIND = Kind(
    key="handover",
    title=gettext_lazy("Handover record of souvenirs"),
    explanation=gettext_lazy("What was given and received, signed by both sides."),
    body=body,
    missing=missing,
    carries=(*personal("visits.Gift", "giver", "receiver", "photo"), *OFFICIAL),
    entry=EntryPage(name="visits_staff:gifts", label=gettext_lazy("Souvenirs")),
    in_pack=True,
)
