"""Every kind of mail: its template, subject, files, and the values that its text needs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from knowledge_hub.ical.events import Method
from visits.domain import agenda, outbox, preparation, speakers
from visits.domain.mail_matters import matter_of
from visits.enums import FREES_SEATS, MessageKind, VisitStatus
from visits.mail import secret_links
from visits.models import OfficeSettings, OutboundMessage, PreparationTask, Proposal, Visit


@dataclass(frozen=True)
class MailTemplate:
    """Everything about a kind of mail.

    Attributes:
        template: file name in templates/visits/mail, without its extension.
        to_staff: goes to staff, in the site's language and without a secret link.
        invites: whether the calendar's invitation is attached, for mails that can have it.
        withdraws: whether the invitation is withdrawn from the calendar, for mails that can do so.
        with_letter: whether the signed reply letter is attached.
        adds: more values for the template.
        about: for mails to others than guest and staff: values of the row that the mail is about. Such mails are in the site's language
            and hold no link of the guest.
        speaker_event: what the calendar file of a speaker asks for, for mails about an invitation of a speaker.
    """

    subject: str
    template: str
    to_staff: bool = False
    invites: Callable[[Visit], bool] | None = None
    withdraws: Callable[[Visit], bool] | None = None
    with_letter: bool = False
    adds: Callable[[Visit, Proposal | None], dict] = lambda visit, proposal: {}
    about: Callable[[OutboundMessage, Visit], dict] | None = None
    speaker_event: Method | None = None

    @property
    def calendar_method(self) -> Method | None:
        """What the calendar file asks for, if the mail has one."""
        if self.invites:
            return Method.REQUEST
        return Method.CANCEL if self.withdraws else self.speaker_event


def _task(message: OutboundMessage, visit: Visit) -> dict:
    """The task of preparation with its day and link; without a task the mail says that nothing has to be done any more."""
    task = PreparationTask.objects.filter(pk=outbox.key_of(message), email=message.recipient).first()
    if task is None or not preparation.is_being_prepared(visit):
        return {"task": None, "title": message.note}
    return {"task": task, "title": task.title, "due": preparation.due_on(task, visit), "task_link": secret_links.TASK.mark}


def _speaker(message: OutboundMessage, visit: Visit) -> dict:
    """The invitation of a speaker, with time and room of the item, and the link."""
    invitation = speakers.invitation_about(message)
    if invitation is None:
        return {"is_off": visit.status in FREES_SEATS}
    row = next((row for row in agenda.agenda_of(visit) if row.item.pk == invitation.item_id), None)
    return {"invitation": invitation, "row": row, "is_off": visit.status in FREES_SEATS, "speaker_link": secret_links.SPEAKER.mark}


MAIL_TEMPLATES = {
    MessageKind.CONFIRM: MailTemplate(
        _("Confirm your request for a study visit"), "confirm", adds=lambda visit, proposal: {"confirm_link": secret_links.CONFIRM.mark}
    ),
    MessageKind.RECEIPT: MailTemplate(_("%(reference)s: we have received your request"), "receipt"),
    MessageKind.STATUS_LINK: MailTemplate(_("%(reference)s: the link to your visit"), "status_link"),
    MessageKind.NEW_REQUEST: MailTemplate(_("%(reference)s: new request for a study visit"), "new_request", to_staff=True),
    MessageKind.NEEDS_INFO: MailTemplate(_("%(reference)s: please complete your request"), "needs_info"),
    MessageKind.INVITATION: MailTemplate(_("%(reference)s: your visit is scheduled"), "invitation", invites=lambda visit: True),
    MessageKind.MOVED: MailTemplate(_("%(reference)s: the date of your visit has changed"), "moved", invites=lambda visit: True),
    MessageKind.PLACE_CHANGED: MailTemplate(
        _("%(reference)s: the place of your visit has changed"), "place_changed", invites=lambda visit: True
    ),
    MessageKind.SEATS_GRANTED: MailTemplate(_("%(reference)s: more people are welcome"), "seats_granted", invites=lambda visit: True),
    MessageKind.SEATS_REFUSED: MailTemplate(_("%(reference)s: the number of people stays"), "seats_refused"),
    MessageKind.NEW_CONTACT: MailTemplate(_("%(reference)s: you are the contact person of a visit"), "new_contact"),
    MessageKind.FORMER_CONTACT: MailTemplate(_("%(reference)s: the contact person has changed"), "former_contact"),
    MessageKind.PROPOSAL: MailTemplate(
        _("%(reference)s: another date for your visit"),
        "proposal",
        adds=lambda visit, proposal: {"proposal": proposal or visit.proposals.select_related("slot").first()},
    ),
    MessageKind.PROPOSAL_ENDED: MailTemplate(_("%(reference)s: about the proposed date"), "proposal_ended"),
    MessageKind.HOST_MESSAGE: MailTemplate(_("%(reference)s: a message for you"), "host_message"),
    # The same event and sequence number as in the invitation, so calendars that have it change nothing.
    MessageKind.REPLY_LETTER: MailTemplate(
        _("%(reference)s: our letter"), "reply_letter", with_letter=True, invites=lambda visit: visit.status == VisitStatus.APPROVED
    ),
    MessageKind.GUEST_ACTED: MailTemplate(_("%(reference)s: news from the guest"), "guest_acted", to_staff=True),
    MessageKind.DRAFT: MailTemplate(_("Go on with your request for a study visit"), "draft"),
    MessageKind.REMINDER_LETTER: MailTemplate(_("%(reference)s: please send the letter"), "reminder_letter"),
    MessageKind.REMINDER_DELEGATES: MailTemplate(_("%(reference)s: please name your delegates"), "reminder_delegates"),
    MessageKind.REMINDER_VISIT: MailTemplate(
        _("%(reference)s: the programme of your visit"), "reminder_visit", adds=lambda visit, proposal: {"agenda": agenda.agenda_of(visit)}
    ),
    MessageKind.REMINDER_ARRIVAL: MailTemplate(_("%(reference)s: see you soon"), "reminder_arrival"),
    MessageKind.SPEAKER_ARRIVAL: MailTemplate(_("%(reference)s: we expect you"), "speaker_arrival", about=_speaker),
    MessageKind.HOST_ARRIVAL: MailTemplate(_("%(reference)s: guests arrive"), "host_arrival", to_staff=True),
    MessageKind.PROMISE_DUE: MailTemplate(_("%(reference)s: the promised answer is due"), "promise_due", to_staff=True),
    MessageKind.NOT_CLOSED: MailTemplate(_("%(reference)s: please close the visit"), "not_closed", to_staff=True),
    MessageKind.DECLINED: MailTemplate(_("%(reference)s: we cannot receive you"), "declined"),
    MessageKind.EXPIRED: MailTemplate(_("%(reference)s: your request has expired"), "expired"),
    MessageKind.CANCELLED: MailTemplate(
        _("%(reference)s: the visit is cancelled"), "cancelled", withdraws=lambda visit: visit.calendar_sequence > 1
    ),
    MessageKind.THANKS: MailTemplate(
        _("%(reference)s: thank you for your visit"), "thanks", adds=lambda visit, proposal: {"pack_days": OfficeSettings.load().pack_days}
    ),
    MessageKind.CERTIFICATES: MailTemplate(
        _("%(reference)s: your certificates are ready"),
        "certificates",
        adds=lambda visit, proposal: {"pack_days": OfficeSettings.load().pack_days},
    ),
    MessageKind.SPEAKER_INVITATION: MailTemplate(
        _("%(reference)s: please speak to our guests"), "speaker_invitation", about=_speaker, speaker_event=Method.REQUEST
    ),
    MessageKind.SPEAKER_REMINDER: MailTemplate(_("%(reference)s: please answer our invitation"), "speaker_reminder", about=_speaker),
    MessageKind.SPEAKER_MOVED: MailTemplate(
        _("%(reference)s: the visit has another date"), "speaker_moved", about=_speaker, speaker_event=Method.REQUEST
    ),
    MessageKind.SPEAKER_CHANGED: MailTemplate(
        _("%(reference)s: time or place of your item has changed"), "speaker_changed", about=_speaker, speaker_event=Method.REQUEST
    ),
    MessageKind.SPEAKER_CANCELLED: MailTemplate(
        _("%(reference)s: you need not come"), "speaker_cancelled", about=_speaker, speaker_event=Method.CANCEL
    ),
    MessageKind.DATA_CONFIRM: MailTemplate(_("Please confirm your request about your data"), "data_confirm"),
    MessageKind.DATA_REQUEST: MailTemplate(_("A request about personal data waits for an answer"), "data_request", to_staff=True),
    MessageKind.DATA_ANSWER: MailTemplate(_("Answer to your request about your data"), "data_answer"),
    MessageKind.SPEAKER_ANSWERED: MailTemplate(_("%(reference)s: news from a speaker"), "guest_acted", to_staff=True),
    MessageKind.CORRECTED: MailTemplate(_("%(reference)s: the list of your delegates was corrected"), "corrected"),
    MessageKind.TASK: MailTemplate(_("%(reference)s: a task of preparation"), "task", about=_task),
    MessageKind.TASK_REMINDER: MailTemplate(_("%(reference)s: reminder of a task of preparation"), "task", about=_task),
}


def as_markdown() -> str:
    """All kinds as docs/mail.md lists them, in English."""
    lines = ["| kind | subject | to | calendar file | matter | text |", "|---|---|---|---|---|---|"]
    for kind, template in MAIL_TEMPLATES.items():
        found = matter_of(kind)
        matter = "" if found is None else found.name if kind in found.tells else f"{found.name}, reminder"
        to = "staff" if template.to_staff else "speaker or owner of a task" if template.about else "guest"
        subject = str(template.subject) % {"reference": "KJ-2026-0042"}
        lines.append(f"| `{kind.value}` | {subject} | {to} | {template.calendar_method or ''} | {matter} | `{template.template}.txt` |")
    return "\n".join(lines) + "\n"
