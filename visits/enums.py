"""States of a visit, their groups, and the table of allowed moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VisitStatus(models.TextChoices):
    """Where a visit stands. The table of moves is ALLOWED_MOVES; only domain.lifecycle.transition() writes one."""

    UNVERIFIED = "unverified", _("Waiting for confirmation by e-mail")
    SUBMITTED = "submitted", _("Waiting for an answer")
    NEEDS_INFO = "needs_info", _("Waiting for the guest")
    PROPOSED = "proposed", _("Another date proposed")
    APPROVED = "approved", _("Scheduled")
    COMPLETED = "completed", _("Completed")
    NO_SHOW = "no_show", _("Guests did not come")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    CANCELLED_BY_GUEST = "cancelled_by_guest", _("Cancelled by the guest")
    CANCELLED_BY_HOST = "cancelled_by_host", _("Cancelled by the host")


FREES_SEATS = frozenset(
    {VisitStatus.DECLINED, VisitStatus.EXPIRED, VisitStatus.CANCELLED_BY_GUEST, VisitStatus.CANCELLED_BY_HOST},
)
"""The final states in which a visit does not take place."""

AWAITS_DECISION = frozenset({VisitStatus.SUBMITTED, VisitStatus.NEEDS_INFO, VisitStatus.PROPOSED})
"""The staff's inbox."""

FINISHED = FREES_SEATS | {VisitStatus.COMPLETED, VisitStatus.NO_SHOW}
"""States from which no move leads away."""


class Actor(models.TextChoices):
    """Who may make a move."""

    GUEST = "guest", _("Guest")
    STAFF = "staff", _("Staff")
    CLOCK = "clock", _("Clock")


_EITHER = frozenset({Actor.GUEST, Actor.STAFF})
_GUEST = frozenset({Actor.GUEST})
_STAFF = frozenset({Actor.STAFF})
_CLOCK = frozenset({Actor.CLOCK})
_ANYONE = frozenset(Actor)

_EXITS = {
    VisitStatus.DECLINED: _STAFF,
    VisitStatus.CANCELLED_BY_GUEST: _GUEST,
    VisitStatus.CANCELLED_BY_HOST: _STAFF,
}

ALLOWED_MOVES: dict[VisitStatus, dict[VisitStatus, frozenset[Actor]]] = {
    VisitStatus.UNVERIFIED: {VisitStatus.SUBMITTED: _EITHER, VisitStatus.EXPIRED: _CLOCK, **_EXITS},
    VisitStatus.SUBMITTED: {
        VisitStatus.NEEDS_INFO: _STAFF,
        VisitStatus.PROPOSED: _ANYONE,
        VisitStatus.APPROVED: _STAFF,
        VisitStatus.EXPIRED: _CLOCK,
        **_EXITS,
    },
    VisitStatus.NEEDS_INFO: {VisitStatus.SUBMITTED: _GUEST, VisitStatus.PROPOSED: _EITHER, VisitStatus.EXPIRED: _CLOCK, **_EXITS},
    VisitStatus.PROPOSED: {VisitStatus.SUBMITTED: _ANYONE, VisitStatus.APPROVED: _EITHER, **_EXITS},
    VisitStatus.APPROVED: {
        VisitStatus.APPROVED: _EITHER,
        VisitStatus.COMPLETED: _STAFF,
        VisitStatus.NO_SHOW: _STAFF,
        VisitStatus.CANCELLED_BY_GUEST: _GUEST,
        VisitStatus.CANCELLED_BY_HOST: _STAFF,
    },
    **{status: {} for status in FINISHED},
}
"""From a state to each state that may follow, with those who may make the move.

The clock proposes a place to the first on the waiting list and takes back what nobody answered; an open proposal ends before its
request expires. A guest moves a scheduled visit only by accepting a date that staff proposed.
"""

REASON_REQUIRED = frozenset(
    {
        VisitStatus.NEEDS_INFO,
        VisitStatus.DECLINED,
        VisitStatus.CANCELLED_BY_GUEST,
        VisitStatus.CANCELLED_BY_HOST,
        VisitStatus.NO_SHOW,
    },
)
"""Moves that the other side must be able to understand."""


class ReasonCode(models.TextChoices):
    """Reasons that statistics count, beside the free text that the guest reads."""

    NONE = "", _("No particular reason")
    DATE_NOT_POSSIBLE = "date_not_possible", _("The date is not possible")
    NEEDS_NEW_DATE = "needs_new_date", _("A new date is needed")
    LETTER_INCOMPLETE = "letter_incomplete", _("The request letter is missing or incomplete")
    TOPIC_NOT_OURS = "topic_not_ours", _("The topic is outside our work")
    GROUP_SIZE = "group_size", _("The group is too large or too small")
    GUEST_WISH = "guest_wish", _("At the guest's wish")
    OTHER = "other", _("Other")


class OrganisationKind(models.TextChoices):
    """Kinds of visitors that hosts distinguish (list of the Sleman regulation on official guests, and universities)."""

    CENTRAL_GOVERNMENT = "central_government", _("Central government")
    PARLIAMENT = "parliament", _("DPR or DPD of the Republic")
    PROVINCIAL_COUNCIL = "provincial_council", _("Provincial council (DPRD)")
    LOCAL_COUNCIL = "local_council", _("Council of a regency or city (DPRD)")
    LOCAL_GOVERNMENT = "local_government", _("Local government")
    INSTITUTION = "institution", _("Government or non-government institution")
    UNIVERSITY = "university", _("University or school")
    ASSOCIATION = "association", _("Association or community")
    COMPANY = "company", _("Company")
    FOREIGN = "foreign", _("Guest from abroad")


class SpokenLanguage(models.TextChoices):
    """Languages in which guests can be received; which of them, each programme says."""

    INDONESIAN = "id", _("Indonesian")
    ENGLISH = "en", _("English")


class VisitSource(models.TextChoices):
    """How a visit came into the books."""

    ONLINE = "online", _("Booked on this site")
    STAFF = "staff", _("Entered by staff for a guest who wrote or phoned")
    RECORD = "record", _("Entered from a published source")
    DEMO = "demo", _("Fictitious, for trying things out")


class AttendanceKind(models.TextChoices):
    """What happened at the reception desk; events are only ever added."""

    CHECKED_IN = "checked_in", _("Checked in")
    WALK_IN = "walk_in", _("Came unannounced")
    ABSENT = "absent", _("Did not come")
    ANNULLED = "annulled", _("Annulled")


class AttendanceSource(models.TextChoices):
    """Where an attendance event was recorded."""

    DESK = "desk", _("Reception desk")
    SHEET = "sheet", _("Signed sheet")
    SCAN = "scan", _("Scanned or typed code")


class CertificateStatus(models.TextChoices):
    """Life of a certificate: it takes its number when planned and never gives it back."""

    PLANNED = "planned", _("Being prepared")
    DRAWN = "drawn", _("Waits for the seal")
    ISSUED = "issued", _("Valid")
    FAILED = "failed", _("Could not be made")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")


class SealLevel(models.TextChoices):
    """What the seal of a certificate is worth (PP 71/2019, article 60)."""

    NONE = "none", _("No seal")
    UNCERTIFIED = "uncertified", _("Uncertified electronic seal")
    CERTIFIED = "certified", _("Certified electronic seal (BSrE)")


class CertificateDesign(models.TextChoices):
    """The looks that staff choose from; visits/documents draws them."""

    PARTICIPANT = "participant", _("Certificate for participants (landscape, songket border)")
    SPEAKER = "speaker", _("Certificate for speakers (landscape, woven band)")
    LETTER = "letter", _("Letter of attendance (portrait, letterhead)")


class MessageKind(models.TextChoices):
    """Every mail that the product sends."""

    CONFIRM = "confirm", _("Confirm your request")
    RECEIPT = "receipt", _("Request received")
    STATUS_LINK = "status_link", _("Your link again")
    NEW_REQUEST = "new_request", _("New request, to staff")
    NEEDS_INFO = "needs_info", _("Please complete your request")
    INVITATION = "invitation", _("Visit scheduled")
    MOVED = "moved", _("Date changed")
    PLACE_CHANGED = "place_changed", _("Place changed")
    SEATS_GRANTED = "seats_granted", _("More people accepted")
    SEATS_REFUSED = "seats_refused", _("More people not possible")
    NEW_CONTACT = "new_contact", _("Link for a new contact person")
    FORMER_CONTACT = "former_contact", _("To the former contact person")
    PROPOSAL = "proposal", _("Another date proposed, to the guest")
    PROPOSAL_ENDED = "proposal_ended", _("A proposed date does not hold any more")
    HOST_MESSAGE = "host_message", _("Message to the guest")
    REPLY_LETTER = "reply_letter", _("Reply letter to the guest")
    GUEST_ACTED = "guest_acted", _("News from a guest, to staff")
    DRAFT = "draft", _("Link to a saved request")
    REMINDER_LETTER = "reminder_letter", _("Reminder: the request letter")
    REMINDER_DELEGATES = "reminder_delegates", _("Reminder: the list of delegates")
    REMINDER_VISIT = "reminder_visit", _("Reminder: the final programme")
    REMINDER_ARRIVAL = "reminder_arrival", _("Reminder: your arrival")
    SPEAKER_ARRIVAL = "speaker_arrival", _("To a speaker, the day before")
    HOST_ARRIVAL = "host_arrival", _("Guests arrive, to staff")
    PROMISE_DUE = "promise_due", _("A promised answer is due, to staff")
    NOT_CLOSED = "not_closed", _("A visit is not closed, to staff")
    DECLINED = "declined", _("Request declined")
    EXPIRED = "expired", _("Request expired")
    CANCELLED = "cancelled", _("Visit cancelled")
    THANKS = "thanks", _("Thanks after the visit")
    CERTIFICATES = "certificates", _("Certificates ready")
    SURVEY = "survey", _("Survey, to the contact person")
    FOLLOW_UP = "follow_up", _("What became of it, to the guest")
    FOLLOW_UP_AGAIN = "follow_up_again", _("What became of it, asked again")
    CORRECTED = "corrected", _("List of delegates corrected")
    TASK = "task", _("Task of preparation, to its owner")
    TASK_REMINDER = "task_reminder", _("Reminder of a task, to its owner")
    SPEAKER_INVITATION = "speaker_invitation", _("Invitation of a speaker")
    SPEAKER_REMINDER = "speaker_reminder", _("Reminder to a speaker")
    SPEAKER_MOVED = "speaker_moved", _("New date, to a speaker")
    SPEAKER_CHANGED = "speaker_changed", _("Time or place changed, to a speaker")
    SPEAKER_CANCELLED = "speaker_cancelled", _("Called off, to a speaker")
    DATA_CONFIRM = "data_confirm", _("Confirm a request about data")
    DATA_REQUEST = "data_request", _("Request about data, to staff")
    DATA_ANSWER = "data_answer", _("Answer to a request about data")
    SPEAKER_ANSWERED = "speaker_answered", _("Answer of a speaker, to staff")


class DataRequestKind(models.TextChoices):
    """What a person may ask about the own data (Law 27/2022, articles 5 to 13)."""

    ACCESS = "access", _("See my data")
    CORRECTION = "correction", _("Correct my data")
    DELETION = "deletion", _("Delete my data")


class DataRequestState(models.TextChoices):
    """Life of such a request."""

    UNCONFIRMED = "unconfirmed", _("Address not confirmed")
    OPEN = "open", _("Waiting for an answer")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class MessageStatus(models.TextChoices):
    """Life of an outgoing mail."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    HELD = "held", _("Held")
    RETIRED = "retired", _("Replaced by a newer mail")


class MailProblem(models.TextChoices):
    """Why a mail did not leave, with what staff can do."""

    UNREACHABLE = "unreachable", _("The mail server did not take it. It is tried again; if it goes on, check EMAIL_URL and the server.")
    REFUSED = "refused", _("The mail server refused it for good. Ask the recipient for the right address, correct it, and send again.")
    NO_ANSWER = "no_answer", _("It was handed over twice without an answer. Ask the recipient whether it arrived before you send it again.")
    BROKEN_OFF = "broken_off", _("The sending broke off each time. Ask the operator for the log, then send again.")
    HELD_BACK = "held_back", _("Staff held it back; the recipient knows nothing of it. Send it, or tell the recipient otherwise.")
    NO_KEY = "no_key", _("It waits for a key of the site. Ask the operator; it leaves by itself when the key is back.")
    CAME_BACK = "came_back", _("It left and came back. Ask the recipient for the right address, correct it, and send again.")


class AnswerKind(models.TextChoices):
    """What a mail is that arrived."""

    MESSAGE = "message", _("Message")
    ACCEPTED = "accepted", _("Accepted in the calendar")
    DECLINED = "declined", _("Declined in the calendar")
    TENTATIVE = "tentative", _("Perhaps, says the calendar")
    DELEGATED = "delegated", _("Passed on to somebody else in the calendar")
    COUNTER = "counter", _("Other time proposed in the calendar")
    BOUNCE = "bounce", _("Mail that came back")
    DELAYED = "delayed", _("Report of a delay")
    AUTOMATIC = "automatic", _("Automatic answer")


class ProposalState(models.TextChoices):
    """Life of a proposed date; it holds its seats while it is open."""

    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Not answered in time")


class ExceptionEffect(models.TextChoices):
    """What an entry in the calendar of exceptions does to the day."""

    CLOSED = "closed", _("Closed")
    SPECIAL_HOURS = "special_hours", _("Special hours instead of the usual ones")


class ExceptionSource(models.TextChoices):
    """Where an entry in the calendar of exceptions comes from."""

    MANUAL = "manual", _("Entered by staff")
    HOLIDAY = "holiday", _("National holiday")
    COLLECTIVE_LEAVE = "collective_leave", _("Collective leave")


class AdoptionStatus(models.TextChoices):
    """How far a region came with what it learnt."""

    INTERESTED = "interested", pgettext_lazy("an adoption", "Interested")
    PLANNED = "planned", pgettext_lazy("an adoption", "Planned")
    PILOT = "pilot", pgettext_lazy("an adoption", "Pilot")
    RUNNING = "running", pgettext_lazy("an adoption", "Running")
    STOPPED = "stopped", pgettext_lazy("an adoption", "Stopped")


ADOPTED = frozenset({AdoptionStatus.PILOT, AdoptionStatus.RUNNING})
"""Something is in use; interest and plans are not counted as adopted."""


class AdoptionMode(models.TextChoices):
    """How a region adopts."""

    COPIED = "copied", _("Copied as it is")
    ADAPTED = "adapted", _("Adapted")
    INSPIRED = "inspired", _("Inspired by it")
