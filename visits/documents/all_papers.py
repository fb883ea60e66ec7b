"""Every paper that visits make, by its declaration. Page PDFs of the knowledge base are declared by their page types."""

from knowledge_hub.core.personal_fields import PersonalField
from visits.documents.certificate_designs import DESIGNS
from visits.documents.declaration import PaperDeclaration
from visits.documents.office.base import VisitPaper
from visits.documents.office.gift_register import REGISTER
from visits.documents.office.kinds import KINDS
from visits.documents.office.pack import PACK

OF_A_VISIT: dict[str, VisitPaper] = {**KINDS, PACK.key: PACK}
"""What stands on the list of papers of a visit, by key, in its order."""

ALL: tuple[PaperDeclaration, ...] = (
    *OF_A_VISIT.values(),
    *(form for paper in OF_A_VISIT.values() for form in paper.other_forms),
    REGISTER,
    *DESIGNS.values(),
)


def carrying(field: PersonalField) -> set[str]:
    """Keys of the papers of a visit on which a personal field stands."""
    return {paper.key for paper in OF_A_VISIT.values() if field in paper.carries}
