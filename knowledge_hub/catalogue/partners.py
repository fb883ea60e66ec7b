"""Work of each partner, collected from the case studies and agreements that name it."""

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
"""Spellings of each partner in the rows of roles, in lower case."""


@dataclass(frozen=True)
class Work:
    """Role and risk of a partner in one case or agreement, as written on that page."""

    entry: Entry
    role: str
    risk: str


def work(partner: str) -> tuple[Work, ...]:
    """Public work of a partner in the active language, cases first.

    No query until the content changes.
    """
    of_all = content_cache.get_or_set(f"work-of-partners:{active_language()}", _of_all_partners)
    return tuple(item for named, item in of_all if named == partner)


def _of_all_partners() -> list[tuple[str, Work]]:
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
