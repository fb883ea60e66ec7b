"""The site's keys, one for each purpose, so that one can be replaced without the others.

``SECRET_KEY`` is Django's: sessions, CSRF, password resets. ``SIGNING_KEY`` makes secret links and the proofs of credentials.
``ENCRYPTION_KEY`` encrypts personal numbers in the database. Each has a list of older ones (``…_FALLBACKS``) that are only read with.
"""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.dispatch import Signal
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES = ("SECRET_KEY", "SIGNING_KEY", "ENCRYPTION_KEY")

rotating = Signal()
"""Sent by ``manage.py rotate_keys`` with ``renew`` (whether links of older keys get new ones); receivers return a list of Count."""


class WrongKey(Exception):
    """Something stored was made with a key that the site does not have; ``str()`` says which setting to look at."""

    def __init__(self, setting: str, message: Promise):
        self.setting, self.message = setting, message
        super().__init__(setting)

    def __str__(self) -> str:
        return str(self.message) % {"setting": self.setting}


class Count:
    """How many stored values of a kind were made with which keys.

    Attributes:
        what: kind of values, for the operator.
        current: made with the present key, before or by this run.
        moved: those of them that this run moved from an older key.
        older: made with an older key that is still listed.
        unreadable: made with a key that the site does not have.
    """

    def __init__(self, what: str):
        self.what, self.current, self.moved, self.older, self.unreadable = what, 0, 0, 0, 0


def signing_keys() -> tuple[str, ...]:
    """The present key and the older ones."""
    return (settings.SIGNING_KEY, *settings.SIGNING_KEY_FALLBACKS)


def wrong_signing_key() -> WrongKey:
    """To be raised if no key makes the link whose hash is stored."""
    return WrongKey(
        "SIGNING_KEY", _("This link was made with a key that the site does not have. Put that key back into %(setting)s or its FALLBACKS.")
    )


def encrypt(text: str) -> str:
    """The text encrypted with the present key (Fernet: AES-128-CBC with HMAC)."""
    return _cipher(_encryption_keys()).encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """The text of :func:`encrypt`, made with the present or an older key.

    Raises:
        WrongKey: no key opens it.
    """
    try:
        return _cipher(_encryption_keys()).decrypt(encrypted.encode()).decode()
    except InvalidToken as error:
        raise WrongKey(
            "ENCRYPTION_KEY",
            _("A stored value can't be read: it was encrypted with a key that the site does not have. Put that key back into %(setting)s."),
        ) from error


def is_of_present_key(encrypted: str) -> bool:
    """Whether the present key opens it."""
    try:
        _cipher(_encryption_keys()[:1]).decrypt(encrypted.encode())
    except InvalidToken:
        return False
    return True


def fingerprint(key: str) -> str:
    """A short name for a key that tells nothing about it, so that two installations can be compared."""
    return hashlib.sha256(b"knowledge-hub key " + key.encode()).hexdigest()[:12]


def _encryption_keys() -> tuple[str, ...]:
    return (settings.ENCRYPTION_KEY, *settings.ENCRYPTION_KEY_FALLBACKS)


@lru_cache(maxsize=8)
def _cipher(secrets: tuple[str, ...]) -> MultiFernet:
    def fernet(secret: str) -> Fernet:
        key = HKDF(SHA256(), length=32, salt=None, info=b"knowledge-hub.encrypted-text").derive(secret.encode())
        return Fernet(base64.urlsafe_b64encode(key))

    return MultiFernet([fernet(secret) for secret in secrets])
