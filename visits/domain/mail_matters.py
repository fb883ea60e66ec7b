"""Which mails tell a recipient about the same matter, so that a newer one replaces an older one that did not leave."""

from dataclasses import dataclass

from django.db.models import QuerySet

from visits.enums import MessageKind, MessageStatus
from visits.models import OutboundMessage

MAILS_ABOUT_A_ROW = 100
"""The most mails of one kind about one row to one recipient, see outbox.queue_about()."""

_K = MessageKind


@dataclass(frozen=True)
class Matter:
    """What a visit, a speaker's invitation or a task is told by several kinds of mail.

    Attributes:
        name: in English, for the documents.
        tells: mails that say how it stands; a newer one replaces older ones that did not leave.
        reminds: mails that are only replaced.
        first: the mail with which it begins.
        changes: mails about a change. A recipient whom the first one did not reach gets the first one instead, with the change in it.
        is_about_a_row: whether the mails are about a row of the visit.
    """

    name: str
    tells: frozenset[MessageKind]
    reminds: frozenset[MessageKind]
    first: MessageKind | None = None
    changes: frozenset[MessageKind] = frozenset()
    is_about_a_row: bool = False

    def mails(self, visit_id: int | None, recipient: str, sequence: int) -> QuerySet[OutboundMessage]:
        """All mails to a recipient about the matter; ``sequence`` tells the row."""
        found = OutboundMessage.objects.filter(visit=visit_id, recipient=recipient, kind__in=self.tells | self.reminds)
        if not self.is_about_a_row:
            return found
        first = sequence // MAILS_ABOUT_A_ROW * MAILS_ABOUT_A_ROW
        return found.filter(sequence__gte=first, sequence__lt=first + MAILS_ABOUT_A_ROW)


MATTERS = (
    Matter(
        "visit",
        tells=frozenset(
            {
                _K.NEEDS_INFO,
                _K.PROPOSAL,
                _K.PROPOSAL_ENDED,
                _K.INVITATION,
                _K.MOVED,
                _K.PLACE_CHANGED,
                _K.SEATS_GRANTED,
                _K.DECLINED,
                _K.EXPIRED,
                _K.CANCELLED,
            }
        ),
        reminds=frozenset({_K.CONFIRM, _K.REMINDER_LETTER, _K.REMINDER_DELEGATES, _K.REMINDER_VISIT, _K.REMINDER_ARRIVAL}),
        first=_K.INVITATION,
        changes=frozenset({_K.MOVED, _K.PLACE_CHANGED, _K.SEATS_GRANTED}),
    ),
    Matter(
        "speaker",
        tells=frozenset({_K.SPEAKER_INVITATION, _K.SPEAKER_MOVED, _K.SPEAKER_CHANGED, _K.SPEAKER_CANCELLED}),
        reminds=frozenset({_K.SPEAKER_REMINDER, _K.SPEAKER_ARRIVAL}),
        first=_K.SPEAKER_INVITATION,
        changes=frozenset({_K.SPEAKER_MOVED, _K.SPEAKER_CHANGED}),
        is_about_a_row=True,
    ),
    Matter("task", tells=frozenset({_K.TASK}), reminds=frozenset({_K.TASK_REMINDER}), is_about_a_row=True),
)

_MATTER_OF = {kind: matter for matter in MATTERS for kind in matter.tells | matter.reminds}


def matter_of(kind: MessageKind | str) -> Matter | None:
    """The matter that a kind of mail is about; None if every mail of the kind stands for itself."""
    return _MATTER_OF.get(MessageKind(kind))


def newer(message: OutboundMessage) -> QuerySet[OutboundMessage]:
    """Mails that say after ``message``, and instead of it, how its matter stands."""
    matter = matter_of(message.kind)
    if matter is None:
        return OutboundMessage.objects.none()
    mails = matter.mails(message.visit_id, message.recipient, message.sequence)
    return mails.filter(kind__in=matter.tells, pk__gt=message.pk).exclude(status=MessageStatus.RETIRED)
