"""The data of study visits."""

from visits.models.attendance import AttendanceEvent
from visits.models.certificate import Certificate, CredentialKey
from visits.models.certificate_template import CertificateTemplate
from visits.models.delegation import Delegate
from visits.models.drafts import SavedDraft
from visits.models.gifts import Gift
from visits.models.letters import IncomingLetter, NumberSequence
from visits.models.limits import Attempt
from visits.models.outbox import OutboundMessage
from visits.models.pages import VisitNoteIndexPage, VisitNotePage
from visits.models.programme import CalendarException, Programme, VisitSlot, WeeklyHours
from visits.models.resources import Allocation, ProgrammeNeed, Resource, ResourceHours, ResourceKind
from visits.models.scheduling import Proposal, WaitlistEntry
from visits.models.visit import Visit, VisitMessage

__all__ = [
    "Allocation",
    "Attempt",
    "AttendanceEvent",
    "CalendarException",
    "Certificate",
    "CertificateTemplate",
    "CredentialKey",
    "Delegate",
    "Gift",
    "IncomingLetter",
    "NumberSequence",
    "OutboundMessage",
    "Programme",
    "ProgrammeNeed",
    "Proposal",
    "Resource",
    "ResourceHours",
    "ResourceKind",
    "SavedDraft",
    "Visit",
    "VisitMessage",
    "VisitNoteIndexPage",
    "VisitNotePage",
    "VisitSlot",
    "WaitlistEntry",
    "WeeklyHours",
]
