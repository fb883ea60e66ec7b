"""The second factor of an account: codes of an authenticator app (TOTP, RFC 6238) and recovery codes."""

import base64
import os
import secrets
import time

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from wagtail.log_actions import log

from knowledge_hub.core import rate_limits
from knowledge_hub.models import User
from knowledge_hub.models.accounts import SecondFactor, Session

ATTEMPTS = rate_limits.declare("second factor", per_subject=10, per_address=60, per_network=300)

STEP = 30
DRIFT = (0, -1, 1)
"""Codes of these steps are taken too, because clocks of phones differ."""
RECOVERY_CODES = 10


class TooManyAttempts(Exception):
    """The budget of attempts is spent; right codes are refused too."""


def new_secret() -> str:
    """A random secret for an app, as apps take it: base32 without padding."""
    return base64.b32encode(os.urandom(20)).decode()


def address_for_apps(secret: str, username: str) -> str:
    """The otpauth address that an app reads from a QR code."""
    return _totp(secret).get_provisioning_uri(username, settings.WAGTAIL_SITE_NAME)


def check(user: User, secret: str, code: str, *, client: str) -> bool:
    """Whether a code of the app is right and was not used before; counts the attempt, in one query.

    Raises:
        TooManyAttempts: of this account or from this network.
    """
    step = _step_of(secret, code)
    counters = list(ATTEMPTS.counters(client, user.pk))
    if not rate_limits.spend_all(counters if step is None else [*counters, (f"used code|{user.pk}|{secret}|{step}", 1)]):
        raise TooManyAttempts
    return step is not None


def check_any(user: User, code: str, *, client: str) -> bool:
    """As check(), for the user's own app; a recovery code is taken too, and used up.

    Raises:
        TooManyAttempts: of this account or from this network.
        knowledge_hub.core.keys.WrongKey: the secret can't be decrypted.
    """
    return check(user, user.second_factor.secret, code, client=client) or _use_recovery_code(user, code)


@transaction.atomic
def set_up(user: User, secret: str) -> list[str]:
    """Give an account its app; returns recovery codes, which are shown once. An app that it had is replaced."""
    codes = _new_codes()
    SecondFactor.objects.update_or_create(user=user, defaults={"secret": secret, "recovery_codes": _hashes(user, codes)})
    log(instance=user, action="knowledge_hub.second_factor_set_up", user=user)
    return codes


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """New recovery codes; the former ones are void."""
    codes = _new_codes()
    SecondFactor.objects.filter(user=user).update(recovery_codes=_hashes(user, codes))
    log(instance=user, action="knowledge_hub.recovery_codes_renewed", user=user)
    return codes


@transaction.atomic
def remove(user: User, *, by: User | None) -> bool:
    """Take the second factor away and, if somebody else does so, end all sessions; returns whether there was one."""
    removed, _models = SecondFactor.objects.filter(user=user).delete()
    if by != user:
        Session.objects.filter(user=user).delete()
    if removed:
        log(instance=user, action="knowledge_hub.second_factor_removed", user=by)
    return bool(removed)


def _totp(secret: str) -> TOTP:
    # SHA-1 and six digits are what all apps know; some ignore other values and then give wrong codes.
    return TOTP(base64.b32decode(secret), 6, SHA1(), STEP)  # noqa: S303 -- HMAC-SHA-1 is not affected by collisions (RFC 6238)


def _step_of(secret: str, code: str) -> int | None:
    """The number of the time step whose code was given; None if it is no code of now."""
    digits = code.replace(" ", "").encode()
    if len(digits) != 6:
        return None
    now = int(time.time()) // STEP
    return next((now + drift for drift in DRIFT if bytes_eq(_totp(secret).generate((now + drift) * STEP), digits)), None)


def _new_codes() -> list[str]:
    """Codes of 50 random bits, in the letters of base32, which are hard to confuse."""
    texts = [base64.b32encode(secrets.token_bytes(10)).decode()[:10].lower() for _ in range(RECOVERY_CODES)]
    return [f"{text[:5]}-{text[5:]}" for text in texts]


def _hashes(user: User, codes: list[str]) -> list[str]:
    return [_hash(user, code) for code in codes]


def _hash(user: User, code: str) -> str:
    plain = code.strip().lower().replace("-", "").replace(" ", "")
    return salted_hmac("knowledge_hub.recovery_code", f"{user.pk}|{plain}", algorithm="sha256").hexdigest()


@transaction.atomic
def _use_recovery_code(user: User, code: str) -> bool:
    if not code.strip() or code.strip().isdigit():
        return False
    factor = SecondFactor.objects.select_for_update().get(user=user)
    hashed = _hash(user, code)
    if hashed not in factor.recovery_codes:
        return False
    factor.recovery_codes = [left for left in factor.recovery_codes if left != hashed]
    factor.save(update_fields=["recovery_codes"])
    log(instance=user, action="knowledge_hub.recovery_code_used", user=user)
    return True
