"""The attendance sheet: everyone on the list, signing left and right in turn, and empty lines for those who come unannounced."""

from django.utils.translation import gettext_lazy

from knowledge_hub.core.personal_fields import personal
from visits.documents.declaration import WORKING_ON_VISITS, EntryPage
from visits.documents.office.base import Kind, needs_delegates, times_of
from visits.domain import agenda
from visits.domain.place import more_rooms
from visits.enums import AttendanceKind
from visits.permissions import AUDIT, RECEIVE
from visits.queries.dossier import Dossier

EMPTY_LINES = 5


def body(dossier: Dossier) -> dict:
    """The rows; the empty ones go on with the numbers."""
    count = len(dossier.delegates)
    return {
        "rows": list(enumerate(dossier.delegates, start=1)),
        "empty": range(count + 1, count + EMPTY_LINES + 1),
        "times": times_of(dossier),
        "rooms": more_rooms(dossier.visit),
        "speakers": "; ".join(agenda.speakers_of(dossier.visit, dossier.agenda)),
        "present": {delegate.pk for delegate in dossier.present},
        "absent": {delegate.pk for delegate in dossier.delegates if delegate.last_kind == AttendanceKind.ABSENT},
    }


KIND = Kind(
    key="attendance_sheet",
    title=gettext_lazy("Attendance sheet"),
    explanation=gettext_lazy("To be signed; holds each NIP. Those who are checked in carry the time of their arrival."),
    body=body,
    missing=needs_delegates,
    opened_by=(*WORKING_ON_VISITS, AUDIT),
    made_by=WORKING_ON_VISITS,
    carries=(
        *personal("visits.Delegate", "name", "position", "unit", "nip"),
        *personal("visits.AttendanceEvent", "at"),
        *personal("visits.Resource", "name"),
    ),
    entry=EntryPage(name="visits_staff:reception", label=gettext_lazy("Reception"), permissions=(RECEIVE,)),
    in_pack=True,
)
