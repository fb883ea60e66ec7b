"""Name badges, eight on a sheet, to be cut along the lines. The QR code opens the page of the delegate; the code is typed at the door."""

from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy

from knowledge_hub.core.personal_fields import personal
from knowledge_hub.papers.names import clean_name
from knowledge_hub.papers.qr import qr_svg
from knowledge_hub.papers.room import Room, fitted
from visits.documents.office.base import Kind, needs_delegates
from visits.domain import badges as codes
from visits.queries.dossier import Dossier

ON_A_SHEET = 8
WIDTH = 58
ROOMS = {
    "name": Room("serif-bold", WIDTH, 19, 24, 16, 17, least=6, rows=6, leading=1.1),
    "position": Room("sans", WIDTH, 10, 9.5, 8.5, 9.5, least=5, rows=4, leading=1.2),
    "unit": Room("sans-bold", WIDTH, 11, 9.5, 8.5, 9.5, least=5, rows=5, leading=1.2),
}
HOST = Room("sans-bold", 85, 6.6, 9, 7.5, 7, least=5, rows=3, spacing=0.035)


def body(dossier: Dossier) -> dict:
    """Sheets of badges, each with its words as large as they fit.

    Raises:
        PaperRefused: a name cannot be printed, or something is too long for a badge.
    """
    if any(not (delegate.badge_code and delegate.token_hash) for delegate in dossier.delegates):
        codes.give_missing(dossier.visit)
        given = {delegate.pk: delegate for delegate in dossier.visit.delegates.all()}
    else:
        given = {delegate.pk: delegate for delegate in dossier.delegates}
    badges = [_badge(given[delegate.pk], dossier) for delegate in dossier.delegates]
    sheets = [badges[start : start + ON_A_SHEET] for start in range(0, len(badges), ON_A_SHEET)]
    return {"host": fitted(dossier.office.government, HOST), "sheets": sheets}


def _badge(delegate, dossier: Dossier) -> dict:
    said = {"name": clean_name(delegate.name), "position": delegate.position, "unit": delegate.unit or dossier.visit.organisation}
    return {
        **{name: fitted(said[name], room) for name, room in ROOMS.items() if said[name]},
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
