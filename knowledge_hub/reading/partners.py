"""What each of the three parties carries, gathered from the cases and agreements that name it."""

from dataclasses import dataclass

from knowledge_hub import cache
from knowledge_hub.models import CaseStudyPage, CollaborationDocumentPage, Partner
from knowledge_hub.reading import audience, catalogue
from knowledge_hub.reading.catalogue import Entry

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
    everybodys = cache.remember(f"work-of-partners:{catalogue.language_now()}", _of_everybody)
    return tuple(item for named, item in everybodys if named == partner)


def _of_everybody() -> list[tuple[str, Work]]:
    found = []
    known = {entry.pk: entry for entry in catalogue.entries()}
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
