"""The mail that an action will send, as the guest will read it."""

import copy
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from visits.enums import MessageKind
from visits.mail import messages
from visits.models import OutboundMessage, Proposal, Visit, VisitSlot


@dataclass(frozen=True)
class MailPreview:
    """What leaves, to whom."""

    recipient: str
    subject: str
    text: str


def preview(
    visit: Visit, kind: MessageKind, *, note: str, slot: VisitSlot | None = None, proposal: Proposal | None = None
) -> MailPreview | None:
    """Write the mail without sending or saving it; the guest's secret link is left out. None where there is no address.

    ``slot`` is the session that the visit would have, ``proposal`` the date that would be proposed.
    """
    if not visit.contact_email or not visit.programme_id:
        return None
    shown = copy.copy(visit)
    if slot is not None:
        shown.slot = slot
    mail = messages.render(
        OutboundMessage(visit=shown, kind=kind, recipient=visit.contact_email, note=note.strip()), visit=shown, proposal=proposal
    )
    with override(visit.language):
        secret = messages.status_link(visit)
    return MailPreview(visit.contact_email, mail.subject, mail.body.replace(secret, _("[the guest's secret link]")))
