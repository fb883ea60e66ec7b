"""Mail that arrived: what staff do with it, and what an attendee's answer from a calendar changes.

visits/mail/inbox.py reads mail and decides what it is. An address in a mail proves nothing, because anybody can write it there. An answer
counts as a person's own only if it comes from the address to which we wrote and carries something that only this mail has told: its
Message-ID or the UID of the event in it, both of them random.
"""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import speakers
from visits.domain.errors import Refused
from visits.enums import AnswerKind
from visits.models import InboundMessage, SpeakerInvitation, Visit

State = InboundMessage.State

KEPT_FOR = dt.timedelta(days=180)
"""A mail that belongs to no visit is deleted after this time."""


def not_assigned() -> QuerySet[InboundMessage]:
    """Mail that waits for staff and belongs to no visit yet, oldest first."""
    return InboundMessage.objects.filter(visit=None, state=State.OPEN).order_by("read_at", "pk")


def possible_visit(mail: InboundMessage) -> Visit | None:
    """The visit that a mail may be about: named in its subject, or the newest one of the sender. Only proposed to staff."""
    for word in mail.subject.replace(":", " ").split():
        if visit := Visit.objects.filter(reference__iexact=word.strip("[]().,")).first():
            return visit
    return Visit.objects.filter(contact_email__iexact=mail.sender).order_by("-pk").first() if mail.sender else None


@transaction.atomic
def assign(mail: InboundMessage, reference: str, *, by: User) -> Visit:
    """File a mail with a visit, where it still has to be looked at; returns the visit.

    Raises:
        Refused: no visit has this reference, or somebody else filed the mail meanwhile.
    """
    visit = Visit.objects.filter(reference__iexact=reference.strip()).first()
    if visit is None:
        raise Refused(_("No visit has the reference “%(reference)s”.") % {"reference": reference.strip()[:40]})
    if not InboundMessage.objects.filter(pk=mail.pk, visit=None).update(visit=visit):
        raise Refused(_("Somebody else filed this mail meanwhile."))
    log(instance=visit, action="visits.mail_filed", user=by, data={"kind": mail.kind})
    return visit


@transaction.atomic
def settle(mail: InboundMessage, *, by: User) -> None:
    """Note that somebody looked at a mail; pressing twice does nothing."""
    changed = InboundMessage.objects.filter(pk=mail.pk, state=State.OPEN).update(state=State.DONE)
    if changed and mail.visit:
        log(instance=mail.visit, action="visits.mail_settled", user=by, data={"kind": mail.kind})


def answer_as_speaker(invitation: SpeakerInvitation, kind: AnswerKind, sequence: int, words: str) -> str:
    """Accept or decline for a speaker who answered from a calendar; returns what staff have to know if it does not count, or nothing.

    Args:
        invitation: the one that is answered; the caller knows that the answer is the speaker's own.
        kind: only ACCEPTED and DECLINED change something.
        sequence: number of the calendar file that was answered.
        words: the reason, if the speaker gave one.
    """
    if sequence < invitation.calendar_sequence:
        return _("It answers an earlier date or place. Ask the speaker again.")
    try:
        if kind == AnswerKind.ACCEPTED:
            speakers.accept(invitation, biography=invitation.biography)
        else:
            speakers.decline(invitation, reason=words or _("Declined in the calendar"))
    except Refused as refusal:
        return str(refusal)
    return ""


def delete_old(now: dt.datetime | None = None) -> int:
    """Delete mail that belongs to no visit after KEPT_FOR; returns how many."""
    count, _models = InboundMessage.objects.filter(visit=None, read_at__lt=(now or timezone.now()) - KEPT_FOR).delete()
    return count
