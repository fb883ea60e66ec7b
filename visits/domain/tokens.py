"""Tokens of secret links. They are computed from the site's signing key and the row's nonce, so that a mail can be written when it is
sent. The database holds only their hashes, so that a copy of it opens no page. A link that was made with an older key stays as it is
until ``manage.py rotate_keys --renew-links``.
"""

import base64
import hashlib
import secrets
from typing import TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from knowledge_hub.core import keys
from visits.models import SavedDraft, Visit
from visits.models.secret_link import SecretLink

Row = TypeVar("Row", bound=SecretLink)

Linked = Visit | SavedDraft | SecretLink

STATUS = "status"
CONFIRM = "confirm"
DRAFT = "draft"


_NONCE_PREFIX = "~"
"""Marks nonces whose tokens do not depend on the visit's primary key, so that they exist before the visit is saved. Tokens of older
visits depend on it; their links are in mails."""


def new_nonce() -> str:
    """A random text from which a visit's tokens are computed; a new one makes all earlier links of the visit invalid."""
    return _NONCE_PREFIX + secrets.token_urlsafe(24)


def token_for(visit: Visit, purpose: str) -> str:
    """The visit's token for a purpose (256 bits, safe in a URL).

    Raises:
        WrongKey: it was made with a key that the site does not have.
    """
    return _known(visit, purpose)[1]


def draft_token(draft: SavedDraft) -> str:
    """The token that opens a draft (256 bits, safe in a URL). Raises WrongKey."""
    return _known(draft, DRAFT)[1]


def hash_of(token: str) -> str:
    """The hash that the database holds for a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def make_tokens(visit: Visit) -> None:
    """Give a visit new tokens; its row is not saved."""
    visit.token_nonce = new_nonce()
    renew_links(visit)


def renew_links(visit: Visit) -> None:
    """Make the visit's links with the present key; its row is not saved."""
    visit.token_hash = hash_of(_make(visit, STATUS, settings.SIGNING_KEY))
    visit.confirm_hash = hash_of(_make(visit, CONFIRM, settings.SIGNING_KEY))


def renew_link(row: SavedDraft | SecretLink, purpose: str) -> None:
    """Make the link of a row that has a nonce with the present key; the row is not saved."""
    row.token_hash = hash_of(_make(row, purpose, settings.SIGNING_KEY))


def assign_tokens(visit: Visit) -> None:
    """Give a saved visit new tokens and save their hashes."""
    make_tokens(visit)
    visit.save(update_fields=["token_nonce", "token_hash", "confirm_hash"])


def visit_by_token(token: str, purpose: str) -> Visit | None:
    """The visit that a token opens, or None."""
    field = "confirm_hash" if purpose == CONFIRM else "token_hash"
    return Visit.objects.select_related("programme", "slot", "region__parent").filter(**{field: hash_of(token)}).first()


_LINK_BYTES = 15
"""120 bits: 24 characters in base 32, without padding."""


def give_link(row: SecretLink, purpose: str) -> None:
    """Give a row a new secret link, which makes an earlier one invalid; the row is not saved."""
    row.token_nonce = secrets.token_urlsafe(24)
    renew_link(row, purpose)


def link_token(row: SecretLink, purpose: str) -> str:
    """The token of a row that has a link: 24 upper-case letters and digits, short enough for a QR code.

    ``purpose`` is the one that was given to give_link(). Raises WrongKey.
    """
    return _known(row, purpose)[1]


def row_by_token(rows: QuerySet[Row], token: str) -> Row | None:
    """The row among ``rows`` that a token of link_token() opens, in upper or lower case; None if there is none."""
    return rows.filter(token_hash=hash_of(token.upper())).first()


def key_of(row: Linked, purpose: str) -> str:
    """The key that the link of a row was made with. Raises WrongKey if it is none of the site's keys."""
    return _known(row, purpose)[0]


def _known(row: Linked, purpose: str) -> tuple[str, str]:
    """Key and token of the link whose hash is stored: the present key or an older one. Raises WrongKey."""
    known = row.confirm_hash if isinstance(row, Visit) and purpose == CONFIRM else row.token_hash
    for key in keys.signing_keys():
        if hash_of(token := _make(row, purpose, key)) == known:
            return key, token
    raise keys.wrong_signing_key()


def _make(row: Linked, purpose: str, key: str) -> str:
    nonce = row.token_nonce
    if isinstance(row, SavedDraft) or (isinstance(row, Visit) and not nonce.startswith(_NONCE_PREFIX)):
        nonce = f"{row.pk}.{nonce}"
    digest = salted_hmac(f"visits.{purpose}", nonce, key, algorithm="sha256")
    return base64.b32encode(digest.digest()[:_LINK_BYTES]).decode() if isinstance(row, SecretLink) else digest.hexdigest()
