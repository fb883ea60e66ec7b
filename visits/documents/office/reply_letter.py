"""The letter that answers a request, in the layout of official letters (surat dinas)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.documents.office.base import Kind, lines
from visits.domain import replies
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


KIND = Kind(
    key="reply_letter",
    title=gettext_lazy("Reply letter"),
    explanation=gettext_lazy("The answer to the request, to be signed. A draft says that it is one."),
    body=parts,
    missing=missing,
)
