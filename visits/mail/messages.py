"""Writes the mails of the outbox in the recipient's language, when they are queued, and puts them together when they leave."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from email.encoders import encode_base64

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from knowledge_hub.ical.events import Method, fold, unfold
from visits import signals
from visits.calendars import events
from visits.domain import agenda, replies, speakers
from visits.domain.place import Place, place_of
from visits.enums import MessageKind
from visits.mail import secret_links
from visits.mail import wording as wordings
from visits.mail.kinds import MAIL_TEMPLATES
from visits.mail.placeholders import Values
from visits.mail.secret_links import link
from visits.mail.wording import Wording
from visits.models import OutboundMessage, Proposal, Resource, Visit, VisitSlot

HEAVIEST_ATTACHMENT = 5 * 1024 * 1024

CALENDAR_FILE = "kunjungan.ics"


def write(
    message: OutboundMessage,
    *,
    visit: Visit | None = None,
    proposal: Proposal | None = None,
    place: Place | None = None,
    wording: Wording | None = None,
) -> None:
    """Fill subject, text, language and calendar file of a mail from the data of now; its row is not saved.

    The text has marks in place of secret links. For a preview, ``visit``, ``proposal`` and ``place`` replace the saved ones, and
    ``wording`` the one that mails have now.
    """
    kind = MessageKind(message.kind)
    if not (message.data_request or message.draft):
        visit = visit or Visit.objects.select_related("programme", "slot", "region__parent").get(pk=message.visit_id)
    message.language = language_of(message, visit)
    with override(message.language):
        values = _about_visit(message, visit, proposal, place) if visit else _about_data(message)
        key = wordings.key_for(kind, message.language, values)
        filled = wordings.filled(wording or wordings.current(key), values)
    message.subject, message.text = filled.subject, filled.text
    message.calendar_method, message.calendar = "", ""
    if visit and (found := _calendar(message, visit)):
        message.calendar_method, message.calendar = found[0], unfold(found[1])


def language_of(message: OutboundMessage, visit: Visit | None) -> str:
    """The language of a mail: the guest's, or the site's."""
    template = MAIL_TEMPLATES[MessageKind(message.kind)]
    guest = message.data_request or message.draft or visit
    return settings.LANGUAGE_CODE if template.in_site_language else guest.language


def _about_visit(message: OutboundMessage, visit: Visit, proposal: Proposal | None, place: Place | None) -> Values:
    template = MAIL_TEMPLATES[MessageKind(message.kind)]
    values = {
        "visit": visit,
        "note": message.note,
        "place": place or place_of(visit),
        "desk_link": link(reverse("visits_staff:inspect", args=[visit.pk])),
    }
    if proposal:
        values["proposal"] = proposal
    return values | template.about(message, visit) if template.about else values


def _about_data(message: OutboundMessage) -> Values:
    """For a mail about a request of a person about own data, to the person or to staff, or about a saved request."""
    request = message.data_request_id
    return {"request": message.data_request, "desk_link": link(reverse("visits_rights:answer", args=[request])) if request else ""}


def _calendar(message: OutboundMessage, visit: Visit) -> tuple[Method, bytes] | None:
    """The calendar file of a mail and what it asks for; none if the mail has none."""
    template = MAIL_TEMPLATES[MessageKind(message.kind)]
    if method := template.speaker_event:
        invitation = speakers.invitation_about(message)
        # Nothing for an invitation that has ended, so that no calendar shows what is called off.
        states = (speakers.State.WITHDRAWN,) if method is Method.CANCEL else agenda.VALID
        if invitation is None or visit.slot is None or invitation.state not in states:
            return None
        with override(settings.LANGUAGE_CODE):
            return method, events.speaker_calendar(invitation, visit, method)
    if template.invites and template.invites(visit):
        return Method.REQUEST, events.invitation(visit)
    if template.withdraws and template.withdraws(visit):
        return Method.CANCEL, events.withdrawal(visit)
    return None


def freeze(sender: object, message: OutboundMessage, **kwargs: object) -> None:
    """Receiver of ``text_wanted``: write the mail and save it, in the caller's transaction."""
    write(message)
    written = {name: getattr(message, name) for name in ("subject", "text", "language", "calendar", "calendar_method")}
    # By update(): save() would also look for references to pages.
    OutboundMessage.objects.filter(pk=message.pk).update(**written)


def connect() -> None:
    """Connect to the signals of visits/signals.py; called once when the app is ready."""
    signals.text_wanted.connect(freeze, dispatch_uid="visits.mail.messages.freeze")


def render(message: OutboundMessage) -> EmailMultiAlternatives:
    """The mail for a row of the outbox, as it was written, with its secret links.

    A row without a text, see outbox.queue_first(), is written now. The calendar is included twice with the same bytes, as the last
    alternative and as an attachment, because some mail programs read only one of them. The Message-ID is fixed, so that mail programs show
    a mail that was sent twice only once.

    Raises:
        LinkGone: the recipient may not have a link of the mail any more.
        WrongKey: a link was made with a key that the site does not have.
    """
    if not message.text:
        write(message)
    with override(message.language):
        text = secret_links.fill(message.text, message)
        html = render_to_string(
            "visits/mail/layout.html",
            {"site_name": settings.WAGTAIL_SITE_NAME, "subject": message.subject, "paragraphs": paragraphs(text)},
        )
    mail = Mail(
        subject=message.subject,
        body=text,
        from_email=f'"{settings.WAGTAIL_SITE_NAME}" <{settings.DEFAULT_FROM_EMAIL}>',
        to=[message.recipient],
        reply_to=[settings.REPLY_TO_EMAIL] if settings.REPLY_TO_EMAIL else None,
        headers=_headers(message),
    )
    mail.attach_alternative(html, "text/html")
    if message.visit and MAIL_TEMPLATES[MessageKind(message.kind)].with_letter:
        _attach_letter(mail, message.visit)
    if message.calendar:
        content = fold(message.calendar)
        mail.attach_alternative(content.decode(), f"text/calendar; method={message.calendar_method}")
        # As bytes, because Django would encode non-ASCII text with a wrong charset here.
        mail.attach(CALENDAR_FILE, content, "application/ics")
    return mail


def _headers(message: OutboundMessage) -> dict[str, str]:
    headers = {
        "Message-ID": message_id(message),
        # RFC 3834: prevents automatic replies.
        "Auto-Submitted": "auto-generated",
    }
    if message.visit_id and message.pk:
        earlier = OutboundMessage.objects.filter(
            visit=message.visit_id, recipient=message.recipient, pk__lt=message.pk, sent_at__isnull=False
        )
        if first := earlier.order_by("pk").first():
            # Mail programs show all mails about a visit as one conversation (RFC 5322 section 3.6.4).
            headers |= {"In-Reply-To": message_id(first), "References": message_id(first)}
    return headers


def message_id(message: OutboundMessage) -> str:
    """The Message-ID of a mail (RFC 5322 section 3.6.4)."""
    return f"<{message.message_key}@{settings.SITE_HOST.split(':')[0]}>"


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
    write(message, visit=shown, proposal=proposal, place=place)
    with override(visit.language):
        return MailPreview(visit.contact_email, message.subject, secret_links.masked(message.text))
