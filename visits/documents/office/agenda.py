"""The agenda of the day on one page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.personal_fields import personal
from visits.documents.declaration import EnteredValue, EntryPage
from visits.documents.office.base import Kind, needs_day, times_of
from visits.domain.place import place_of
from visits.queries.dossier import Dossier

ROOMY = 9
"""Up to so many items the lines stand apart; more stand close, so that they fit on the page."""


def body(dossier: Dossier) -> dict:
    """The rows; columns in which nothing stands are left out."""
    main_room = place_of(dossier.visit).name
    return {
        "rows": dossier.agenda,
        "times": times_of(dossier),
        "is_long": len(dossier.items) > ROOMY,
        "has_charge": any(item.in_charge for item in dossier.items),
        "has_place": any(row.room_name not in ("", main_room) for row in dossier.agenda),
    }


def missing(dossier: Dossier) -> list[str]:
    """A day and an item."""
    return [*needs_day(dossier), *([] if dossier.items else [_("The agenda has no items yet.")])]


KIND = Kind(
    key="agenda",
    title=gettext_lazy("Agenda"),
    explanation=gettext_lazy("The order of the day on one page, for guests, speakers and the master of ceremonies."),
    body=body,
    missing=missing,
    carries=(
        *personal("visits.AgendaItem", "filler", "in_charge"),
        *personal("visits.Resource", "name"),
        *personal("visits.Visit", "paper_values"),
    ),
    entry=EntryPage(name="visits_staff:agenda", label=gettext_lazy("Items")),
    entered=(
        EnteredValue(
            name="dress",
            label=gettext_lazy("Dress"),
            help_text=gettext_lazy("For example: batik. Stands below the agenda; leave it empty for none."),
        ),
    ),
    one_page=True,
    in_guests_language=True,
    in_pack=True,
)
