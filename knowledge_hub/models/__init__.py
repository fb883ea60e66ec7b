"""The knowledge base's data: who, what, where, and the pages."""

from knowledge_hub.models.media import CustomDocument, CustomImage, CustomRendition
from knowledge_hub.models.pages import CaseStudyPage
from knowledge_hub.models.regions import Region
from knowledge_hub.models.taxonomy import Dimension, ServiceDirection, SubDimension
from knowledge_hub.models.users import Partner, User

__all__ = [
    "CaseStudyPage",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "Dimension",
    "Partner",
    "Region",
    "ServiceDirection",
    "SubDimension",
    "User",
]
