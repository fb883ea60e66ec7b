"""Models of the knowledge base."""

from knowledge_hub.core.models import ContentChange, PermissionGrant, RequestCount
from knowledge_hub.enums import Partner, ServiceDirection
from knowledge_hub.models import personal_fields
from knowledge_hub.models.accounts import SecondFactor, Session
from knowledge_hub.models.agreements import AgreementVersion, CollaborationDocumentPage
from knowledge_hub.models.case_study import CaseStudyPage
from knowledge_hub.models.contact import ContactSettings
from knowledge_hub.models.media import CustomDocument, CustomImage, CustomRendition, DocumentText
from knowledge_hub.models.page_records import BrokenLink, PageFeedback, PageLink, PagePdf
from knowledge_hub.models.pages import ApplicationPage, ArticlePage, ForumPage, GuidePage, KnowledgeIndexPage, PartnerPage, SectionPage
from knowledge_hub.models.regions import Region
from knowledge_hub.models.search import FailedSearch, SearchChange, SynonymGroup
from knowledge_hub.models.taxonomy import Dimension, PageDirection, PageTopic, SubDimension
from knowledge_hub.models.users import User
from knowledge_hub.models.workflow import PartnerApprovalTask

__all__ = [
    "AgreementVersion",
    "ApplicationPage",
    "ArticlePage",
    "BrokenLink",
    "CaseStudyPage",
    "CollaborationDocumentPage",
    "ContactSettings",
    "ContentChange",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "Dimension",
    "DocumentText",
    "ForumPage",
    "PermissionGrant",
    "GuidePage",
    "KnowledgeIndexPage",
    "PageDirection",
    "PageFeedback",
    "PageLink",
    "PagePdf",
    "PageTopic",
    "FailedSearch",
    "Partner",
    "PartnerApprovalTask",
    "PartnerPage",
    "Region",
    "RequestCount",
    "SectionPage",
    "SearchChange",
    "SecondFactor",
    "ServiceDirection",
    "Session",
    "SubDimension",
    "SynonymGroup",
    "User",
    "personal_fields",
]
