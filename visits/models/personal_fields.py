"""Which fields of visits say something about a person, and which do not. What each entry means: knowledge_hub/core/personal_fields.py.

Where nothing deletes a value yet, ``deleted_by`` is empty and the time is what the host plans.
"""

import datetime as dt

from django.utils.translation import gettext_noop as _

from knowledge_hub.core.personal_fields import Basis, Event, Lifetime, Reader, Whose, declare, impersonal
from visits.permissions import ANY_OF_VISIT, AUDIT, DECIDE, DISPOSE, RECEIVE, WRITING_TO_GUESTS

DESK = tuple(f"visits.{action}_visit" for action in ANY_OF_VISIT)
DECIDING, RECEIVING, DISPOSING = (f"visits.{action}_visit" for action in (DECIDE, RECEIVE, DISPOSE))
GUESTS = (*DESK, Reader.GUEST)
OUTBOX = ("visits.view_outboundmessage", "visits.change_outboundmessage")

ADOPTIONS = ("visits.view_adoption", "visits.change_adoption")

TWO_YEARS = Lifetime(Event.VISIT_END, dt.timedelta(days=730), "visits.domain.erasure.anonymise_old")
ARCHIVE = Lifetime(Event.ARCHIVED)
DRAFT = Lifetime(Event.SAVED, "visits.domain.drafts.KEPT_FOR", "visits.domain.drafts.delete_old")
PURGED = "visits.domain.privacy.purge"

# The request and its conversation

declare(
    "visits.Visit",
    {
        "contact_name": _("contact person of the delegation"),
        "contact_position": _("position of the contact person"),
        "purpose": _("why the guests come, in their words"),
        "reason": _("why the visit was refused or called off, in the words of staff or guest"),
    },
    whose=Whose.GUESTS,
    purpose=_("answer the request and reach the delegation"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.Visit",
    {"contact_email": _("e-mail address of the contact person"), "contact_phone": _("telephone number of the contact person")},
    whose=Whose.GUESTS,
    purpose=_("answer the request and reach the delegation"),
    basis=Basis.PUBLIC_TASK,
    seen_by=(*(f"visits.{action}_visit" for action in WRITING_TO_GUESTS), Reader.GUEST),
    kept=TWO_YEARS,
)
declare(
    "visits.Visit",
    {
        "host_contact_name": _("whom the guests of this visit call"),
        "host_contact_phone": _("telephone number of this person"),
    },
    whose=Whose.HOST,
    purpose=_("let guests reach the host on the way and on the day"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.AdoptionReport",
    {"reporter_name": _("who reports an adoption"), "reporter_email": _("e-mail address of this person")},
    whose=Whose.GUESTS,
    purpose=_("ask back about a reported adoption"),
    basis=Basis.PUBLIC_TASK,
    seen_by=ADOPTIONS,
    kept=Lifetime(Event.SAVED, "visits.domain.adoptions.REPORTER_KEPT_FOR", "visits.domain.adoptions.forget_reporters"),
)
declare(
    "visits.SurveyResponse",
    {
        "adopt": _("what somebody wants to adopt, in own words"),
        "unanswered": _("what stayed unanswered, in own words"),
        "words": _("suggestions in own words"),
    },
    whose=Whose.GUESTS,
    purpose=_("improve visits by what guests say, without knowing who says it"),
    basis=Basis.PUBLIC_TASK,
    seen_by=DESK,
    kept=TWO_YEARS,
)
declare(
    "visits.Programme",
    {
        "host_contact_name": _("whom guests of the programme usually call"),
        "host_contact_phone": _("telephone number of this person"),
    },
    whose=Whose.HOST,
    purpose=_("let guests reach the host on the way and on the day"),
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_programme", "visits.change_programme", *GUESTS),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.SavedFilter",
    {"name": _("name that a member of staff gave to a filter"), "query": _("the filter, which may hold a name that was searched")},
    whose=Whose.HOST,
    purpose=_("find visits again"),
    basis=Basis.LEGITIMATE_INTEREST,
    seen_by=(Reader.THE_PERSON,),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.VisitMessage",
    {"text": _("what guest and staff write to each other")},
    whose=Whose.GUESTS,
    purpose=_("settle what is open about the visit"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.Proposal",
    {"message": _("words with a proposed date")},
    whose=Whose.GUESTS,
    purpose=_("agree on a date"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.SavedDraft",
    {"email": _("address to which the link of the saved request goes"), "values": _("answers so far: contact person, letter")},
    whose=Whose.GUESTS,
    purpose=_("let the guest go on with a request later"),
    basis=Basis.CONSENT,
    seen_by=(Reader.THE_PERSON,),
    kept=DRAFT,
)
declare(
    "visits.OutboundMessage",
    {
        "recipient": _("e-mail address of the guest"),
        "note": _("words of the sender in the mail"),
        "subject": _("subject of the mail"),
        "text": _("text of the mail, with names and what the guest is told"),
        "calendar": _("calendar file of the mail, with the name and address of its recipient"),
        "last_error": _("answer of the mail server, which may repeat the address"),
    },
    whose=Whose.GUESTS,
    purpose=_("send mail about the visit and prove that it left"),
    basis=Basis.PUBLIC_TASK,
    seen_by=OUTBOX,
    kept=TWO_YEARS,
)
declare(
    "visits.InboundMessage",
    {
        "sender": _("e-mail address of who wrote to us"),
        "subject": _("subject of a mail that arrived"),
        "text": _("words of a mail that arrived"),
        "files": _("names of files in a mail that arrived"),
        "remark": _("what else a mail says, such as who comes instead"),
    },
    whose=Whose.GUESTS,
    purpose=_("file answers with the visit that they are about"),
    basis=Basis.PUBLIC_TASK,
    seen_by=DESK,
    kept=TWO_YEARS,
)
impersonal("answers of servers", {"visits.MailboxReading": "error"})

# The delegation

declare(
    "visits.Delegate",
    {
        "name": _("name with titles"),
        "position": _("position"),
        "unit": _("unit or organisation"),
        "rank": _("rank and grade"),
        "person_key": _("name and position, folded to find a person who is entered twice"),
    },
    whose=Whose.GUESTS,
    purpose=_("receive the delegation in the order of protocol, attest attendance and travel, issue certificates"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.Delegate",
    {"nip": _("number of a civil servant; tells the date of birth and the sex")},
    whose=Whose.GUESTS,
    purpose=_("attest the travel order"),
    basis=Basis.PUBLIC_TASK,
    seen_by=(DECIDING, RECEIVING, Reader.GUEST),
    kept=Lifetime(Event.VISIT_END, "visits.domain.privacy.NIP_KEPT_FOR", PURGED),
)
declare(
    "visits.Delegate",
    {"needs": _("special needs; may tell of the person's health")},
    whose=Whose.GUESTS,
    purpose=_("prepare the visit for the person"),
    basis=Basis.CONSENT,
    seen_by=(DECIDING, RECEIVING, f"visits.{AUDIT}_visit", Reader.GUEST),
    kept=Lifetime(Event.VISIT_END, "visits.domain.privacy.NEEDS_KEPT_FOR", PURGED),
)
declare(
    "visits.AttendanceEvent",
    {"at": _("when the person came")},
    whose=Whose.GUESTS,
    purpose=_("attest attendance"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)

declare(
    "visits.AttendanceEvent",
    {"device": _("name of the phone or desk at the door")},
    whose=Whose.HOST,
    purpose=_("find out why two devices disagree"),
    basis=Basis.PUBLIC_TASK,
    seen_by=(RECEIVING,),
    kept=TWO_YEARS,
)
declare(
    "visits.SeatRequest",
    {"message": _("words with the wish for more people")},
    whose=Whose.GUESTS,
    purpose=_("decide on more seats"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)

# Letters

declare(
    "visits.IncomingLetter",
    {
        "signatory": _("who signed the request"),
        "file": _("scan of the letter with names and signature"),
        "file_name": _("name of the file as the guest had it"),
    },
    whose=Whose.GUESTS,
    purpose=_("prove and archive the request"),
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=DESK,
    kept=ARCHIVE,
)
declare(
    "visits.Disposition",
    {"note": _("what a superior wrote on the letter")},
    whose=Whose.HOST,
    purpose=_("instruct the units concerned"),
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=(DISPOSING,),
    kept=ARCHIVE,
)
declare(
    "visits.ReplyLetter",
    {
        "addressee": _("who is addressed; a position, at first who signed the request"),
        "opening": _("opening of the letter"),
        "body": _("text of the letter"),
        "closing": _("closing of the letter"),
        "copies": _("who gets a copy"),
        "snapshot": _("the letter as it was issued, with name, rank and NIP of the signatory"),
        "signed_file": _("scan of the signed letter"),
        "void_reason": _("why the letter is void"),
    },
    whose=Whose.GUESTS,
    purpose=_("answer the request and archive the answer"),
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=GUESTS,
    kept=ARCHIVE,
)

# The day and its papers

declare(
    "visits.Visit",
    {"paper_values": _("what staff entered for single papers; a text may name people")},
    whose=Whose.GUESTS,
    purpose=_("print it on the paper"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.AgendaItem",
    {
        "filler": _("who speaks or hosts the item"),
        "in_charge": _("who is in charge of the item"),
        "material": _("slides, which name their author"),
        "material_name": _("name of the file as the speaker had it"),
    },
    whose=Whose.HOST,
    purpose=_("run the day and hand the material to the guests"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.AgendaTemplateItem",
    {"filler": _("who usually speaks or hosts the item")},
    whose=Whose.HOST,
    purpose=_("begin the agenda of a visit"),
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_programme", "visits.change_programme"),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.SpeakerInvitation",
    {
        "email": _("e-mail address of the speaker"),
        "note": _("words of the speaker"),
        "substitute_name": _("name of the substitute"),
        "substitute_position": _("position of the substitute"),
        "substitute_email": _("e-mail address of the substitute"),
        "biography": _("short biography, as told to the guests"),
    },
    whose=Whose.HOST,
    purpose=_("invite speakers and prepare the agenda"),
    basis=Basis.PUBLIC_TASK,
    seen_by=(*DESK, Reader.THE_PERSON),
    kept=TWO_YEARS,
)
declare(
    "visits.PreparationTask",
    {
        "responsible": _("unit or person who does the task"),
        "email": _("e-mail address of this unit or person"),
        "note": _("note about the task"),
    },
    whose=Whose.HOST,
    purpose=_("prepare the visit"),
    basis=Basis.PUBLIC_TASK,
    seen_by=DESK,
    kept=TWO_YEARS,
)
declare(
    "visits.TaskTemplate",
    {"responsible": _("unit or person who usually does the task"), "email": _("e-mail address of this unit or person")},
    whose=Whose.HOST,
    purpose=_("begin the preparation of a visit"),
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_programme", "visits.change_programme"),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.Minutes",
    {
        "chair": _("who led the meeting"),
        "note_taker": _("who took the minutes"),
        "discussion": _("what was said"),
        "conclusions": _("what was agreed"),
        "follow_up": _("who does what next"),
    },
    whose=Whose.GUESTS,
    purpose=_("record the meeting"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=ARCHIVE,
)
declare(
    "visits.Question",
    {"asked_by": _("who asked"), "question": _("the question"), "answer": _("the answer")},
    whose=Whose.GUESTS,
    purpose=_("record questions and show them, without who asked, with the case study"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.Gift",
    {"giver": _("who gave the souvenir"), "receiver": _("who received it"), "photo": _("photo of the souvenir or of its exchange")},
    whose=Whose.GUESTS,
    purpose=_("keep the register of souvenirs for inventory and gratuity unit"),
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=GUESTS,
    kept=ARCHIVE,
)
declare(
    "visits.VisitPhoto",
    {"picture": _("photo of people at the visit"), "caption": _("who and what is on it")},
    whose=Whose.GUESTS,
    purpose=_("illustrate report and pack; only photos whose people agreed"),
    basis=Basis.CONSENT,
    seen_by=GUESTS,
    kept=TWO_YEARS,
)
declare(
    "visits.OfficePaper",
    {
        "file": _("the drawn paper with the personal fields that its declaration names; goes with those that are deleted"),
        "problem": _("why it could not be drawn; may repeat a name"),
    },
    whose=Whose.GUESTS,
    purpose=_("print and archive the papers of the visit"),
    basis=Basis.PUBLIC_TASK,
    seen_by=GUESTS,
    kept=ARCHIVE,
)
declare(
    "visits.Resource",
    {
        "name": _("name of a room or vehicle, or of a speaker or guide"),
        "note": _("note about it"),
        "email": _("e-mail address of a speaker or guide"),
        "biography": _("short biography of a speaker, as told to the guests"),
    },
    whose=Whose.HOST,
    purpose=_("plan who and what a visit needs"),
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_resource", "visits.change_resource", *DESK),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.Allocation",
    {"note": _("why a room or person is not free")},
    whose=Whose.HOST,
    purpose=_("plan who and what a visit needs"),
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_allocation", "visits.add_allocation"),
    kept=TWO_YEARS,
)

# Certificates and who signs

declare(
    "visits.Certificate",
    {
        "snapshot": _("name, position and organisation of a delegate or speaker, and name of the signatory, as printed"),
        "credential": _("the same for machines, signed"),
        "file": _("the certificate"),
        "failure": _("why it could not be made; may repeat a name"),
        "withdrawal_reason": _("why it was withdrawn"),
    },
    whose=Whose.GUESTS,
    purpose=_("attest attendance and let others verify it"),
    basis=Basis.PUBLIC_TASK,
    seen_by=(*GUESTS, Reader.VERIFIERS),
    kept=ARCHIVE,
)
declare(
    "visits.CertificateTemplate",
    {
        "signatory_name": _("name of the official who signs"),
        "signatory_position": _("position of the official"),
        "signatory_rank": _("rank of the official"),
        "signature": _("name of the picture of the signature"),
    },
    whose=Whose.HOST,
    purpose=_("sign certificates"),
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_certificatetemplate", "visits.change_certificatetemplate", *GUESTS),
    kept=Lifetime(Event.LEFT),
)
declare(
    "visits.HostOfficial",
    {
        "name": _("name of an official of the host"),
        "position": _("position"),
        "rank": _("rank and grade"),
        "nip": _("number of a civil servant, masked on screens"),
    },
    whose=Whose.HOST,
    purpose=_("sign letters, travel orders and records"),
    basis=Basis.PUBLIC_TASK,
    seen_by=("visits.view_hostofficial", "visits.change_hostofficial", *GUESTS),
    kept=ARCHIVE,
)

# The public trace

declare(
    "visits.VisitNotePage",
    {"body": _("what the public reads of a visit; names officials at most, never delegates")},
    whose=Whose.HOST,
    purpose=_("inform the public"),
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
        "visits.OutboundMessage": "calendar_method",
        "visits.Adoption": (
            "organisation status mode description stop_reason plan evidence_url evidence_file figure figure_before figure_after "
            "title source"
        ),
        "visits.AdoptionReport": (
            "organisation status mode description stop_reason plan evidence_url evidence_file figure figure_before figure_after"
        ),
        "visits.MailWording": "kind variant language subject text",
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
        "visits.SpeakerInvitation": "token_nonce token_hash calendar_uid",
        "visits.InboundMessage": "key",
        "visits.PreparationTask": "token_nonce token_hash",
        "visits.SavedDraft": "token_nonce token_hash",
        "visits.CalendarFeed": "token_nonce token_hash",
        "visits.IncomingLetter": "sha256",
        "visits.OfficePaper": "digest",
        "visits.Certificate": "token sha256",
        "visits.CredentialKey": "name public_key",
    },
)

declare(
    "visits.DataRequest",
    {
        "name": _("who asks about own data"),
        "email": _("mail address of this person"),
        "detail": _("what it is about"),
        "answer": _("our answer"),
    },
    whose=Whose.GUESTS,
    purpose=_("answer people who ask about their data"),
    basis=Basis.LEGAL_OBLIGATION,
    seen_by=("visits.view_datarequest", "visits.change_datarequest", Reader.THE_PERSON),
    kept=Lifetime(Event.CLOSED, "visits.domain.data_requests.KEPT_FOR", "visits.domain.data_requests.delete_old"),
)
impersonal("what happened and which kinds of data; no names", {"visits.Incident": "title data cause measures"})
impersonal(
    "keys of rows and numbers of values",
    {"visits.Erasure": "delegates contact_of report", "visits.DataRequest": "delegates contact_of token_nonce token_hash"},
)
