"""Security keys and passkeys (WebAuthn) in place of the code of an app. The protocol is python-fido2's.

Who has an app may add keys; app and recovery codes stay for the day without the key. Between the two requests nothing is stored: the form
carries the challenge, signed. An answer works once, because its challenge is counted with the attempts.
"""

import base64
import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import AttestedCredentialData, PublicKeyCredentialRpEntity, PublicKeyCredentialUserEntity, UserVerificationRequirement
from wagtail.log_actions import log

from knowledge_hub.accounts import second_factor
from knowledge_hub.core import rate_limits
from knowledge_hub.models import User
from knowledge_hub.models.accounts import SecondFactor

MOST = 5
"""Keys of one account."""


def is_possible() -> bool:
    """Whether the site's address can have keys: browsers know them by host name, not by address."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    return not host.replace(".", "").isdigit() and ":" not in host


def begin_adding(user: User, factor: SecondFactor) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser needs to make a key, and the state that must come back with it."""
    entity = PublicKeyCredentialUserEntity(id=str(user.pk).encode(), name=user.get_username(), display_name=str(user))
    options, state = _server().register_begin(entity, _credentials(factor), user_verification=UserVerificationRequirement.PREFERRED)
    return dict(options), state


@transaction.atomic
def add(user: User, state: dict[str, Any], answer: str, *, name: str) -> bool:
    """Keep a key that the browser made; False if the answer is not right, or there are too many keys."""
    try:
        made = _server().register_complete(state, json.loads(answer)).credential_data
    except (ValueError, KeyError, TypeError):
        return False
    factor = SecondFactor.objects.select_for_update().get(user=user)
    if made is None or len(factor.keys) >= MOST or made.credential_id in {known.credential_id for known in _credentials(factor)}:
        return False
    factor.keys = [*factor.keys, {"name": name.strip()[:60], "credential": base64.b64encode(made).decode()}]
    factor.save(update_fields=["keys"])
    log(instance=user, action="knowledge_hub.security_key_added", user=user)
    return True


@transaction.atomic
def remove(user: User, number: int) -> bool:
    """Remove a key by its place in the list; returns whether it was there."""
    factor = SecondFactor.objects.select_for_update().get(user=user)
    if not 0 <= number < len(factor.keys):
        return False
    factor.keys = [key for place, key in enumerate(factor.keys) if place != number]
    factor.save(update_fields=["keys"])
    log(instance=user, action="knowledge_hub.security_key_removed", user=user)
    return True


def begin_sign_in(factor: SecondFactor) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser needs to ask a key of the account, and the state that must come back with the answer."""
    options, state = _server().authenticate_begin(_credentials(factor), user_verification=UserVerificationRequirement.PREFERRED)
    return dict(options), state


def check(user: User, state: dict[str, Any], answer: str, *, client: str) -> bool:
    """Whether a key of the account answered this challenge, for the first time; counts the attempt, in one query.

    Raises:
        second_factor.TooManyAttempts: of this account or from this network.
    """
    counters = [*second_factor.ATTEMPTS.counters(client, user.pk), (f"used challenge|{state.get('challenge')}", 1)]
    if not rate_limits.spend_all(counters):
        raise second_factor.TooManyAttempts
    try:
        _server().authenticate_complete(state, _credentials(user.second_factor), json.loads(answer))
    except (ValueError, KeyError, TypeError):
        return False
    return True


def _server() -> Fido2Server:
    parts = urlsplit(settings.SITE_URL)
    site = PublicKeyCredentialRpEntity(id=parts.hostname or "", name=settings.WAGTAIL_SITE_NAME)
    return Fido2Server(site, verify_origin=lambda origin: origin == f"{parts.scheme}://{parts.netloc}")


def _credentials(factor: SecondFactor) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(base64.b64decode(key["credential"])) for key in factor.keys]
