"""The visum of travel orders (SPD): arrival and departure of everyone who travelled, attested by an official who may do so."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.personal_fields import personal
from visits.documents.declaration import WORKING_ON_VISITS, EntryPage
from visits.documents.office.base import OFFICIAL_WITH_NIP, Kind, needs_delegates
from visits.domain.calendar_days import day_of
from visits.permissions import AUDIT
from visits.queries.dossier import Dossier


def body(dossier: Dossier) -> dict:
    """One sheet for all, then a coupon for each to be attached to the own travel order."""
    entry, day = dossier.visum, day_of(dossier.visit)
    arrived, departed = (entry.arrived_on, entry.departed_on) if entry else (day, day)
    return {
        "travellers": dossier.travellers,
        "signer": dossier.visum_signer,
        "home": dossier.visit.region.name if dossier.visit.region else "",
        "arrived_on": date_format(arrived, "l, j F Y"),
        "departed_on": date_format(departed, "l, j F Y"),
    }


def missing(dossier: Dossier) -> list[str]:
    """Travellers, and somebody who may sign."""
    return [*needs_delegates(dossier), *_needs_signer(dossier)]


def _needs_signer(dossier: Dossier) -> list[str]:
    if dossier.visum_signer:
        return []
    if dossier.visum:
        chosen = dossier.visum.signatory.name
        return [_("%(name)s may not sign travel orders any more. Choose another official for the visum.") % {"name": chosen}]
    return [_("No official may sign travel orders. Enter one under “Officials who sign”.")]


KIND = Kind(
    key="visum",
    title=gettext_lazy("Visum of travel orders (SPD)"),
    explanation=gettext_lazy("One sheet for all who came and a coupon for each, with NIP and room for the stamp."),
    body=body,
    missing=missing,
    opened_by=(*WORKING_ON_VISITS, AUDIT),
    made_by=WORKING_ON_VISITS,
    carries=(*personal("visits.Delegate", "name", "position", "unit", "rank", "nip"), *OFFICIAL_WITH_NIP),
    entry=EntryPage(name="visits_staff:visum", label=gettext_lazy("Signer and days")),
    in_pack=True,
)
