"""The data of study visits."""

from visits.models import personal_fields
from visits.models.adoption import Adoption, AdoptionReport, FollowUpAnswer
from visits.models.agenda import AgendaItem, AgendaTemplateItem, SpeakerInvitation
from visits.models.certificate import Certificate, CertificateTemplate, CredentialKey
from visits.models.delegation import AttendanceEvent, Delegate
from visits.models.feeds import CalendarFeed
from visits.models.host import HostOfficial, OfficeSettings
from visits.models.inbox import InboundMessage, MailboxReading
from visits.models.letters import Disposition, IncomingLetter, NumberSequence, ReplyLetter
from visits.models.mail_wording import MailWording
from visits.models.office_paper import OfficePaper
from visits.models.outbox import OutboundMessage
from visits.models.pages import VisitNoteIndexPage, VisitNotePage
from visits.models.preparation import PreparationTask, TaskTemplate
from visits.models.privacy import DataRequest, Erasure, Incident
from visits.models.programme import CalendarException, Programme, VisitSlot, WeeklyHours
from visits.models.record import Gift, Minutes, Question, VisitPhoto, VisumEntry
from visits.models.resources import Allocation, ProgrammeNeed, Resource, ResourceHours, ResourceKind
from visits.models.scheduling import Proposal, SeatRequest, WaitlistEntry
from visits.models.survey import SurveyResponse
from visits.models.visit import SavedDraft, SavedFilter, Visit, VisitMessage

__all__ = [
    "Adoption",
    "AdoptionReport",
    "AgendaItem",
    "AgendaTemplateItem",
    "Allocation",
    "AttendanceEvent",
    "CalendarException",
    "CalendarFeed",
    "Certificate",
    "CertificateTemplate",
    "CredentialKey",
    "DataRequest",
    "Delegate",
    "Erasure",
    "Disposition",
    "FollowUpAnswer",
    "Gift",
    "HostOfficial",
    "InboundMessage",
    "Incident",
    "IncomingLetter",
    "MailboxReading",
    "MailWording",
    "Minutes",
    "NumberSequence",
    "OfficePaper",
    "OfficeSettings",
    "OutboundMessage",
    "PreparationTask",
    "Programme",
    "ProgrammeNeed",
    "Proposal",
    "Question",
    "ReplyLetter",
    "Resource",
    "ResourceHours",
    "ResourceKind",
    "SavedDraft",
    "SavedFilter",
    "SeatRequest",
    "SpeakerInvitation",
    "SurveyResponse",
    "TaskTemplate",
    "Visit",
    "VisitMessage",
    "VisitNoteIndexPage",
    "VisitNotePage",
    "VisitPhoto",
    "VisitSlot",
    "VisumEntry",
    "WaitlistEntry",
    "WeeklyHours",
    "personal_fields",
]
