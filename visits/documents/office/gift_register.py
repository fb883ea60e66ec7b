"""The register of souvenirs of a year, for the inventory and the gratuity unit."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from knowledge_hub.core.personal_fields import personal
from knowledge_hub.papers import Paper, PaperRefused, Sheet
from visits.documents.declaration import PaperDeclaration
from visits.documents.office.base import composed, sheet_of
from visits.domain.replies import LANGUAGE
from visits.models import OfficeSettings
from visits.permissions import ANY_OF_VISIT
from visits.queries import gifts

REGISTER = PaperDeclaration(
    key="gift_register",
    title=gettext_lazy("Register of souvenirs"),
    landscape=True,
    opened_by=ANY_OF_VISIT,
    made_by=ANY_OF_VISIT,
    carries=personal("visits.Gift", "giver", "receiver"),
    opened_at="visits_gifts:print",
)


def register_of(year: int) -> tuple[Paper, Sheet]:
    """The register and the page that it is drawn on.

    Raises:
        PaperRefused: nothing was given or received in that year.
    """
    rows, office = list(gifts.of_year(year)), OfficeSettings.load()
    if not rows:
        raise PaperRefused(_("No souvenir is entered for %(year)d.") % {"year": year})
    with override(LANGUAGE):
        title = _("Register of souvenirs %(year)d") % {"year": year}
        paper = composed(
            REGISTER.key,
            {"title": title, "year": year, "rows": rows, "totals": gifts.totals(rows)},
            office,
            title=title,
            language=LANGUAGE,
            subject=title,
            created=rows[-1].day,
        )
    return paper, sheet_of(REGISTER, office)
