"""Tokens of secret links. They are computed from the site's secret key and the row's nonce, so that a mail can be written when it is
sent. The database holds only their hashes, so that a copy of it opens no page.
"""

import base64
import hashlib
import secrets
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from visits.models import SavedDraft, Visit
from visits.models.secret_link import SecretLink

Row = TypeVar("Row", bound=SecretLink)

STATUS = "status"
CONFIRM = "confirm"


_NONCE_PREFIX = "~"
"""Marks nonces whose tokens do not depend on the visit's primary key, so that they exist before the visit is saved. Tokens of older
visits depend on it; their links are in mails."""


def new_nonce() -> str:
    """A random text from which a visit's tokens are computed; a new one makes all earlier links of the visit invalid."""
    return _NONCE_PREFIX + secrets.token_urlsafe(24)


def token_for(visit: Visit, purpose: str) -> str:
    """The visit's token for a purpose (256 bits, safe in a URL)."""
    nonce = visit.token_nonce if visit.token_nonce.startswith(_NONCE_PREFIX) else f"{visit.pk}.{visit.token_nonce}"
    return salted_hmac(f"visits.{purpose}", nonce, algorithm="sha256").hexdigest()


def draft_token(draft: SavedDraft) -> str:
    """The token that opens a draft (256 bits, safe in a URL)."""
    return salted_hmac("visits.draft", f"{draft.pk}.{draft.token_nonce}", algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """The hash that the database holds for a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def make_tokens(visit: Visit) -> None:
    """Give a visit new tokens; its row is not saved."""
    visit.token_nonce = new_nonce()
    visit.token_hash = hash_of(token_for(visit, STATUS))
    visit.confirm_hash = hash_of(token_for(visit, CONFIRM))


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
    row.token_hash = hash_of(link_token(row, purpose))


def link_token(row: SecretLink, purpose: str) -> str:
    """The token of a row that has a link: 24 upper-case letters and digits, short enough for a QR code.

    ``purpose`` is the one that was given to give_link().
    """
    digest = salted_hmac(f"visits.{purpose}", row.token_nonce, algorithm="sha256").digest()
    return base64.b32encode(digest[:_LINK_BYTES]).decode()


def row_by_token(rows: QuerySet[Row], token: str) -> Row | None:
    """The row among ``rows`` that a token of link_token() opens, in upper or lower case; None if there is none."""
    return rows.filter(token_hash=hash_of(token.upper())).first()
