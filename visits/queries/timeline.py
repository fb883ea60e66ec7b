"""The state of a visit in words for its guest, with the date of the answer and nothing internal."""

import datetime as dt
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.domain.calendar_days import local_date, session_times
from visits.enums import Actor, CertificateStatus, MessageKind, VisitStatus
from visits.models import Visit


@dataclass(frozen=True)
class Step:
    """A step of the timeline. ``state`` is done, current or ahead."""

    title: str
    text: str
    state: str
    date: dt.date | None = None


_ENDED = {
    VisitStatus.DECLINED: gettext_lazy("We cannot receive you"),
    VisitStatus.EXPIRED: gettext_lazy("The request has expired"),
    VisitStatus.CANCELLED_BY_GUEST: gettext_lazy("You cancelled the visit"),
    VisitStatus.CANCELLED_BY_HOST: gettext_lazy("We had to cancel the visit"),
    VisitStatus.NO_SHOW: gettext_lazy("Nobody came to this visit"),
}


def _date(moment: dt.datetime | None) -> dt.date | None:
    return local_date(moment) if moment else None


def timeline(visit: Visit) -> list[Step]:
    """The steps of a visit from the request to the certificates, or to its early end."""
    steps = [Step(_("Request made"), "", "done", _date(visit.created_at))]
    if visit.submitted_at:
        text = _("Your reference is %(reference)s.") % {"reference": visit.reference}
        steps.append(Step(_("Request received"), text, "done", _date(visit.submitted_at)))
    status = VisitStatus(visit.status)
    if status in _ENDED:
        text = visit.reason or (_why_expired(visit) if status == VisitStatus.EXPIRED else "")
        return [*steps, Step(str(_ENDED[status]), text, "current", _date(visit.decided_at))]
    if status == VisitStatus.UNVERIFIED:
        steps.append(Step(_("Confirm your address"), _("Open the link in our mail and confirm."), "current"))
    return [*steps, *_answer(visit, status), *_visit_day(visit, status)]


def _why_expired(visit: Visit) -> str:
    if visit.reference:
        return _("The day came before we had answered. We apologise.")
    return _("The link in our mail was not opened in time, so the seats were given back.")


def answer_due_text(visit: Visit) -> str:
    """By when the guest gets an answer, or an apology if that date has passed; empty if none is due."""
    if not visit.answer_due_at:
        return ""
    due = {"date": formats.date_format(local_date(visit.answer_due_at))}
    if visit.answer_due_at >= timezone.now():
        return _("You will have our answer by %(date)s.") % due
    late = _("Our answer was due on %(date)s. We apologise for the delay; your request is not forgotten.") % due
    if visit.slot_id and not visit.seats_held:
        return late + " " + _("Until we answer, your seats are not held any more.")
    return late


def _answer(visit: Visit, status: VisitStatus) -> list[Step]:
    title = _("Our answer")
    if status in (VisitStatus.APPROVED, VisitStatus.COMPLETED):
        was_moved = visit.calendar_sequence > 1 and visit.messages.filter(kind=MessageKind.MOVED).exists()
        text = _("The date has changed; it is the one that stands here.") if was_moved else _("You are welcome.")
        return [Step(_("Visit scheduled"), text, "done", _date(visit.decided_at))]
    if status == VisitStatus.NEEDS_INFO:
        return [Step(_("We need something from you"), _("Answer our question below; then we can decide."), "current")]
    if status == VisitStatus.PROPOSED:
        return [_proposed(visit)]
    if status == VisitStatus.SUBMITTED and not visit.slot_id:
        return [_waiting(visit)]
    if not visit.answer_due_at:
        return [Step(title, "", "ahead")]
    return [Step(title, _("Your request is being looked at.") + " " + answer_due_text(visit), "current")]


def _proposed(visit: Visit) -> Step:
    proposal = visit.open_proposal
    if proposal is None:
        return Step(_("Another date was proposed"), "", "current")
    times = f"{formats.date_format(local_date(proposal.slot.starts_at))}, {session_times(proposal.slot, visit.region)}"
    until = formats.date_format(local_date(proposal.expires_at))
    if proposal.by == Actor.GUEST:
        text = _("You asked for %(times)s. You will have our answer by %(date)s.") % {"times": times, "date": until}
    else:
        text = _("%(times)s. Please answer by %(date)s.") % {"times": times, "date": until}
    return Step(_("Another date was proposed"), text, "current")


def _waiting(visit: Visit) -> Step:
    entry = visit.waitlist_entries.filter(is_open=True).first()
    if entry is None:
        return Step(_("Waiting list"), " ".join([_("No place became free."), answer_due_text(visit)]).strip(), "current")
    period = {"start": formats.date_format(entry.from_date), "end": formats.date_format(entry.until_date)}
    return Step(
        _("Waiting list"),
        _("You wait for a place from %(start)s to %(end)s. We write to you as soon as one is free for you.") % period,
        "current",
    )


def _visit_day(visit: Visit, status: VisitStatus) -> list[Step]:
    if not visit.slot_id:
        return []
    times = session_times(visit.slot, visit.region)
    day = local_date(visit.slot.starts_at)
    if status == VisitStatus.COMPLETED:
        issued = visit.certificates.filter(status=CertificateStatus.ISSUED).exists()
        return [
            Step(_("Visit"), _("Thank you for coming."), "done", day),
            Step(
                _("Certificates"),
                _("They are ready below.") if issued else _("They are being prepared; we write to you when they are ready."),
                "done" if issued else "current",
            ),
        ]
    scheduled = status == VisitStatus.APPROVED
    if scheduled:
        return [Step(_("Visit"), times, "current", day), Step(_("Certificates"), _("For everyone who attended."), "ahead")]
    return [Step(_("Visit"), _("Requested: %(times)s. Please wait for our answer before you travel.") % {"times": times}, "ahead", day)]
