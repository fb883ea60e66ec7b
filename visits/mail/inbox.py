"""Files mail that arrived: tells answers from calendars, mail that came back, automatic answers and words of people apart.

Each message is filed in one transaction with all that it changes, and known by its key, so a reader that is killed loses and doubles
nothing. What is not certain changes nothing and waits for staff.
"""

import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from knowledge_hub.core.mailbox import imap, message
from knowledge_hub.core.mailbox.message import ReceivedMail
from knowledge_hub.ical.events import CalendarUnreadable
from knowledge_hub.ical.replies import Reply, read_reply
from visits.domain import answers, conversation, outbox
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.errors import Refused
from visits.enums import AnswerKind, MailProblem
from visits.mail.messages import MAIL_TEMPLATES
from visits.models import InboundMessage, MailboxReading, OutboundMessage, SpeakerInvitation, Visit, VisitMessage

logger = logging.getLogger(__name__)

State = InboundMessage.State

PARTSTATS = {
    "ACCEPTED": AnswerKind.ACCEPTED,
    "DECLINED": AnswerKind.DECLINED,
    "TENTATIVE": AnswerKind.TENTATIVE,
    "DELEGATED": AnswerKind.DELEGATED,
}


@dataclass
class Found:
    """A mail with all that is known of it.

    Attributes:
        mail: what was read.
        sent: our mail that it refers to by Message-ID.
        reply: its answer from a calendar.
    """

    mail: ReceivedMail
    sent: OutboundMessage | None
    reply: Reply | None

    @cached_property
    def invitation(self) -> SpeakerInvitation | None:
        """The invitation of a speaker that it answers, known by the UID of the event or by our mail."""
        rows = SpeakerInvitation.objects.select_related("item__visit", "speaker")
        if self.reply and (found := rows.filter(calendar_uid=self.reply.uid).first()):
            return found
        is_about_one = self.sent and MAIL_TEMPLATES[self.sent.kind].speaker_event
        return rows.filter(pk=outbox.key_of(self.sent)).first() if self.sent and is_about_one else None

    @cached_property
    def visit(self) -> Visit | None:
        """The visit that it is about."""
        if self.invitation:
            return self.invitation.item.visit
        if self.sent:
            return self.sent.visit
        return Visit.objects.filter(calendar_uid=self.reply.uid).first() if self.reply else None

    @property
    def is_from_recipient(self) -> bool:
        """Whether it answers our mail from the address to which we sent it."""
        return bool(self.sent and self.mail.sender and self.sent.recipient.lower() == self.mail.sender)

    @property
    def is_from_staff(self) -> bool:
        """Whether it answers a mail to staff."""
        return bool(self.sent and MAIL_TEMPLATES[self.sent.kind].to_staff)


@dataclass(frozen=True)
class Filed:
    """What becomes of a mail: whether staff have to look at it, and what they are told about it."""

    state: State
    remark: str = ""
    turn: VisitMessage | None = None
    news: object = None


def read_mailbox(*, now=None) -> int:
    """File what is in the mailbox of the settings; returns how many messages, 0 if there is none.

    Raises:
        Unreachable: the mailbox cannot be read; the row of MailboxReading says so too.
        ExceptionGroup: some messages could not be filed.
    """
    if not settings.INBOX_URL:
        return 0
    now = now or timezone.now()
    reading, _created = MailboxReading.objects.get_or_create(pk=1)
    try:
        count = imap.read(imap.account_of(settings.INBOX_URL), file)
    except imap.Unreachable as error:
        reading.failing_since, reading.error = reading.failing_since or now, str(error)[:300]
        reading.save()
        raise
    reading.read_at, reading.failing_since, reading.error = now, None, ""
    reading.save()
    return count


@transaction.atomic
def file(content: bytes) -> InboundMessage | None:
    """File one message in RFC 5322 format; None if it was filed before."""
    mail = message.read(content)
    row, is_new = InboundMessage.objects.get_or_create(
        key=mail.key,
        defaults={
            "kind": AnswerKind.MESSAGE,
            "state": State.OPEN,
            "sender": mail.sender,
            "subject": mail.subject,
            "text": mail.text,
            "files": list(mail.files),
        },
    )
    if not is_new:
        return None
    found = Found(mail, _sent(mail), _reply(mail))
    with override(settings.LANGUAGE_CODE):
        row.kind = _kind(found)
        filed = HANDLERS[row.kind](found)
    row.visit, row.answers, row.state = found.visit, found.sent, filed.state
    row.remark, row.turn = filed.remark[:500], filed.turn
    if filed.turn:
        row.text = ""
    row.save()
    if filed.news and found.visit and not found.is_from_staff:
        outbox.notify_staff(found.visit, filed.news, pause=outbox.PAUSE_BETWEEN_NEWS)
    # Neither sender nor subject: they are personal data.
    logger.info("Mail %s filed: %s, %s", row.pk, row.kind, row.state)
    return row


def _sent(mail: ReceivedMail) -> OutboundMessage | None:
    """Our mail that a message refers to by Message-ID, the nearest one."""
    ours = re.compile(rf"<([0-9a-f-]{{36}})@{re.escape(settings.SITE_HOST.split(':')[0])}>", re.IGNORECASE)
    named = [match[1] for name in (*mail.answered, *(mail.returned if mail.report else ())) if (match := ours.fullmatch(name))]
    keys = [uuid.UUID(key) for key in named if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key, re.IGNORECASE)]
    rows = {row.message_key: row for row in OutboundMessage.objects.select_related("visit").filter(message_key__in=keys)}
    return next((rows[key] for key in reversed(keys) if key in rows), None)


def _reply(mail: ReceivedMail) -> Reply | None:
    for content in mail.calendars:
        try:
            if reply := read_reply(content):
                return reply
        except CalendarUnreadable:
            continue  # The mail is shown to staff as a message.
    return None


def _kind(found: Found) -> AnswerKind:
    if found.mail.report:
        kinds = {"failed": AnswerKind.BOUNCE, "delayed": AnswerKind.DELAYED}
        return kinds.get(found.mail.report.action, AnswerKind.AUTOMATIC)
    if found.reply and found.reply.is_counter:
        return AnswerKind.COUNTER
    if found.reply and found.reply.answer in PARTSTATS:
        return PARTSTATS[found.reply.answer]
    return AnswerKind.AUTOMATIC if found.mail.is_automatic else AnswerKind.MESSAGE


def _came_back(found: Found) -> Filed:
    report = found.mail.report
    words = " ".join(filter(None, (report.status, report.diagnostic))) if report else ""
    if found.sent:
        outbox.came_back(found.sent, words)
    remark = MailProblem.CAME_BACK.label if found.sent else ""
    return Filed(State.OPEN, "\n".join(filter(None, (str(remark), words))), news=gettext_lazy("A mail of ours came back."))


def _keep(found: Found) -> Filed:
    return Filed(State.DONE)


def _message(found: Found) -> Filed:
    """Words of a person: of the guest into the conversation, of others to be looked at."""
    visit, news = found.visit, gettext_lazy("A mail has arrived that somebody has to look at.")
    if visit is None or found.is_from_staff:
        return Filed(State.OPEN, news=news)
    if not found.is_from_recipient:
        return Filed(State.OPEN, _("Not from the address to which we wrote."), news=news)
    if found.invitation or found.mail.sender != visit.contact_email.lower():
        return Filed(State.OPEN, news=news)
    with override(visit.language):
        files = _("Not kept from the mail: %(files)s. Please upload it by the link to the visit.") % {"files": ", ".join(found.mail.files)}
    if not found.mail.text:
        return Filed(State.OPEN, news=news)
    words = "\n\n".join(filter(None, (found.mail.text[: conversation.LONGEST - len(files) - 2], files if found.mail.files else "")))
    try:
        turn = conversation.write(visit, words)
    except Refused as refusal:
        return Filed(State.OPEN, str(refusal), news=news)
    return Filed(State.OPEN if found.mail.files else State.DONE, turn=turn)


def _answered(found: Found) -> Filed:
    """Accepted or declined in a calendar. It counts for a speaker; a guest's visit is never changed by it."""
    news, reply = gettext_lazy("An answer from a calendar has arrived that somebody has to look at."), found.reply
    if reply is None or found.visit is None:
        return Filed(State.OPEN)
    person = found.invitation.email if found.invitation else found.visit.contact_email
    if not person.lower() == found.mail.sender == reply.attendee:
        return Filed(State.OPEN, _("Not from the address to which we wrote."), news=news)
    kind, words = _kind(found), reply.comment or found.mail.text[:500]
    if found.invitation:
        problem = answers.answer_as_speaker(found.invitation, kind, reply.sequence, words)
        return Filed(State.OPEN, problem, news=news) if problem else Filed(State.DONE)
    return Filed(State.DONE) if kind == AnswerKind.ACCEPTED else Filed(State.OPEN, reply.comment, news=news)


def _undecided(found: Found) -> Filed:
    """Perhaps, somebody else, another time: for staff to settle with the person."""
    reply, remarks = found.reply, []
    if reply and reply.delegated_to:
        remarks.append(_("Instead comes: %(address)s") % {"address": reply.delegated_to})
    if reply and reply.starts_at:
        moments = [date_format(each.astimezone(VENUE_ZONE), "SHORT_DATETIME_FORMAT") for each in (reply.starts_at, reply.ends_at) if each]
        remarks.append(_("Proposed time: %(time)s") % {"time": " – ".join(moments)})
    if reply and reply.comment:
        remarks.append(reply.comment)
    return Filed(State.OPEN, "\n".join(remarks), news=gettext_lazy("An answer from a calendar has arrived that somebody has to look at."))


HANDLERS: dict[str, Callable[[Found], Filed]] = {
    AnswerKind.MESSAGE: _message,
    AnswerKind.ACCEPTED: _answered,
    AnswerKind.DECLINED: _answered,
    AnswerKind.TENTATIVE: _undecided,
    AnswerKind.DELEGATED: _undecided,
    AnswerKind.COUNTER: _undecided,
    AnswerKind.BOUNCE: _came_back,
    AnswerKind.DELAYED: _keep,
    AnswerKind.AUTOMATIC: _keep,
}
"""What is done with each kind of mail."""
