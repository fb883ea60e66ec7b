"""Name badges, eight on a sheet, to be cut along the lines. The QR code opens the page of the delegate; the code is typed at the door."""

from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy

from knowledge_hub.core.personal_fields import personal
from knowledge_hub.papers.names import clean_name, fitted
from knowledge_hub.papers.qr import qr_svg
from visits.documents.office.base import Kind, needs_delegates
from visits.domain import badges as codes
from visits.queries.dossier import Dossier

ON_A_SHEET = 8
READABLE = 12
NAME_WIDTH = 58 * 72 / 25.4


def body(dossier: Dossier) -> dict:
    """Sheets of badges, each with its name as large as it fits.

    Raises:
        PaperRefused: a name cannot be printed.
    """
    if any(not (delegate.badge_code and delegate.token_hash) for delegate in dossier.delegates):
        codes.give_missing(dossier.visit)
        given = {delegate.pk: delegate for delegate in dossier.visit.delegates.all()}
    else:
        given = {delegate.pk: delegate for delegate in dossier.delegates}
    badges = [_badge(given[delegate.pk], dossier) for delegate in dossier.delegates]
    return {"sheets": [badges[start : start + ON_A_SHEET] for start in range(0, len(badges), ON_A_SHEET)]}


def _badge(delegate, dossier: Dossier) -> dict:
    name = clean_name(delegate.name)
    size, rows = fitted(name, "serif-bold", width=NAME_WIDTH, largest=24, smallest=16, two_lines=17)
    if size < READABLE:
        # Many titles: three lines, of which none is quite full, take letters this much larger.
        size, rows = round(size * 1.4, 2), 3
    return {
        "name": name,
        "style": f"font-size:{size:g}pt",
        "rows": rows,
        "position": delegate.position,
        "unit": delegate.unit or dossier.visit.organisation,
        "code": f"{delegate.badge_code[:3]} {delegate.badge_code[3:]}",
        # Made by ourselves from letters and numbers.
        "qr": mark_safe(qr_svg(codes.address_of(delegate), gettext("QR code"))),
    }


KIND = Kind(
    key="badges",
    title=gettext_lazy("Name badges"),
    explanation=gettext_lazy("Eight on a sheet, to be cut along the lines."),
    body=body,
    missing=needs_delegates,
    carries=personal("visits.Delegate", "name", "position", "unit"),
    in_guests_language=True,
)
