"""Builds the mail for a row of the outbox when it is sent, in the guest's language."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.encoders import encode_base64

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from knowledge_hub.ical.events import Method
from knowledge_hub.models.contact import how_to_reach_us
from visits.calendars import events
from visits.domain import agenda, data_requests, drafts, outbox, preparation, replies, speakers, tokens
from visits.domain.place import Place, place_of
from visits.enums import FREES_SEATS, MessageKind, VisitStatus
from visits.models import OfficeSettings, OutboundMessage, PreparationTask, Proposal, Resource, SavedDraft, Visit, VisitSlot
from visits.models.privacy import CLOCK

HEAVIEST_ATTACHMENT = 5 * 1024 * 1024


@dataclass(frozen=True)
class MailTemplate:
    """Everything about a kind of mail.

    Attributes:
        template: file name in templates/visits/mail, without its extension.
        to_staff: goes to staff, in the site's language and without a secret link.
        invites: whether the calendar's invitation is attached.
        withdraws: whether the invitation is withdrawn from the calendar.
        with_letter: whether the signed reply letter is attached.
        adds: more values for the template.
        about: for mails to others than guest and staff: values of the row that the mail is about. Such mails are in the site's language
            and hold no link of the guest.
        speaker_event: what the calendar file of a speaker asks for, for mails about an invitation of a speaker.
    """

    subject: str
    template: str
    to_staff: bool = False
    invites: Callable[[Visit], bool] = lambda visit: False
    withdraws: Callable[[Visit], bool] = lambda visit: False
    with_letter: bool = False
    adds: Callable[[Visit, Proposal | None], dict] = lambda visit, proposal: {}
    about: Callable[[OutboundMessage, Visit], dict] | None = None
    speaker_event: Method | None = None


def _task(message: OutboundMessage, visit: Visit) -> dict:
    """The task of preparation with its day and link; without a task the mail says that nothing has to be done any more."""
    task = PreparationTask.objects.filter(pk=outbox.key_of(message), email=message.recipient).first()
    if task is None or not preparation.is_being_prepared(visit):
        return {"task": None, "title": message.note}
    return {"task": task, "title": task.title, "due": preparation.due_on(task, visit), "task_link": preparation.link_of(task)}


def _speaker(message: OutboundMessage, visit: Visit) -> dict:
    """The invitation of a speaker, with time and room of the item, and the link."""
    invitation = speakers.invitation_about(message)
    if invitation is None:
        return {"is_off": visit.status in FREES_SEATS}
    row = next((row for row in agenda.agenda_of(visit) if row.item.pk == invitation.item_id), None)
    return {"invitation": invitation, "row": row, "is_off": visit.status in FREES_SEATS, "speaker_link": speakers.link_of(invitation)}


MAIL_TEMPLATES = {
    MessageKind.CONFIRM: MailTemplate(
        _("Confirm your request for a study visit"), "confirm", adds=lambda visit, proposal: {"confirm_link": confirm_link(visit)}
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


def link(path: str) -> str:
    """The full URL of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def status_link(visit: Visit) -> str:
    """The guest's secret link to the status page, in the active language."""
    return link(reverse("visits:status", args=[tokens.token_for(visit, tokens.STATUS)]))


def confirm_link(visit: Visit) -> str:
    """The secret link with which the guest confirms the mail address."""
    return link(reverse("visits:confirm", args=[tokens.token_for(visit, tokens.CONFIRM)]))


def draft_link(draft: SavedDraft) -> str:
    """The secret link with which a guest resumes a saved request."""
    return link(reverse("visits:resume", args=[tokens.draft_token(draft)]))


def render(
    message: OutboundMessage, *, visit: Visit | None = None, proposal: Proposal | None = None, place: Place | None = None
) -> EmailMultiAlternatives:
    """The mail for an outbox row, with the current data of the visit or saved request.

    For a preview, ``visit``, ``proposal`` and ``place`` replace the saved ones.

    The calendar is included twice with the same bytes, as the last alternative and as an attachment, because some mail programs
    read only one of them. The Message-ID is fixed, so that mail programs show a mail that was sent twice only once.
    """
    if message.data_request_id:
        return _about_data(message)
    if message.draft_id:
        with override(message.draft.language):
            return _compose(message, "", {"draft_link": draft_link(message.draft), "draft_days": drafts.KEPT_FOR.days})
    visit = visit or Visit.objects.select_related("programme", "slot", "region__parent").get(pk=message.visit_id)
    template = MAIL_TEMPLATES[MessageKind(message.kind)]
    with override(settings.LANGUAGE_CODE if template.to_staff or template.about else visit.language):
        context = {
            "visit": visit,
            "note": message.note,
            "place": place or place_of(visit),
            "rules_link": link(reverse("visits:rules")),
            "book_link": link(reverse("visits:book")),
            "rights_page": link(reverse("visits:rights")),
        }
        if template.to_staff:
            context["desk_link"] = link(reverse("visits_staff:inspect", args=[visit.pk]))
        elif template.about:
            context |= template.about(message, visit)
        else:
            context |= {"status_link": status_link(visit), **template.adds(visit, proposal)}
        mail = _compose(message, visit.reference or "", context)
    if template.with_letter:
        _attach_letter(mail, visit)
    if template.speaker_event:
        _attach_speaker_event(mail, message, visit, template.speaker_event)
    elif template.invites(visit):
        _attach_calendar(mail, events.invitation(visit), "REQUEST")
    elif template.withdraws(visit):
        _attach_calendar(mail, events.withdrawal(visit), "CANCEL")
    return mail


def _about_data(message: OutboundMessage) -> EmailMultiAlternatives:
    """A mail about a request of a person about own data: to the person, or to staff."""
    request = message.data_request
    is_to_staff = MAIL_TEMPLATES[MessageKind(message.kind)].to_staff
    with override(settings.LANGUAGE_CODE if is_to_staff else request.language):
        context = {"request": request, "hours": int(CLOCK.total_seconds() // 3600), "days": data_requests.DOWNLOAD_FOR.days}
        if is_to_staff:
            context["desk_link"] = link(reverse("visits_rights:answer", args=[request.pk]))
        else:
            context["rights_link"] = link(reverse("visits:data_request", args=[tokens.link_token(request, data_requests.PURPOSE)]))
        return _compose(message, "", context)


class Mail(EmailMultiAlternatives):
    """A mail whose calendar part is in base64, because mail servers that rewrap lines or change line ends break its folding."""

    def message(self):
        """The message as it leaves."""
        message = super().message()
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                content = part.get_payload(decode=True)
                del part["Content-Transfer-Encoding"]
                part.set_payload(content)
                encode_base64(part)
        return message


def _compose(message: OutboundMessage, reference: str, context: dict) -> EmailMultiAlternatives:
    template = MAIL_TEMPLATES[MessageKind(message.kind)]
    context |= {"site_name": settings.WAGTAIL_SITE_NAME, "contact": how_to_reach_us()}
    subject = " ".join((str(template.subject) % {"reference": reference}).split())
    text = render_to_string(f"visits/mail/{template.template}.txt", context).strip() + "\n"
    html = render_to_string("visits/mail/layout.html", {**context, "subject": subject, "paragraphs": paragraphs(text)})
    mail = Mail(
        subject=subject,
        body=text,
        from_email=f'"{settings.WAGTAIL_SITE_NAME}" <{settings.DEFAULT_FROM_EMAIL}>',
        to=[message.recipient],
        headers={
            "Message-ID": f"<{message.message_key}@{settings.SITE_HOST.split(':')[0]}>",
            # RFC 3834: prevents automatic replies.
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the HTML part: text, or a ``link`` to this site, which becomes a button."""

    text: str
    link: str = ""


def paragraphs(text: str) -> list[Paragraph]:
    """Split a text at empty lines. Links to other sites stay text, so that no mail shows them as buttons of this site."""
    blocks = [block.strip() for block in text.split("\n\n")]
    return [Paragraph(block, block if _is_our_link(block) else "") for block in blocks if block]


def _is_our_link(block: str) -> bool:
    return block.startswith(f"{settings.SITE_URL}/") and len(block.split()) == 1


def _attach_letter(mail: EmailMultiAlternatives, visit: Visit) -> None:
    """Attach the current signed letter; a scan that is too large for mail is available on the visit's page only."""
    reply = replies.signed_reply(visit)
    if reply and reply.signed_file.storage.exists(reply.signed_file.name) and reply.signed_file.size <= HEAVIEST_ATTACHMENT:
        with reply.signed_file.open("rb") as file:
            mail.attach(f"{reply.number}.pdf".replace("/", "-"), file.read(), "application/pdf")


def _attach_speaker_event(mail: EmailMultiAlternatives, message: OutboundMessage, visit: Visit, method: Method) -> None:
    """Attach the event unless the invitation has ended meanwhile, so that no calendar shows what is called off."""
    invitation = speakers.invitation_about(message)
    states = (speakers.State.WITHDRAWN,) if method is Method.CANCEL else agenda.VALID
    if invitation and visit.slot and invitation.state in states:
        with override(settings.LANGUAGE_CODE):
            _attach_calendar(mail, events.speaker_calendar(invitation, visit, method), method)


def _attach_calendar(mail: EmailMultiAlternatives, content: bytes, method: str) -> None:
    mail.attach_alternative(content.decode(), f"text/calendar; method={method}")
    # As bytes, because Django would encode non-ASCII text with a wrong charset here.
    mail.attach("kunjungan.ics", content, "application/ics")


@dataclass(frozen=True)
class MailPreview:
    """A mail as shown to staff before it is sent."""

    recipient: str
    subject: str
    text: str


def preview(
    visit: Visit,
    kind: MessageKind,
    *,
    note: str,
    slot: VisitSlot | None = None,
    proposal: Proposal | None = None,
    rooms: list[Resource] | None = None,
    details: Mapping[str, str] | None = None,
) -> MailPreview | None:
    """A mail that is neither sent nor saved, without the guest's secret link. None if the visit has no mail address.

    Args:
        visit: the visit.
        kind: kind of the mail.
        note: message of the sender.
        slot: the session that the visit would get.
        proposal: the date that would be proposed.
        rooms: those that the visit would get; the ones that it has if None.
        details: what staff typed about the place.
    """
    if not visit.contact_email or not visit.programme_id:
        return None
    shown = copy.copy(visit)
    if slot is not None:
        shown.slot = slot
    for name, value in (details or {}).items():
        setattr(shown, name, value)
    with override(visit.language):
        place = place_of(shown, rooms=rooms)
    message = OutboundMessage(visit=shown, kind=kind, recipient=visit.contact_email, note=note.strip())
    mail = render(message, visit=shown, proposal=proposal, place=place)
    with override(visit.language):
        secret = status_link(visit)
    return MailPreview(visit.contact_email, mail.subject, mail.body.replace(secret, gettext("[the guest's secret link]")))
