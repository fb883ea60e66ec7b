"""Every kind of mail: its usual wording, what a wording may name, and its files."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knowledge_hub.ical.events import Method
from visits.domain import agenda, outbox, preparation, speakers
from visits.domain.mail_matters import matter_of
from visits.enums import FREES_SEATS, MessageKind, VisitStatus
from visits.mail.placeholders import ANY, DATA, GUEST, SPEAKER, STAFF, TASK, Values, proposal_of
from visits.models import OutboundMessage, PreparationTask, Visit


@dataclass(frozen=True)
class Variant:
    """Another text of a kind of mail, with the file of its usual wording and when it is taken."""

    label: Promise
    template: str
    applies: Callable[[Values], bool]


@dataclass(frozen=True)
class MailTemplate:
    """Everything about a kind of mail.

    Attributes:
        subject: its usual subject.
        template: file of its usual text in templates/visits/mail, without its extension.
        offers: the placeholders that a wording may name.
        variants: other texts, by the name that the rows of MailWording have; the first that applies is taken.
        to_staff: goes to staff, in the site's language and without a secret link.
        invites: whether the calendar's invitation is attached, for mails that can have it.
        withdraws: whether the invitation is withdrawn from the calendar, for mails that can do so.
        with_letter: whether the signed reply letter is attached.
        about: for mails to others than guest and staff: values of the row that the mail is about. Such mails are in the site's language
            and hold no link of the guest.
        speaker_event: what the calendar file of a speaker asks for, for mails about an invitation of a speaker.
    """

    subject: str
    template: str
    offers: tuple[str, ...] = GUEST
    variants: dict[str, Variant] = field(default_factory=dict)
    to_staff: bool = False
    invites: Callable[[Visit], bool] | None = None
    withdraws: Callable[[Visit], bool] | None = None
    with_letter: bool = False
    about: Callable[[OutboundMessage, Visit], dict] | None = None
    speaker_event: Method | None = None

    @property
    def in_site_language(self) -> bool:
        """Whether it goes to people of the host, in the site's language; others are in the guest's language."""
        return self.to_staff or self.about is not None

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
    return {"task": task, "title": task.title, "due": preparation.due_on(task, visit)}


def _speaker(message: OutboundMessage, visit: Visit) -> dict:
    """The invitation of a speaker, with time and room of the item."""
    invitation = speakers.invitation_about(message)
    rows = agenda.agenda_of(visit) if invitation else []
    return {"invitation": invitation, "row": next((row for row in rows if row.item.pk == invitation.item_id), None)}


def _is_off(values: Values) -> bool:
    return values["visit"].status in FREES_SEATS


def _was_cancelled_by_guest(values: Values) -> bool:
    return values["visit"].status == VisitStatus.CANCELLED_BY_GUEST


def _is_online(values: Values) -> bool:
    return bool(values["place"].meeting_url)


def _place_became_free(values: Values) -> bool:
    proposal = proposal_of(values)
    return proposal is not None and proposal.by == "clock"


def _waits_for_a_place(values: Values) -> bool:
    return values["visit"].slot is None


def _is_done(values: Values) -> bool:
    return bool(values["task"] and values["task"].done_at)


def _is_no_longer_asked(values: Values) -> bool:
    return values["task"] is None


TASK_VARIANTS = {
    "done": Variant(_("the task is done"), "task_done", _is_done),
    "off": Variant(_("it does not have to be done any more"), "task_off", _is_no_longer_asked),
}

MAIL_TEMPLATES = {
    MessageKind.CONFIRM: MailTemplate(_("Confirm your request for a study visit"), "confirm", (*GUEST, "confirm_link")),
    MessageKind.RECEIPT: MailTemplate(_("%(reference)s: we have received your request"), "receipt", (*GUEST, "answer_due")),
    MessageKind.STATUS_LINK: MailTemplate(_("%(reference)s: the link to your visit"), "status_link"),
    MessageKind.NEW_REQUEST: MailTemplate(_("%(reference)s: new request for a study visit"), "new_request", STAFF, to_staff=True),
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
        (*GUEST, "proposed_time", "proposal_until", "date_stays"),
        {"free": Variant(_("a place became free"), "proposal_free", _place_became_free)},
    ),
    MessageKind.PROPOSAL_ENDED: MailTemplate(
        _("%(reference)s: about the proposed date"),
        "proposal_ended",
        variants={"waiting": Variant(_("for a request that waits for a place"), "proposal_ended_waiting", _waits_for_a_place)},
    ),
    MessageKind.HOST_MESSAGE: MailTemplate(_("%(reference)s: a message for you"), "host_message"),
    # The same event and sequence number as in the invitation, so calendars that have it change nothing.
    MessageKind.REPLY_LETTER: MailTemplate(
        _("%(reference)s: our letter"), "reply_letter", with_letter=True, invites=lambda visit: visit.status == VisitStatus.APPROVED
    ),
    MessageKind.GUEST_ACTED: MailTemplate(_("%(reference)s: news from the guest"), "guest_acted", STAFF, to_staff=True),
    MessageKind.DRAFT: MailTemplate(_("Go on with your request for a study visit"), "draft", (*ANY, "draft_link", "draft_days")),
    MessageKind.REMINDER_LETTER: MailTemplate(_("%(reference)s: please send the letter"), "reminder_letter", (*GUEST, "letter_due")),
    MessageKind.REMINDER_DELEGATES: MailTemplate(_("%(reference)s: please name your delegates"), "reminder_delegates"),
    MessageKind.REMINDER_VISIT: MailTemplate(_("%(reference)s: the programme of your visit"), "reminder_visit", (*GUEST, "agenda")),
    MessageKind.REMINDER_ARRIVAL: MailTemplate(
        _("%(reference)s: see you soon"),
        "reminder_arrival",
        variants={"online": Variant(_("for an online session"), "reminder_arrival_online", _is_online)},
    ),
    MessageKind.SPEAKER_ARRIVAL: MailTemplate(_("%(reference)s: we expect you"), "speaker_arrival", SPEAKER, about=_speaker),
    MessageKind.HOST_ARRIVAL: MailTemplate(_("%(reference)s: guests arrive"), "host_arrival", STAFF, to_staff=True),
    MessageKind.PROMISE_DUE: MailTemplate(_("%(reference)s: the promised answer is due"), "promise_due", STAFF, to_staff=True),
    MessageKind.NOT_CLOSED: MailTemplate(_("%(reference)s: please close the visit"), "not_closed", STAFF, to_staff=True),
    MessageKind.DECLINED: MailTemplate(_("%(reference)s: we cannot receive you"), "declined"),
    MessageKind.EXPIRED: MailTemplate(_("%(reference)s: your request has expired"), "expired"),
    MessageKind.CANCELLED: MailTemplate(
        _("%(reference)s: the visit is cancelled"),
        "cancelled",
        variants={"by_guest": Variant(_("the guest cancelled"), "cancelled_by_guest", _was_cancelled_by_guest)},
        withdraws=lambda visit: visit.calendar_sequence > 1,
    ),
    MessageKind.THANKS: MailTemplate(_("%(reference)s: thank you for your visit"), "thanks", (*GUEST, "pack_days")),
    MessageKind.CERTIFICATES: MailTemplate(_("%(reference)s: your certificates are ready"), "certificates", (*GUEST, "pack_days")),
    MessageKind.SURVEY: MailTemplate(_("%(reference)s: how was the visit?"), "survey", (*GUEST, "survey_link")),
    MessageKind.FOLLOW_UP: MailTemplate(_("%(reference)s: what became of it?"), "follow_up", (*GUEST, "follow_up_link")),
    MessageKind.FOLLOW_UP_AGAIN: MailTemplate(
        _("%(reference)s: please tell us what became of it"), "follow_up_again", (*GUEST, "follow_up_link")
    ),
    MessageKind.SPEAKER_INVITATION: MailTemplate(
        _("%(reference)s: please speak to our guests"), "speaker_invitation", SPEAKER, about=_speaker, speaker_event=Method.REQUEST
    ),
    MessageKind.SPEAKER_REMINDER: MailTemplate(
        _("%(reference)s: please answer our invitation"), "speaker_reminder", SPEAKER, about=_speaker
    ),
    MessageKind.SPEAKER_MOVED: MailTemplate(
        _("%(reference)s: the visit has another date"), "speaker_moved", SPEAKER, about=_speaker, speaker_event=Method.REQUEST
    ),
    MessageKind.SPEAKER_CHANGED: MailTemplate(
        _("%(reference)s: time or place of your item has changed"), "speaker_changed", SPEAKER, about=_speaker, speaker_event=Method.REQUEST
    ),
    MessageKind.SPEAKER_CANCELLED: MailTemplate(
        _("%(reference)s: you need not come"),
        "speaker_cancelled",
        SPEAKER,
        {"visit_off": Variant(_("the visit does not take place"), "speaker_visit_off", _is_off)},
        about=_speaker,
        speaker_event=Method.CANCEL,
    ),
    MessageKind.DATA_CONFIRM: MailTemplate(_("Please confirm your request about your data"), "data_confirm", DATA),
    MessageKind.DATA_REQUEST: MailTemplate(
        _("A request about personal data waits for an answer"),
        "data_request",
        (*ANY, "request_kind", "request_due", "desk_link"),
        to_staff=True,
    ),
    MessageKind.DATA_ANSWER: MailTemplate(_("Answer to your request about your data"), "data_answer", DATA),
    MessageKind.SPEAKER_ANSWERED: MailTemplate(_("%(reference)s: news from a speaker"), "guest_acted", STAFF, to_staff=True),
    MessageKind.CORRECTED: MailTemplate(_("%(reference)s: the list of your delegates was corrected"), "corrected"),
    MessageKind.TASK: MailTemplate(_("%(reference)s: a task of preparation"), "task", TASK, TASK_VARIANTS, about=_task),
    MessageKind.TASK_REMINDER: MailTemplate(
        _("%(reference)s: reminder of a task of preparation"), "task", TASK, TASK_VARIANTS, about=_task
    ),
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
