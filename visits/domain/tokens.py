"""Secret links. A token can be made again from the site's key and the visit's nonce, so mail can be written when it leaves;
the database holds only its hash, so a copy of the database opens nothing.
"""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

from visits.models import SavedDraft, Visit

STATUS = "status"
CONFIRM = "confirm"


_NONCE_PREFIX = "~"
"""Begins a nonce from which tokens are made without the visit's key, so that they are there before the visit's row is. Those of
earlier visits, whose links are in mails already, go with the key."""


def new_nonce() -> str:
    """A random text from which a visit's tokens are made; a new one makes all old links of the visit invalid."""
    return _NONCE_PREFIX + secrets.token_urlsafe(24)


def token_for(visit: Visit, purpose: str) -> str:
    """The visit's token for a purpose (256 bits, safe in an address)."""
    nonce = visit.token_nonce if visit.token_nonce.startswith(_NONCE_PREFIX) else f"{visit.pk}.{visit.token_nonce}"
    return salted_hmac(f"visits.{purpose}", nonce, algorithm="sha256").hexdigest()


def draft_token(draft: SavedDraft) -> str:
    """The token that opens a saved request (256 bits, safe in an address)."""
    return salted_hmac("visits.draft", f"{draft.pk}.{draft.token_nonce}", algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def make_tokens(visit: Visit) -> None:
    """Give a visit new tokens for both purposes; its row is not saved."""
    visit.token_nonce = new_nonce()
    visit.token_hash = hash_of(token_for(visit, STATUS))
    visit.confirm_hash = hash_of(token_for(visit, CONFIRM))


def assign_tokens(visit: Visit) -> None:
    """Give a saved visit new tokens for both purposes and write their hashes."""
    make_tokens(visit)
    visit.save(update_fields=["token_nonce", "token_hash", "confirm_hash"])


def visit_by_token(token: str, purpose: str) -> Visit | None:
    """The visit that a token opens, or None."""
    field = "confirm_hash" if purpose == CONFIRM else "token_hash"
    return Visit.objects.select_related("programme", "slot", "region__parent").filter(**{field: hash_of(token)}).first()
