"""Which fields of visits say something about a person, and which do not. What each entry means: knowledge_hub/core/personal_fields.py.

Where nothing deletes a value yet, ``deleted_by`` is empty and the time is what the host plans.
"""

import datetime as dt

from knowledge_hub.core.personal_fields import Basis, Event, Lifetime, Reader, declare, impersonal
from visits.permissions import ANY_OF_VISIT, AUDIT, DECIDE, DISPOSE, RECEIVE, WRITING_TO_GUESTS

DESK = tuple(f"visits.{action}_visit" for action in ANY_OF_VISIT)
DECIDING, RECEIVING, DISPOSING = (f"visits.{action}_visit" for action in (DECIDE, RECEIVE, DISPOSE))
GUESTS = (*DESK, Reader.GUEST)
OUTBOX = ("visits.view_outboundmessage", "visits.change_outboundmessage")

TWO_YEARS = Lifetime(Event.VISIT_END, dt.timedelta(days=730))
ARCHIVE = Lifetime(Event.ARCHIVED)
DRAFT = Lifetime(Event.SAVED, "visits.domain.drafts.KEPT_FOR", "visits.domain.drafts.delete_old")
PURGED = "visits.domain.privacy.purge"

# The request and its conversation

declare(
    "visits.Visit",
    {
        "contact_name": "contact person of the delegation",
        "contact_position": "position of the contact person",
        "purpose": "why the guests come, in their words",
        "reason": "why the visit was refused or called off, in the words of staff or guest",
    },
    purpose="answer the request and reach the delegation",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.Visit",
    {"contact_email": "e-mail address of the contact person", "contact_phone": "telephone number of the contact person"},
    purpose="answer the request and reach the delegation",
    basis=Basis.PUBLIC_TASK,
    seen_by=(*(f"visits.{action}_visit" for action in WRITING_TO_GUESTS), Reader.GUEST),
    kept=TWO_YEARS,
)
declare(
    "visits.Visit",
    {
        "host_contact_name": "whom the guests of this visit call",
        "host_contact_phone": "telephone number of this person",
    },
    purpose="let guests reach the host on the way and on the day",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.Programme",
    {
        "host_contact_name": "whom guests of the programme usually call",
        "host_contact_phone": "telephone number of this person",
    },
    purpose="let guests reach the host on the way and on the day",
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_programme", "visits.change_programme", *GUESTS),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.SavedFilter",
    {"name": "name that a member of staff gave to a filter", "query": "the filter, which may hold a name that was searched"},
    purpose="find visits again",
    basis=Basis.LEGITIMATE_INTEREST,
    seen_by=(Reader.THE_PERSON,),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.VisitMessage",
    {"text": "what guest and staff write to each other"},
    purpose="settle what is open about the visit",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.Proposal",
    {"message": "words with a proposed date"},
    purpose="agree on a date",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.SavedDraft",
    {"email": "address to which the link of the saved request goes", "values": "answers so far: contact person, letter"},
    purpose="let the guest go on with a request later",
    basis=Basis.CONSENT,
    seen_by=(Reader.THE_PERSON,),
    kept=DRAFT,
)
declare(
    "visits.OutboundMessage",
    {
        "recipient": "e-mail address of the guest",
        "note": "words of the sender in the mail",
        "last_error": "answer of the mail server, which may repeat the address",
    },
    purpose="send mail about the visit and prove that it left",
    basis=Basis.PUBLIC_TASK,
    seen_by=OUTBOX,
    kept=TWO_YEARS,
)

# The delegation

declare(
    "visits.Delegate",
    {
        "name": "name with titles",
        "position": "position",
        "unit": "unit or organisation",
        "rank": "rank and grade",
        "person_key": "name and position, folded to find a person who is entered twice",
    },
    purpose="receive the delegation in the order of protocol, attest attendance and travel, issue certificates",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.Delegate",
    {"nip": "number of a civil servant; tells the date of birth and the sex"},
    purpose="attest the travel order",
    basis=Basis.PUBLIC_TASK,
    seen_by=(DECIDING, RECEIVING, Reader.GUEST),
    kept=Lifetime(Event.VISIT_END, "visits.domain.privacy.NIP_KEPT_FOR", PURGED),
)
declare(
    "visits.Delegate",
    {"needs": "special needs; may tell of the person's health"},
    purpose="prepare the visit for the person",
    basis=Basis.CONSENT,
    seen_by=(DECIDING, RECEIVING, f"visits.{AUDIT}_visit", Reader.GUEST),
    kept=Lifetime(Event.VISIT_END, "visits.domain.privacy.NEEDS_KEPT_FOR", PURGED),
)
declare(
    "visits.AttendanceEvent",
    {"at": "when the person came"},
    purpose="attest attendance",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)

declare(
    "visits.AttendanceEvent",
    {"device": "name of the phone or desk at the door"},
    purpose="find out why two devices disagree",
    basis=Basis.PUBLIC_TASK,
    seen_by=(RECEIVING,),
    kept=TWO_YEARS,
)
declare(
    "visits.SeatRequest",
    {"message": "words with the wish for more people"},
    purpose="decide on more seats",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)

# Letters

declare(
    "visits.IncomingLetter",
    {
        "signatory": "who signed the request",
        "file": "scan of the letter with names and signature",
        "file_name": "name of the file as the guest had it",
    },
    purpose="prove and archive the request",
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=DESK,
    kept=ARCHIVE,
)
declare(
    "visits.Disposition",
    {"note": "what a superior wrote on the letter"},
    purpose="instruct the units concerned",
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=(DISPOSING,),
    kept=ARCHIVE,
)
declare(
    "visits.ReplyLetter",
    {
        "addressee": "who is addressed; a position, at first who signed the request",
        "opening": "opening of the letter",
        "body": "text of the letter",
        "closing": "closing of the letter",
        "copies": "who gets a copy",
        "snapshot": "the letter as it was issued, with name, rank and NIP of the signatory",
        "signed_file": "scan of the signed letter",
        "void_reason": "why the letter is void",
    },
    purpose="answer the request and archive the answer",
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=GUESTS,
    kept=ARCHIVE,
)

# The day and its papers

declare(
    "visits.Visit",
    {"paper_values": "what staff entered for single papers; a text may name people"},
    purpose="print it on the paper",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.AgendaItem",
    {
        "filler": "who speaks or hosts the item",
        "in_charge": "who is in charge of the item",
        "material": "slides, which name their author",
        "material_name": "name of the file as the speaker had it",
    },
    purpose="run the day and hand the material to the guests",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.AgendaTemplateItem",
    {"filler": "who usually speaks or hosts the item"},
    purpose="begin the agenda of a visit",
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_programme", "visits.change_programme"),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.SpeakerInvitation",
    {
        "email": "e-mail address of the speaker",
        "note": "words of the speaker",
        "substitute_name": "name of the substitute",
        "substitute_position": "position of the substitute",
        "substitute_email": "e-mail address of the substitute",
        "biography": "short biography, as told to the guests",
    },
    purpose="invite speakers and prepare the agenda",
    basis=Basis.PUBLIC_TASK,
    seen_by=(*DESK, Reader.THE_PERSON),
    kept=TWO_YEARS,
)
declare(
    "visits.PreparationTask",
    {"responsible": "unit or person who does the task", "email": "e-mail address of this unit or person", "note": "note about the task"},
    purpose="prepare the visit",
    basis=Basis.PUBLIC_TASK,
    seen_by=DESK,
    kept=TWO_YEARS,
)
declare(
    "visits.TaskTemplate",
    {"responsible": "unit or person who usually does the task", "email": "e-mail address of this unit or person"},
    purpose="begin the preparation of a visit",
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_programme", "visits.change_programme"),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.Minutes",
    {
        "chair": "who led the meeting",
        "note_taker": "who took the minutes",
        "discussion": "what was said",
        "conclusions": "what was agreed",
        "follow_up": "who does what next",
    },
    purpose="record the meeting",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=ARCHIVE,
)
declare(
    "visits.Question",
    {"asked_by": "who asked", "question": "the question", "answer": "the answer"},
    purpose="record questions and show them, without who asked, with the case study",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.Gift",
    {"giver": "who gave the souvenir", "receiver": "who received it", "photo": "photo of the souvenir or of its exchange"},
    purpose="keep the register of souvenirs for inventory and gratuity unit",
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=GUESTS,
    kept=ARCHIVE,
)
declare(
    "visits.VisitPhoto",
    {"picture": "photo of people at the visit", "caption": "who and what is on it"},
    purpose="illustrate report and pack; only photos whose people agreed",
    basis=Basis.CONSENT,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.OfficePaper",
    {
        "file": "the drawn paper with the personal fields that its declaration names; goes with those that are deleted",
        "problem": "why it could not be drawn; may repeat a name",
    },
    purpose="print and archive the papers of the visit",
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=ARCHIVE,
)
declare(
    "visits.Resource",
    {
        "name": "name of a room or vehicle, or of a speaker or guide",
        "note": "note about it",
        "email": "e-mail address of a speaker or guide",
        "biography": "short biography of a speaker, as told to the guests",
    },
    purpose="plan who and what a visit needs",
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_resource", "visits.change_resource", *DESK),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.Allocation",
    {"note": "why a room or person is not free"},
    purpose="plan who and what a visit needs",
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_allocation", "visits.add_allocation"),
    kept=TWO_YEARS,
)

# Certificates and who signs

declare(
    "visits.Certificate",
    {
        "snapshot": "name, position and organisation of a delegate or speaker, and name of the signatory, as printed",
        "credential": "the same for machines, signed",
        "file": "the certificate",
        "failure": "why it could not be made; may repeat a name",
        "withdrawal_reason": "why it was withdrawn",
    },
    purpose="attest attendance and let others verify it",
    basis=Basis.PUBLIC_TASK,
    seen_by=(*GUESTS, Reader.VERIFIERS),
    kept=ARCHIVE,
)
declare(
    "visits.CertificateTemplate",
    {
        "signatory_name": "name of the official who signs",
        "signatory_position": "position of the official",
        "signatory_rank": "rank of the official",
        "signature": "name of the picture of the signature",
    },
    purpose="sign certificates",
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_certificatetemplate", "visits.change_certificatetemplate", *GUESTS),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.HostOfficial",
    {
        "name": "name of an official of the host",
        "position": "position",
        "rank": "rank and grade",
        "nip": "number of a civil servant, masked on screens",
    },
    purpose="sign letters, travel orders and records",
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_hostofficial", "visits.change_hostofficial", *GUESTS),
    kept=ARCHIVE,
)

# The public trace

declare(
    "visits.VisitNotePage",
    {"body": "what the public reads of a visit; names officials at most, never delegates"},
    purpose="inform the public",
    basis=Basis.PUBLIC_TASK,
    seen_by=(Reader.EVERYONE,),
    kept=Lifetime(Event.WITHDRAWN),
)

impersonal(
    "what the host offers, and when",
    {
        "visits.Programme": (
            "slug name_id name_en summary_id summary_en venue_id venue_en languages address directions_id directions_en map_url wifi_note"
        ),
        "visits.CalendarException": "reason_id reason_en",
        "visits.ResourceKind": "slug name_id name_en",
        "visits.Resource": "partner address directions_id directions_en map_url wifi_note",
        "visits.PreparationTask": "title",
        "visits.TaskTemplate": "title",
        "visits.AgendaTemplateItem": "title place",
        "visits.AgendaItem": "title place",
    },
)
impersonal(
    "numbers, codes and words about an institution or a thing",
    {
        "visits.Visit": "reference organisation privacy_notice_version calendar_uid place address directions map_url meeting_url",
        "visits.SavedDraft": "language",
        "visits.IncomingLetter": "number subject agenda_number",
        "visits.Disposition": "from_position to_positions instructions",
        "visits.ReplyLetter": "number subject enclosures addressee_place",
        "visits.NumberSequence": "key pattern",
        "visits.OfficePaper": "kind",
        "visits.Gift": "item custody source_note",
        "visits.Certificate": "number template_version made_with",
        "visits.CertificateTemplate": (
            "name heading_id heading_en deed_id deed_en closing_id closing_en issuer issuer_address place logo_1 logo_2"
        ),
        "visits.OfficeSettings": "government unit address contact place classification unit_code",
        "visits.VisitNotePage": "summary owner_unit source",
        "visits.VisitNoteIndexPage": "summary owner_unit",
    },
)
impersonal(
    "secrets, hashes and keys: without the row that they stand in they lead to nobody, and they go with it",
    {
        "visits.Visit": "token_nonce token_hash confirm_hash",
        "visits.Delegate": "token_nonce token_hash badge_code",
        "visits.SpeakerInvitation": "token_nonce token_hash",
        "visits.PreparationTask": "token_nonce token_hash",
        "visits.SavedDraft": "token_nonce token_hash",
        "visits.IncomingLetter": "sha256",
        "visits.OfficePaper": "digest",
        "visits.Certificate": "token sha256",
        "visits.CredentialKey": "name public_key",
    },
)
