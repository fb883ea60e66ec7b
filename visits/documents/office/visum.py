"""The visum of travel orders (SPD): arrival and departure of everyone who travelled, attested by an official who may do so."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.documents.office.base import Kind, needs_delegates
from visits.queries.dossier import Dossier


def body(dossier: Dossier) -> dict:
    """One sheet for all, then a coupon for each to be attached to the own travel order."""
    return {
        "travellers": dossier.travellers,
        "signer": dossier.visum_signer,
        "home": dossier.visit.region.name if dossier.visit.region else "",
    }


def missing(dossier: Dossier) -> list[str]:
    """Travellers, and somebody who may sign."""
    nobody = [] if dossier.visum_signer else [_("No official may sign travel orders. Enter one under “Officials who sign”.")]
    return [*needs_delegates(dossier), *nobody]


KIND = Kind(
    key="visum",
    title=gettext_lazy("Visum of travel orders (SPD)"),
    explanation=gettext_lazy("One sheet for all who came and a coupon for each, with NIP and room for the stamp."),
    body=body,
    missing=missing,
)
