"""What each of the three parties carries, gathered from the cases and agreements that name it."""

from dataclasses import dataclass

from knowledge_hub.catalogue.entries import Entry, published_entries
from knowledge_hub.core import audience, content_cache
from knowledge_hub.core.language import active_language
from knowledge_hub.models import CaseStudyPage, CollaborationDocumentPage, Partner

NAMES = {
    Partner.PEMKO: ("pemko", "pemerintah kota binjai", "city government"),
    Partner.POLMED: ("polmed", "politeknik negeri medan"),
    Partner.TELKOM: ("telkom",),
}
"""How a party is written in the rows of roles, in small letters."""


@dataclass(frozen=True)
class Work:
    """What a party does in one case or under one agreement, in the words of that page."""

    entry: Entry
    role: str
    risk: str


def work(partner: str) -> tuple[Work, ...]:
    """The work of a party, cases first; in the active language, and only what everybody may read.

    No query while the content stays as it is.
    """
    everybodys = content_cache.get_or_set(f"work-of-partners:{active_language()}", _of_everybody)
    return tuple(item for named, item in everybodys if named == partner)


def _of_everybody() -> list[tuple[str, Work]]:
    found = []
    known = {entry.pk: entry for entry in published_entries()}
    for model, rows in ((CaseStudyPage, "partners"), (CollaborationDocumentPage, "parties")):
        for page in audience.public(model.objects.filter(pk__in=known)).order_by("path"):
            for row in getattr(page, rows):
                written = row.value["partner"].lower()
                found += [
                    (partner, Work(known[page.pk], row.value["role"], row.value["risk"] or ""))
                    for partner, names in NAMES.items()
                    if any(name in written for name in names)
                ]
    return found
