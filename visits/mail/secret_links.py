"""Secret links in mails. The outbox holds a mark in place of each, so that a copy of the database opens no page, and a mail that waits
leaves with the link that works then.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from visits.domain import data_requests, outbox, preparation, speakers, tokens
from visits.models import OutboundMessage, PreparationTask, SavedDraft, Visit


class LinkGone(Exception):
    """The page of a link does not exist any more, or is no longer the recipient's."""


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


def _guests_visit(message: OutboundMessage) -> Visit:
    """The visit of a mail to its contact person. Raises LinkGone if that is somebody else now."""
    visit = message.visit
    if visit is None or visit.contact_email.casefold() != message.recipient.casefold():
        raise LinkGone
    return visit


def _page_of_visit(name: str) -> Callable[[OutboundMessage], str]:
    """A page below the status page of the visit."""
    return lambda message: link(reverse(f"visits:{name}", args=[tokens.token_for(_guests_visit(message), tokens.STATUS)]))


def _task(message: OutboundMessage) -> str:
    task = PreparationTask.objects.filter(pk=outbox.key_of(message), email=message.recipient).first()
    if task is None:
        raise LinkGone
    return preparation.link_of(task)


def _speaker(message: OutboundMessage) -> str:
    invitation = speakers.invitation_about(message)
    if invitation is None or invitation.email != message.recipient:
        raise LinkGone
    return speakers.link_of(invitation)


def _draft(message: OutboundMessage) -> str:
    if message.draft is None:
        raise LinkGone
    return draft_link(message.draft)


def _data_request(message: OutboundMessage) -> str:
    if message.data_request is None:
        raise LinkGone
    return link(reverse("visits:data_request", args=[tokens.link_token(message.data_request, data_requests.PURPOSE)]))


_LINKS: dict[str, "SecretLink"] = {}


@dataclass(frozen=True)
class SecretLink:
    """A kind of secret link.

    Attributes:
        name: in the mark.
        make: the address for a mail, in the active language; raises LinkGone, WrongKey.
    """

    name: str
    make: Callable[[OutboundMessage], str]

    def __post_init__(self):
        _LINKS[self.name] = self

    @property
    def mark(self) -> str:
        """What stands in a text in place of the link: private characters, which no keyboard types."""
        return f"\ue000{self.name}\ue001"


STATUS = SecretLink("status", lambda message: status_link(_guests_visit(message)))
CONFIRM = SecretLink("confirm", lambda message: confirm_link(_guests_visit(message)))
SURVEY = SecretLink("survey", _page_of_visit("survey"))
FOLLOW_UP = SecretLink("follow_up", _page_of_visit("follow_up"))
TASK = SecretLink("task", _task)
SPEAKER = SecretLink("speaker", _speaker)
DRAFT = SecretLink("draft", _draft)
DATA_REQUEST = SecretLink("data_request", _data_request)

_MARK = re.compile("\ue000([a-z_]+)\ue001")


def fill(text: str, message: OutboundMessage) -> str:
    """The text with links in place of the marks, in the active language.

    Raises:
        LinkGone: the recipient may not have a link any more.
        WrongKey: a link was made with a key that the site does not have.
    """
    return _MARK.sub(lambda found: _LINKS[found[1]].make(message), text)


def masked(text: str) -> str:
    """The text as staff see it, in the active language: it says where a secret link stands."""
    return _MARK.sub(gettext("[secret link]"), text)
