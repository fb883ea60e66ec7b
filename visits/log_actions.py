"""Labels and messages of the audit log entries in a visit's history."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter

from visits.documents.all_papers import OF_A_VISIT
from visits.enums import Actor, AttendanceKind, ProposalState, VisitStatus
from visits.models import Delegate, Question, Visit


def _label(choices, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


class MoveFormatter(LogFormatter):
    """A move from one state to another."""

    label = gettext_lazy("Change of status")

    def format_message(self, log_entry):
        """Old and new status."""
        return _("From “%(source)s” to “%(target)s”") % {
            "source": _label(VisitStatus, log_entry.data.get("from", "")),
            "target": _label(VisitStatus, log_entry.data.get("to", "")),
        }


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
        """The side that proposed the date: guest or staff."""
        return _("Another date proposed by: %(who)s") % {"who": _label(Actor, log_entry.data.get("by", ""))}


class ProposalEndedFormatter(LogFormatter):
    """The end of a proposed date."""

    label = gettext_lazy("Proposed date ended")

    def format_message(self, log_entry):
        """The final state of the proposal, for example withdrawn."""
        return _("Proposed date: %(state)s") % {"state": _label(ProposalState, log_entry.data.get("state", ""))}


class DelegatesFormatter(LogFormatter):
    """A new list of delegates."""

    label = gettext_lazy("List of delegates")

    def format_message(self, log_entry):
        """The number of people on the list; the log contains no names."""
        count = log_entry.data.get("count", 0)
        return ngettext("List of delegates saved with %(count)d person", "List of delegates saved with %(count)d people", count) % {
            "count": count
        }


class DelegatesCorrectedFormatter(LogFormatter):
    """A correction of the list of delegates by staff."""

    label = gettext_lazy("List of delegates corrected")

    def format_message(self, log_entry):
        """Every changed field with its value before and after, who was added or removed, and the reason."""
        data = log_entry.data
        parts = []
        for person in data.get("changed", []):
            for name, (before, after) in person["fields"].items():
                label = Delegate._meta.get_field(name).verbose_name
                parts.append(f"{label}: “{before or '–'}” → “{after or '–'}”")
        if data.get("added"):
            parts.append(_("Added: %(names)s.") % {"names": "; ".join(data["added"])})
        if data.get("removed"):
            parts.append(_("Taken off the list: %(names)s.") % {"names": "; ".join(data["removed"])})
        parts.append(_("Reason: %(reason)s") % {"reason": data.get("reason", "")})
        return " · ".join(parts)


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


class ContactFormatter(LogFormatter):
    """Another contact person, or other words about the same one."""

    label = gettext_lazy("Contact person")

    def format_message(self, log_entry):
        """The names of the fields that changed; the log contains no personal data."""
        names = (str(Visit._meta.get_field(name).verbose_name) for name in log_entry.data.get("fields", []))
        return _("The guest changed: %(fields)s") % {"fields": ", ".join(names)}


class AttendanceFormatter(LogFormatter):
    """An event at the reception desk."""

    label = gettext_lazy("Attendance")

    def format_message(self, log_entry):
        """The event and the number of the delegate; the log contains no names."""
        return _("Attendance: %(event)s (delegate %(number)s)") % {
            "event": _label(AttendanceKind, log_entry.data.get("event", "")),
            "number": log_entry.data.get("delegate", ""),
        }


class QuestionFormatter(LogFormatter):
    """A question from a phone that was moderated."""

    label = gettext_lazy("Question of a delegate")

    def format_message(self, log_entry):
        """The state of the question; the log contains neither its words nor a name."""
        return _("Question %(number)s: %(state)s") % {
            "number": log_entry.data.get("question", ""),
            "state": _label(Question.State, log_entry.data.get("after", "")),
        }


class SlidesFormatter(LogFormatter):
    """Slides that were released on the delegates' phones or taken back."""

    label = gettext_lazy("Slides")

    def format_message(self, log_entry):
        """The item, and whether its slides can be opened."""
        sentence = _("Slides released: %(item)s") if log_entry.data.get("released") else _("Slides taken back: %(item)s")
        return sentence % {"item": log_entry.data.get("item", "")}


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
        return str(self.words) % {"number": log_entry.data.get("number", "")}


class LetterRegisteredFormatter(NumberFormatter):
    """A request letter that was registered in the agenda of letters."""

    label = gettext_lazy("Letter registered")
    words = gettext_lazy("Request letter registered under agenda number %(number)s")


class ReplyIssuedFormatter(NumberFormatter):
    """A reply letter that was issued with a number."""

    label = gettext_lazy("Reply letter")
    words = gettext_lazy("Reply letter %(number)s issued")


class ReplyVoidFormatter(NumberFormatter):
    """A reply letter that was made void."""

    label = gettext_lazy("Reply letter")
    words = gettext_lazy("Reply letter %(number)s made void")


class ReplySignedFormatter(NumberFormatter):
    """A signed copy of a reply letter that was uploaded."""

    label = gettext_lazy("Reply letter")
    words = gettext_lazy("Signed copy of reply letter %(number)s kept")


class PaperValuesFormatter(LogFormatter):
    """What was entered for one paper."""

    label = gettext_lazy("Paper")

    def format_message(self, log_entry):
        """Name the paper and the values that changed, not what they say."""
        paper = OF_A_VISIT.get(log_entry.data.get("paper", ""))
        if paper is None:
            return self.label
        changed = log_entry.data.get("values", [])
        labels = ", ".join(str(value.label) for value in paper.entered if value.name in changed)
        return _("Entered for “%(paper)s”: %(values)s") % {"paper": paper.title, "values": labels}


def register(actions) -> None:
    """Register every action that the visits' domain writes (hook ``register_log_actions``)."""
    actions.register_action("visits.submit", gettext_lazy("Request made"), gettext_lazy("Request made"))
    actions.register_action("visits.hold_lapsed", gettext_lazy("Seats given back"), gettext_lazy("Seats given back, no answer in time"))
    actions.register_action("visits.session_switched", gettext_lazy("Session switched"), gettext_lazy("Session opened or closed by hand"))
    actions.register_action("visits.letter", gettext_lazy("Letter received"), gettext_lazy("A letter was added"))
    actions.register_action("visits.waiting", gettext_lazy("Waiting list"), gettext_lazy("Put on the waiting list"))
    actions.register_action("visits.waiting_ended", gettext_lazy("Waiting list"), gettext_lazy("The wait ended without a place"))
    actions.register_action("visits.purged", gettext_lazy("Data deleted"), gettext_lazy("Personal data whose purpose is over was deleted"))
    actions.register_action(
        "visits.place", gettext_lazy("Place and contact"), gettext_lazy("Place, room or contact of the host were settled")
    )
    actions.register_action(
        "visits.seats_withdrawn", gettext_lazy("Number of people"), gettext_lazy("The guest no longer asks for more seats")
    )
    actions.register_action("visits.agenda", gettext_lazy("Agenda"), gettext_lazy("The agenda was changed"))
    actions.register_action("visits.record", gettext_lazy("Record of the day"), gettext_lazy("The record of the day was changed"))
    actions.register_action("visits.visum", gettext_lazy("Visum"), gettext_lazy("Signer and days of the visum were written down"))
    actions.register_action("visits.disposition", gettext_lazy("Disposition"), gettext_lazy("A disposition was written"))
    actions.register_action("visits.reply_drafted", gettext_lazy("Reply letter"), gettext_lazy("The reply letter was drafted"))
    for name, formatter in {
        "visits.move": MoveFormatter,
        "visits.override": OverrideFormatter,
        "visits.proposed": ProposedFormatter,
        "visits.proposal_ended": ProposalEndedFormatter,
        "visits.delegates": DelegatesFormatter,
        "visits.delegates_corrected": DelegatesCorrectedFormatter,
        "visits.question": QuestionFormatter,
        "visits.slides_released": SlidesFormatter,
        "visits.headcount": HeadcountFormatter,
        "visits.seats_asked": SeatsAskedFormatter,
        "visits.seats_refused": SeatsRefusedFormatter,
        "visits.contact": ContactFormatter,
        "visits.attendance": AttendanceFormatter,
        "visits.capacity_repaired": CapacityRepairedFormatter,
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
