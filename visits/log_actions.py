"""Labels and messages of the audit log entries in a visit's history."""

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from visits.documents.all_papers import OF_A_VISIT
from visits.domain import closing
from visits.domain.calendar_days import VENUE_ZONE
from visits.enums import Actor, AttendanceKind, MessageKind, ProposalState, ReasonCode, VisitStatus
from visits.models import (
    AgendaItem,
    Delegate,
    Gift,
    IncomingLetter,
    Minutes,
    PreparationTask,
    Question,
    ReplyLetter,
    SpeakerInvitation,
    Visit,
    VisitPhoto,
    VisumEntry,
)

LONGEST_SHOWN = 200
"""Characters of a logged value that the history shows; the log holds all of it."""


def _label(choices, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _shown(field, value: str) -> str:
    """A logged value as the form of its field shows it; long texts are shortened."""
    for choice, label in field.flatchoices:
        if str(choice) == value:
            return str(label)
    if isinstance(field, models.BooleanField):
        return str(_("yes") if value == "True" else _("no"))
    if isinstance(field, models.DateField) and value:
        return date_format(parse_date(value), "DATE_FORMAT")
    return Truncator(value).chars(LONGEST_SHOWN) or "–"


def changed_fields(model: type[models.Model], changes: dict) -> str:
    """Each changed field with its value before and after; ``changes`` as domain.changes.differences() returns it."""
    parts = []
    for name, (before, after) in changes.items():
        field = model._meta.get_field(name)
        parts.append(f"{capfirst(field.verbose_name)}: “{_shown(field, before)}” → “{_shown(field, after)}”")
    return " · ".join(parts)


def _moment(value: str) -> str:
    """A logged moment as date and time at the venue."""
    moment = parse_datetime(value) if value else None
    return date_format(moment.astimezone(VENUE_ZONE), "j M Y, H.i") if moment else "–"


def _other_session(session: list[str]) -> str:
    """The session before and after."""
    before, after = (_moment(value) for value in session)
    return _("Session: “%(before)s” → “%(after)s”") % {"before": before, "after": after}


class MoveFormatter(LogFormatter):
    """A move from one state to another."""

    label = gettext_lazy("Change of status")

    def format_message(self, log_entry):
        """Status before and after, with the kind of reason, and the session if it changed."""
        data = log_entry.data
        parts = []
        if data.get("from") != data.get("to") or "session" not in data:
            parts.append(
                _("From “%(source)s” to “%(target)s”")
                % {"source": _label(VisitStatus, data.get("from", "")), "target": _label(VisitStatus, data.get("to", ""))}
            )
        if data.get("reason_code"):
            parts.append(_label(ReasonCode, data["reason_code"]))
        if "session" in data:
            parts.append(_other_session(data["session"]))
        return " · ".join(parts)


class OverrideFormatter(LogFormatter):
    """Rules that were overridden with a reason."""

    label = gettext_lazy("Rule overridden")

    def format_message(self, log_entry):
        """The reason that the officer gave."""
        return _("Rules overridden: %(reason)s") % {"reason": log_entry.data.get("reason", "")}


class ProposedFormatter(LogFormatter):
    """A date that one side proposed."""

    label = gettext_lazy("Date proposed")

    def format_message(self, log_entry):
        """The side that proposed the date, guest or staff, and both sessions."""
        parts = [_("Another date proposed by: %(who)s") % {"who": _label(Actor, log_entry.data.get("by", ""))}]
        if "session" in log_entry.data:
            parts.append(_other_session(log_entry.data["session"]))
        return " · ".join(parts)


class ProposalEndedFormatter(LogFormatter):
    """The end of a proposed date."""

    label = gettext_lazy("Proposed date ended")

    def format_message(self, log_entry):
        """The proposed session and the final state of the proposal, for example withdrawn."""
        message = _("Proposed date: %(state)s") % {"state": _label(ProposalState, log_entry.data.get("state", ""))}
        return f"{message} ({_moment(log_entry.data['session'][1])})" if "session" in log_entry.data else message


def _people(data: dict) -> list[str]:
    """What changed on a list of delegates: fields before and after, who was added or removed."""
    parts = [changed_fields(Delegate, each["fields"]) for each in data.get("changed", [])]
    if data.get("added"):
        parts.append(_("Added: %(names)s") % {"names": "; ".join(data["added"])})
    if data.get("removed"):
        parts.append(_("Taken off the list: %(names)s") % {"names": "; ".join(data["removed"])})
    return parts


class DelegatesFormatter(LogFormatter):
    """A list of delegates that was saved as a whole."""

    label = gettext_lazy("List of delegates")

    def format_message(self, log_entry):
        """The number of people on the list, and what changed on it."""
        count = log_entry.data.get("count", 0)
        message = ngettext("List of delegates saved with %(count)d person", "List of delegates saved with %(count)d people", count)
        return " · ".join([message % {"count": count}, *_people(log_entry.data)])


class DelegatesCorrectedFormatter(LogFormatter):
    """A correction of the list of delegates by staff."""

    label = gettext_lazy("List of delegates corrected")

    def format_message(self, log_entry):
        """Every changed field with its value before and after, who was added or removed, and the reason."""
        return " · ".join([*_people(log_entry.data), _("Reason: %(reason)s") % {"reason": log_entry.data.get("reason", "")}])


class HeadcountFormatter(LogFormatter):
    """A number of people that changed, or that the guest asked for; ``words`` is the message with both numbers."""

    label = gettext_lazy("Number of people")
    words: str | Promise = gettext_lazy("Number of people changed from %(before)s to %(after)s")

    def format_message(self, log_entry):
        """The number before and after."""
        return str(self.words) % {"before": log_entry.data.get("from", "–"), "after": log_entry.data.get("to", "–")}


class SeatsAskedFormatter(HeadcountFormatter):
    """More people that the guest asked for."""

    words = gettext_lazy("The guest asks for %(after)s people instead of %(before)s")


class SeatsRefusedFormatter(HeadcountFormatter):
    """More people that staff refused."""

    words = gettext_lazy("%(after)s people were refused")


class ChangesFormatter(LogFormatter):
    """Changed fields of a row, each before and after; ``words`` stands before them, or alone if no field is known to have changed."""

    model: type[models.Model] = Visit
    words: str | Promise = ""

    def format_message(self, log_entry):
        """The words with the changes."""
        words = str(self.words) % {"number": "", **log_entry.data}
        return " · ".join(filter(None, [words, changed_fields(self.model, log_entry.data.get("changes", {}))]))


class ContactFormatter(ChangesFormatter):
    """Another contact person, or other words about the same one; address and number are masked in the log."""

    label = gettext_lazy("Contact person")
    words = gettext_lazy("The guest changed the contact person")


class PlaceFormatter(ChangesFormatter):
    """Place and contact of the host."""

    label = gettext_lazy("Place and contact")
    words = gettext_lazy("Place or contact of the host were settled")


class ResourcesFormatter(LogFormatter):
    """Rooms, people and vehicles that a visit takes."""

    label = gettext_lazy("Rooms and people")
    words: str | Promise = gettext_lazy("Rooms and people: “%(before)s” → “%(after)s”")

    def format_message(self, log_entry):
        """Their names before and after."""
        before, after = (names or "–" for names in log_entry.data.get("names", ["", ""]))
        return str(self.words) % {"before": before, "after": after}


class AssignedFormatter(ResourcesFormatter):
    """The officer who looks after a visit."""

    label = gettext_lazy("Officer")
    words = gettext_lazy("Officer: “%(before)s” → “%(after)s”")


class RecordFormatter(LogFormatter):
    """Rows of the record of the day: souvenirs, minutes, questions, photos."""

    label = gettext_lazy("Record of the day")
    models = {model._meta.model_name: model for model in (Gift, Minutes, Question, VisitPhoto)}
    events = {
        "added": gettext_lazy("added"),
        "changed": gettext_lazy("changed"),
        "removed": gettext_lazy("removed"),
    }

    def format_message(self, log_entry):
        """Each row with its changed fields before and after."""
        parts = []
        for row in log_entry.data.get("rows", []):
            model = self.models[row["model"]]
            parts.append(f"{capfirst(model._meta.verbose_name)} {self.events[row['event']]}: {Truncator(row['row']).chars(60)}")
            parts.append(changed_fields(model, row["changes"]))
        return " · ".join(filter(None, parts)) or _("The record of the day was changed")


class LetterFormatter(LogFormatter):
    """A request letter that was sent or replaced."""

    label = gettext_lazy("Letter received")

    def format_message(self, log_entry):
        """The number of the letter before and after."""
        before, after = log_entry.data.get("number", ["", ""])
        if not after:
            return _("A letter was added")
        return _("Request letter: “%(before)s” → “%(after)s”") % {"before": before or "–", "after": after}


class WaitingFormatter(LogFormatter):
    """A guest who waits for a place in a period."""

    label = gettext_lazy("Waiting list")

    def format_message(self, log_entry):
        """The period."""
        start, end = (
            date_format(date, "DATE_FORMAT") if (date := parse_date(log_entry.data.get(name, ""))) else "–" for name in ("from", "until")
        )
        return _("Put on the waiting list from %(start)s to %(end)s") % {"start": start, "end": end}


class SessionFormatter(LogFormatter):
    """A session that staff opened or closed by hand."""

    label = gettext_lazy("Session switched")

    def format_message(self, log_entry):
        """Whether it is open now."""
        words = [_("closed"), _("open")]
        after = bool(log_entry.data.get("is_open"))
        return _("Session: “%(before)s” → “%(after)s”") % {"before": words[not after], "after": words[after]}


class PurgedFormatter(LogFormatter):
    """Personal data whose purpose was over."""

    label = gettext_lazy("Data deleted")

    def format_message(self, log_entry):
        """The field that was emptied; what it said is gone."""
        name = log_entry.data.get("field", "")
        label = Delegate._meta.get_field(name).verbose_name if name else ""
        return _("Personal data whose purpose is over was deleted: %(field)s") % {"field": label}


class ErasedFormatter(LogFormatter):
    """A person, or everybody of an old visit, who was made anonymous."""

    label = gettext_lazy("Made anonymous")

    def format_message(self, log_entry):
        """How many values went."""
        return _("Personal data was removed for good: %(count)d values") % {"count": log_entry.data.get("values", 0)}


class AgendaFormatter(LogFormatter):
    """What was changed in the agenda."""

    label = gettext_lazy("Agenda")
    words = {
        "added": gettext_lazy("Item of the agenda added: %(item)s"),
        "changed": gettext_lazy("Item of the agenda changed: %(item)s"),
        "removed": gettext_lazy("Item of the agenda removed: %(item)s"),
    }

    def format_message(self, log_entry):
        """The item with each changed field before and after, or the order before and after."""
        data = log_entry.data
        if data.get("event") == "moved":
            before, after = data["order"]
            return _("Order of the agenda: “%(before)s” → “%(after)s”") % {"before": before, "after": after}
        if data.get("event") == "begun":
            return _("The agenda begins with the items of the template.")
        message = str(self.words.get(data.get("event", ""), gettext_lazy("The agenda was changed"))) % {"item": data.get("item", "")}
        return " · ".join(filter(None, [message, changed_fields(AgendaItem, data.get("changes", {}))]))


class TaskFormatter(LogFormatter):
    """What happened to a task of preparation."""

    label = gettext_lazy("Task of preparation")
    words = {
        "added": gettext_lazy("Task added: %(task)s"),
        "changed": gettext_lazy("Task changed: %(task)s"),
        "removed": gettext_lazy("Task removed: %(task)s"),
        "done": gettext_lazy("Task done: %(task)s"),
        "reopened": gettext_lazy("Task opened again: %(task)s"),
        "reminded": gettext_lazy("Reminder sent: %(task)s"),
    }

    def format_message(self, log_entry):
        """The task, and each changed field before and after."""
        data = log_entry.data
        if data.get("event") == "begun":
            count = data.get("count", 0)
            return ngettext("%(count)d task of preparation began", "%(count)d tasks of preparation began", count) % {"count": count}
        message = str(self.words.get(data.get("event", ""), self.label)) % {"task": data.get("task", "")}
        return " · ".join(filter(None, [message, changed_fields(PreparationTask, data.get("changes", {}))]))


class MailFormatter(LogFormatter):
    """What staff did with a mail that waits or did not leave."""

    label = gettext_lazy("Outgoing mail")
    words = {"sent again": gettext_lazy("Mail sent again: %(kind)s"), "held back": gettext_lazy("Mail held back: %(kind)s")}

    def format_message(self, log_entry):
        """The kind of the mail."""
        kind = MessageKind(log_entry.data["kind"]).label
        return str(self.words[log_entry.data["event"]]) % {"kind": kind}


class GiftHandedOverFormatter(LogFormatter):
    """A planned souvenir that was handed over."""

    label = gettext_lazy("Souvenir")

    def format_message(self, log_entry):
        """The souvenir."""
        return _("Souvenir handed over: %(item)s") % {"item": log_entry.data.get("item", "")}


class AttendanceFormatter(LogFormatter):
    """An event at the reception desk or at the door."""

    label = gettext_lazy("Attendance")

    def format_message(self, log_entry):
        """The event and the number of the delegate; the log contains no names."""
        words = _("Attendance: %(event)s (delegate %(number)s)") % {
            "event": _label(AttendanceKind, log_entry.data.get("event", "")),
            "number": log_entry.data.get("delegate", ""),
        }
        if log_entry.data.get("uncertain"):
            words += ". " + _("The clock of the phone was wrong, so the time is an estimate.")
        return words


class QuestionFormatter(LogFormatter):
    """A question from a phone that was moderated."""

    label = gettext_lazy("Question of a delegate")

    def format_message(self, log_entry):
        """State and answer before and after; the log contains neither the question nor a name."""
        message = _("Question %(number)s") % {"number": log_entry.data.get("question", "")}
        return " · ".join([message, changed_fields(Question, log_entry.data.get("changes", {}))])


class SlidesFormatter(LogFormatter):
    """Slides that were released on the delegates' phones or taken back."""

    label = gettext_lazy("Slides")

    def format_message(self, log_entry):
        """The item, and whether its slides can be opened."""
        sentence = _("Slides released: %(item)s") if log_entry.data.get("released") else _("Slides taken back: %(item)s")
        return sentence % {"item": log_entry.data.get("item", "")}


class ClosedIncompleteFormatter(LogFormatter):
    """A visit that was closed although something was missing."""

    label = gettext_lazy("Closed although something was missing")

    def format_message(self, log_entry):
        """What was missing, and the reason that staff gave."""
        names = ", ".join(str(closing.ITEMS.get(code, code)) for code in log_entry.data.get("missing", []))
        return _("Missing: %(names)s. Reason: %(reason)s") % {"names": names, "reason": log_entry.data.get("reason", "")}


class SpeakerFormatter(LogFormatter):
    """What happened to the invitation of a speaker."""

    label = gettext_lazy("Speaker")
    others = {
        "reminded": gettext_lazy("Reminded"),
        "slides": gettext_lazy("Slides uploaded"),
        "upload_allowed": gettext_lazy("Another upload allowed"),
    }

    def format_message(self, log_entry):
        """The item and the answer; the log contains no names."""
        what = log_entry.data.get("what", "")
        words = self.others.get(what) or _label(SpeakerInvitation.State, what)
        return _("Speaker of “%(item)s”: %(what)s") % {"item": log_entry.data.get("item", ""), "what": words}


class CertificatesPlannedFormatter(LogFormatter):
    """Certificates that were planned and numbered."""

    label = gettext_lazy("Certificates")

    def format_message(self, log_entry):
        """The number of planned certificates."""
        count = log_entry.data.get("count", 0)
        return ngettext("%(count)d certificate prepared", "%(count)d certificates prepared", count) % {"count": count}


class CertificateRevokedFormatter(LogFormatter):
    """A certificate that was revoked."""

    label = gettext_lazy("Certificate revoked")

    def format_message(self, log_entry):
        """The number of the revoked certificate."""
        return _("Certificate %(number)s revoked") % {"number": log_entry.data.get("number", "")}


class CertificateReplacedFormatter(LogFormatter):
    """A certificate that was corrected."""

    label = gettext_lazy("Certificate replaced")

    def format_message(self, log_entry):
        """The numbers of the old and the new certificate."""
        return _("Certificate %(number)s replaced by %(replacement)s") % {
            "number": log_entry.data.get("number", ""),
            "replacement": log_entry.data.get("replacement", ""),
        }


class CapacityRepairedFormatter(LogFormatter):
    """Counters of seats and visits of a session that were corrected."""

    label = gettext_lazy("Seats recounted")

    def format_message(self, log_entry):
        """The counters before and after the correction."""
        counts = {"before": log_entry.data.get("before", 0), "after": log_entry.data.get("after", 0)}
        message = _("Taken seats set from %(before)d to %(after)d, as visits hold them") % counts
        visits = {"before": log_entry.data.get("visits_before", 0), "after": log_entry.data.get("visits_after", 0)}
        if visits["before"] != visits["after"]:
            message += "; " + _("visits that hold seats set from %(before)d to %(after)d") % visits
        return message


class NumberFormatter(LogFormatter):
    """An event of a letter; ``words`` is the message with a placeholder for the letter's number."""

    words: str | Promise = ""

    def format_message(self, log_entry):
        """The message with the number of the letter."""
        return str(self.words) % {"reason": "–", "use": "–", "number": "", **log_entry.data}


class LetterRegisteredFormatter(ChangesFormatter):
    """A request letter that was registered in the agenda of letters."""

    label = gettext_lazy("Letter registered")
    model = IncomingLetter
    words = gettext_lazy("Request letter registered under agenda number %(number)s")


class DispositionFormatter(LogFormatter):
    """A disposition; what it says only those may read who write dispositions."""

    label = gettext_lazy("Disposition")

    def format_message(self, log_entry):
        """Whether it was written or done."""
        return _("A disposition was done") if log_entry.data.get("event") == "done" else _("A disposition was written")


class NumberTakenFormatter(NumberFormatter):
    """A number of outgoing letters that was taken by hand."""

    label = gettext_lazy("Number taken by hand")
    words = gettext_lazy("Number %(number)s taken by hand: %(use)s")


class ReplyDraftedFormatter(ChangesFormatter):
    """A reply letter that was drafted or changed."""

    label = gettext_lazy("Reply letter")
    model = ReplyLetter
    words = gettext_lazy("The reply letter was drafted")


class VisumFormatter(ChangesFormatter):
    """Who signs the visum, and its days."""

    label = gettext_lazy("Visum")
    model = VisumEntry
    words = gettext_lazy("Signer and days of the visum were written down")


class ReplyIssuedFormatter(NumberFormatter):
    """A reply letter that was issued with a number."""

    label = gettext_lazy("Reply letter")
    words = gettext_lazy("Reply letter %(number)s issued")


class ReplyVoidFormatter(NumberFormatter):
    """A reply letter that was made void."""

    label = gettext_lazy("Reply letter")
    words = gettext_lazy("Reply letter %(number)s made void: %(reason)s")


class ReplySignedFormatter(NumberFormatter):
    """A signed copy of a reply letter that was uploaded."""

    label = gettext_lazy("Reply letter")
    words = gettext_lazy("Signed copy of reply letter %(number)s kept")


class PaperValuesFormatter(LogFormatter):
    """What was entered for one paper."""

    label = gettext_lazy("Paper")

    def format_message(self, log_entry):
        """The paper, and each value before and after."""
        paper = OF_A_VISIT.get(log_entry.data.get("paper", ""))
        if paper is None:
            return self.label
        changes = log_entry.data.get("changes", {})
        told = []
        for value in paper.entered:
            if value.name in changes:
                before, after = (value.shown(value.read(stored)) or "–" for stored in changes[value.name])
                told.append(f"{value.label}: “{before}” → “{after}”")
        return _("Entered for “%(paper)s”: %(values)s") % {"paper": paper.title, "values": " · ".join(told)}


def register(actions) -> None:
    """Register every action that the visits' domain writes (hook ``register_log_actions``)."""
    actions.register_action("visits.submit", gettext_lazy("Request made"), gettext_lazy("Request made"))
    actions.register_action("visits.hold_lapsed", gettext_lazy("Seats given back"), gettext_lazy("Seats given back, no answer in time"))
    actions.register_action("visits.waiting_ended", gettext_lazy("Waiting list"), gettext_lazy("The wait ended without a place"))
    actions.register_action(
        "visits.seats_withdrawn", gettext_lazy("Number of people"), gettext_lazy("The guest no longer asks for more seats")
    )
    actions.register_action("visits.mail_filed", gettext_lazy("Received mail"), gettext_lazy("A received mail was filed with the visit"))
    actions.register_action("visits.mail_settled", gettext_lazy("Received mail"), gettext_lazy("A received mail was looked at"))
    for name, formatter in {
        "visits.move": MoveFormatter,
        "visits.override": OverrideFormatter,
        "visits.proposed": ProposedFormatter,
        "visits.proposal_ended": ProposalEndedFormatter,
        "visits.delegates": DelegatesFormatter,
        "visits.delegates_corrected": DelegatesCorrectedFormatter,
        "visits.question": QuestionFormatter,
        "visits.agenda": AgendaFormatter,
        "visits.task": TaskFormatter,
        "visits.mail": MailFormatter,
        "visits.gift_handed_over": GiftHandedOverFormatter,
        "visits.slides_released": SlidesFormatter,
        "visits.speaker": SpeakerFormatter,
        "visits.headcount": HeadcountFormatter,
        "visits.seats_asked": SeatsAskedFormatter,
        "visits.seats_refused": SeatsRefusedFormatter,
        "visits.contact": ContactFormatter,
        "visits.place": PlaceFormatter,
        "visits.resources": ResourcesFormatter,
        "visits.assigned": AssignedFormatter,
        "visits.record": RecordFormatter,
        "visits.visum": VisumFormatter,
        "visits.disposition": DispositionFormatter,
        "visits.number_taken": NumberTakenFormatter,
        "visits.letter": LetterFormatter,
        "visits.waiting": WaitingFormatter,
        "visits.session_switched": SessionFormatter,
        "visits.purged": PurgedFormatter,
        "visits.erased": ErasedFormatter,
        "visits.reply_drafted": ReplyDraftedFormatter,
        "visits.attendance": AttendanceFormatter,
        "visits.capacity_repaired": CapacityRepairedFormatter,
        "visits.closed_incomplete": ClosedIncompleteFormatter,
        "visits.certificates_planned": CertificatesPlannedFormatter,
        "visits.certificate_revoked": CertificateRevokedFormatter,
        "visits.certificate_replaced": CertificateReplacedFormatter,
        "visits.letter_registered": LetterRegisteredFormatter,
        "visits.paper_values": PaperValuesFormatter,
        "visits.reply_issued": ReplyIssuedFormatter,
        "visits.reply_void": ReplyVoidFormatter,
        "visits.reply_signed": ReplySignedFormatter,
    }.items():
        actions.register_action(name)(formatter)
