"""The letter that answers a request, in the layout of official letters (surat dinas)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.personal_fields import personal
from visits.documents.declaration import EntryPage, PaperDeclaration
from visits.documents.office.base import OFFICIAL_WITH_NIP, Kind, lines
from visits.domain import replies
from visits.permissions import DECIDE
from visits.queries.dossier import Dossier


def parts(dossier: Dossier) -> dict:
    """The letter in plain values, with its paragraphs apart."""
    content = replies.content_of(dossier.reply)
    return {
        "letter": content,
        "is_draft": not content["number"],
        "opening": lines(content["opening"]),
        "paragraphs": lines(content["body"]),
        "closing": lines(content["closing"]),
        "copies": lines(content["copies"]),
    }


def missing(dossier: Dossier) -> list[str]:
    """A letter must have been written."""
    return [] if dossier.reply else [_("The reply letter is not written yet.")]


SAID = (
    *personal("visits.ReplyLetter", "addressee", "opening", "body", "closing", "copies", "snapshot"),
    *personal("visits.Resource", "name"),
    *OFFICIAL_WITH_NIP,
)

DOCX = PaperDeclaration(
    key="reply_docx",
    title=gettext_lazy("DOCX for editing"),
    ending="docx",
    opened_by=(DECIDE,),
    made_by=(DECIDE,),
    carries=SAID,
    opened_at="visits_staff:reply_docx",
)

KIND = Kind(
    key="reply_letter",
    title=gettext_lazy("Reply letter"),
    explanation=gettext_lazy("The answer to the request, to be signed. A draft says that it is one."),
    body=parts,
    missing=missing,
    carries=SAID,
    entry=EntryPage(name="visits_staff:correspondence", label=gettext_lazy("Letters"), permissions=(DECIDE,)),
    other_forms=(DOCX,),
)
