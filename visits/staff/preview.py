"""The mail that an action will send, as the guest will read it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from visits.enums import MessageKind
from visits.mail import messages
from visits.models import OutboundMessage, Visit


@dataclass(frozen=True)
class MailPreview:
    """What leaves, to whom."""

    recipient: str
    subject: str
    text: str


def preview(visit: Visit, kind: MessageKind, *, note: str) -> MailPreview | None:
    """Write the mail without sending or saving it; the guest's secret link is left out. None where there is no address."""
    if not visit.contact_email or not visit.slot_id:
        return None
    mail = messages.render(OutboundMessage(visit=visit, kind=kind, recipient=visit.contact_email, note=note.strip()))
    with override(visit.language):
        secret = messages.status_link(visit)
    return MailPreview(visit.contact_email, mail.subject, mail.body.replace(secret, _("[the guest's secret link]")))
