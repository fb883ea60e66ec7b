"""A page of the guest book."""

from django.utils.translation import gettext_lazy

from visits.documents.office.base import Kind, needs_day
from visits.queries.dossier import Dossier

LINES = 9


def body(dossier: Dossier) -> dict:
    """Empty lines."""
    return {"lines": range(1, LINES + 1)}


KIND = Kind(
    key="guest_book",
    title=gettext_lazy("Guest book"),
    explanation=gettext_lazy("A page to be filled by hand: name, position, impressions, signature."),
    body=body,
    missing=needs_day,
    landscape=True,
    one_page=True,
    in_guests_language=True,
)
