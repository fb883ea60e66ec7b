"""Free words between guest and host, in one thread."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.models import User
from visits.domain import outbox
from visits.domain.errors import MoveRefused
from visits.enums import FREES_SEATS, MessageKind, VisitStatus
from visits.models import Visit, VisitMessage


def add_host_message(visit: Visit, text: str, *, author: User | None) -> None:
    """Put the host's words that leave with another mail (an invitation, a new date) into the thread; inside the caller's transaction.

    The guest finds them on the page of the visit, and staff in the one thread, without looking for the mail.
    """
    if text.strip():
        VisitMessage.objects.create(visit=visit, from_guest=False, author=author, text=text.strip())


def can_write(visit: Visit) -> bool:
    """Whether the thread is open: from the confirmed request on, until a visit is called off or refused."""
    return visit.status not in FREES_SEATS | {VisitStatus.UNVERIFIED}


@transaction.atomic
def write(visit: Visit, text: str, *, author: User | None = None, kind: MessageKind = MessageKind.HOST_MESSAGE) -> VisitMessage:
    """Add words to the thread and tell the other side by mail. Without ``author`` they are the guest's.

    ``kind`` is the mail that carries the host's words.

    The same words again right after (a double click) add nothing.

    Raises:
        MoveRefused: there are no words, or the thread is closed.
    """
    text = text.strip()
    if not text:
        raise MoveRefused(_("Write your message first."))
    # Locked, not compared with what the writer saw: writing is no decision, so another change meanwhile does not matter.
    current = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not can_write(current):
        raise MoveRefused(_("This visit is closed. Please write to us by mail."))
    last = current.thread.last()
    if last and last.from_guest == (author is None) and last.text == text:
        return last
    message = VisitMessage.objects.create(visit=current, from_guest=author is None, author=author, text=text)
    if author is None:
        outbox.notify_staff(current, gettext_lazy("The guest wrote a message."))
    else:
        outbox.queue(current, kind, note=text)
    return message
