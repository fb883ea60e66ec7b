"""Messages between guest and host, in one thread."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core import rate_limits
from knowledge_hub.models import User
from knowledge_hub.models.contact import how_to_reach_us
from visits.domain import budgets, outbox
from visits.domain.errors import Refused
from visits.enums import FREES_SEATS, MessageKind, VisitStatus
from visits.models import Visit, VisitMessage

LONGEST = 4000
"""Characters of a message."""


def add_host_message(visit: Visit, text: str, *, author: User | None) -> None:
    """Add the host's text of another mail (an invitation, a new date) to the thread; in the caller's transaction.

    So guest and staff find it in the thread, without looking for the mail.
    """
    if text.strip():
        VisitMessage.objects.create(visit=visit, from_guest=False, author=author, text=text.strip())


def can_write(visit: Visit) -> bool:
    """Whether messages can be written: from the confirmed request until the visit is cancelled, declined or expired."""
    return visit.status not in FREES_SEATS | {VisitStatus.UNVERIFIED}


@transaction.atomic
def write(
    visit: Visit, text: str, *, author: User | None = None, kind: MessageKind = MessageKind.HOST_MESSAGE, client: str = ""
) -> VisitMessage:
    """Add a message to the thread and send it to the other side by mail. Without ``author`` it is from the guest.

    The same text again right after (a double click) adds nothing. ``kind`` is the mail that is sent for a message of the host.

    Raises:
        Refused: the text is empty, the thread is closed, or the guest wrote too many messages within an hour.
    """
    text = text.strip()
    if not text:
        raise Refused(_("Write your message first."))
    # The revision is not checked: a message is no decision, so changes since the page was read do not matter.
    current = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not can_write(current):
        raise Refused(_("This visit is closed. Please contact us: %(contact)s") % {"contact": how_to_reach_us()})
    last = current.thread.last()
    if last and last.from_guest == (author is None) and last.text == text:
        return last
    if author is None and not rate_limits.spend(budgets.MESSAGE, client=client, subject=current.pk):
        raise Refused(_("You have written many messages within an hour. Please wait a little; all of them have reached us."))
    message = VisitMessage.objects.create(visit=current, from_guest=author is None, author=author, text=text)
    if author is None:
        outbox.notify_staff(current, gettext_lazy("The guest wrote a message."), pause=outbox.PAUSE_BETWEEN_NEWS)
    else:
        outbox.queue(current, kind, note=text)
    return message
