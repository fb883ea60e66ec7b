"""The disposition sheet: the request letter and what superiors wrote on it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.personal_fields import personal
from visits.documents.declaration import EntryPage
from visits.documents.office.base import Kind
from visits.models import Disposition
from visits.permissions import AUDIT, DISPOSE
from visits.queries.dossier import Dossier


def body(dossier: Dossier) -> dict:
    """Every disposition with the whole list of instructions; without any, one empty form to be filled by hand."""
    links = [
        {
            "disposition": disposition,
            "instructions": [(label, code in disposition.instructions) for code, label in Disposition.Instruction.choices],
        }
        for disposition in dossier.dispositions
    ]
    empty = {"disposition": None, "instructions": [(label, False) for _code, label in Disposition.Instruction.choices]}
    return {"letter": dossier.letter, "links": links or [empty]}


def missing(dossier: Dossier) -> list[str]:
    """A letter must have come."""
    return [] if dossier.letter else [_("There is no request letter yet.")]


KIND = Kind(
    key="disposition",
    title=gettext_lazy("Disposition sheet"),
    explanation=gettext_lazy("Goes with the request letter; an empty form until the first disposition is written."),
    body=body,
    missing=missing,
    opened_by=(AUDIT, DISPOSE),
    made_by=(DISPOSE,),
    carries=(*personal("visits.IncomingLetter", "signatory"), *personal("visits.Disposition", "note")),
    entry=EntryPage(name="visits_staff:correspondence", label=gettext_lazy("Letters and dispositions"), permissions=(DISPOSE,)),
)
